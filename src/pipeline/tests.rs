//! Code generation for every target there is.

use object::{Architecture, Object as _};

use super::*;
use crate::options::TargetOptions;
use crate::target::{Arch, Endianness, PointerWidth, supported_names};

/// A bit of everything but vectors, threads and tail calls.
const MODULE: &str = include_str!("tests/everything.wat");

fn resolve(name: &str) -> Target {
    let options = TargetOptions {
        arch: Some(name.to_owned()),
        ..TargetOptions::default()
    };
    Target::resolve(&options).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn objects(module: &Module<'_>, target: &Target, options: &Options) -> Vec<PartitionObject> {
    let env = environment(module, target, options);
    let needs = Needs::of(target).unwrap();
    partition(module)
        .iter()
        .enumerate()
        .map(|(number, functions)| {
            compile_partition(&env, functions, number == 0, target, &needs, options)
                .unwrap_or_else(|error| panic!("{}: {error}", target.name()))
        })
        .collect()
}

#[test]
fn every_target_has_objects_of_its_machine() {
    let wasm = wat::parse_str(MODULE).unwrap();
    let module = crate::wasm::parse(&wasm, &Default::default()).unwrap();
    for name in supported_names() {
        let target = resolve(&name);
        for opt_level in [OptLevel::O0, OptLevel::O3] {
            let options = Options {
                opt_level,
                ..Options::default()
            };
            for object in objects(&module, &target, &options) {
                let file = object::File::parse(&*object.elf).unwrap();
                let architecture = match target.arch() {
                    Arch::X86_64 => Architecture::X86_64,
                    Arch::X86 => Architecture::I386,
                    Arch::Aarch64 => Architecture::Aarch64,
                    Arch::Arm | Arch::Thumb => Architecture::Arm,
                    Arch::Riscv32 => Architecture::Riscv32,
                    Arch::Riscv64 => Architecture::Riscv64,
                    Arch::Xtensa => Architecture::Xtensa,
                    Arch::Mips => Architecture::Mips,
                    Arch::Arc => unreachable!("there is no code for it"),
                };
                assert_eq!(file.architecture(), architecture, "{name}");
                assert_eq!(
                    file.is_64(),
                    target.pointer_width() == PointerWidth::Bits64,
                    "{name}"
                );
                assert_eq!(
                    file.is_little_endian(),
                    target.endianness() == Endianness::Little,
                    "{name}"
                );
                assert!(!object.frame_sizes.is_empty(), "{name}");
            }
        }
    }
}
