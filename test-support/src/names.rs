//! Finds out which names of targets mean the same target.

use wasmelt::options::TargetOptions;
use wasmelt::targets::Target;

/// Groups `names` by target, in their order. Returns each target with its names, of which there is at
/// least one. Two names share a group if code for their targets is the same; microcontrollers, for
/// example, have names with `arm…` and with `thumb…`.
///
/// # Panics
///
/// If a name is not the name of a target.
pub fn distinct(names: Vec<String>) -> Vec<(Target, Vec<String>)> {
    let mut targets: Vec<(Target, Vec<String>)> = Vec::new();
    for name in names {
        let target = resolve(&name);
        let same = |other: &Target| {
            (
                &target.machine,
                target.abi,
                target.pointer_width,
                target.elf_machine,
            ) == (
                &other.machine,
                other.abi,
                other.pointer_width,
                other.elf_machine,
            )
        };
        match targets.iter_mut().find(|(other, _)| same(other)) {
            Some((_, names)) => names.push(name),
            None => targets.push((target, vec![name])),
        }
    }
    targets
}

/// Returns the target that `--target=name` means, with its default CPU and ABI.
///
/// # Panics
///
/// If `name` is not the name of a target.
pub fn resolve(name: &str) -> Target {
    let options = TargetOptions {
        arch: Some(name.to_owned()),
        ..TargetOptions::default()
    };
    Target::resolve(&options).unwrap_or_else(|error| panic!("{name}: {error}"))
}
