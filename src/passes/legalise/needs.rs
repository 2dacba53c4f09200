//! Which operations a target needs to have expressed by others.
//!
//! LLVM is asked: it generates code, for the very machine of the compilation, of one small function
//! for each operation. What that function calls must be in the table of the runtime's loader.

use std::collections::HashSet;

use inkwell::memory_buffer::MemoryBuffer;
use object::{Object as _, ObjectSection as _, ObjectSymbol as _, RelocationTarget};

use crate::abi::runtime_symbols::runtime_symbols;
use crate::codegen::ReportingContext;
use crate::options::OptLevel;
use crate::passes::PassError;
use crate::target::Target;

/// Something that some target's LLVM code generator leaves to a function that its loader does not
/// know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    F32Less,
    F32ToI32,
    F32ToU32,
    I32ToF32,
    U32ToF32,
    I64ShiftRight,
    I64DivS,
    I64DivU,
    I64RemS,
    I64RemU,
    F32ToI64,
    F32ToU64,
    F64ToI64,
    F64ToU64,
    I64ToF32,
    U64ToF32,
    I64ToF64,
    U64ToF64,
}

/// Each operation: result, parameters, what computes it.
const OPERATIONS: &[(Operation, &str, &str, &str)] = &[
    (
        Operation::F32Less,
        "i1",
        "float %a, float %b",
        "fcmp olt float %a, %b",
    ),
    (
        Operation::F32ToI32,
        "i32",
        "float %a",
        "fptosi float %a to i32",
    ),
    (
        Operation::F32ToU32,
        "i32",
        "float %a",
        "fptoui float %a to i32",
    ),
    (
        Operation::I32ToF32,
        "float",
        "i32 %a",
        "sitofp i32 %a to float",
    ),
    (
        Operation::U32ToF32,
        "float",
        "i32 %a",
        "uitofp i32 %a to float",
    ),
    (
        Operation::I64ShiftRight,
        "i64",
        "i64 %a, i64 %b",
        "ashr i64 %a, %b",
    ),
    (
        Operation::I64DivS,
        "i64",
        "i64 %a, i64 %b",
        "sdiv i64 %a, %b",
    ),
    (
        Operation::I64DivU,
        "i64",
        "i64 %a, i64 %b",
        "udiv i64 %a, %b",
    ),
    (
        Operation::I64RemS,
        "i64",
        "i64 %a, i64 %b",
        "srem i64 %a, %b",
    ),
    (
        Operation::I64RemU,
        "i64",
        "i64 %a, i64 %b",
        "urem i64 %a, %b",
    ),
    (
        Operation::F32ToI64,
        "i64",
        "float %a",
        "fptosi float %a to i64",
    ),
    (
        Operation::F32ToU64,
        "i64",
        "float %a",
        "fptoui float %a to i64",
    ),
    (
        Operation::F64ToI64,
        "i64",
        "double %a",
        "fptosi double %a to i64",
    ),
    (
        Operation::F64ToU64,
        "i64",
        "double %a",
        "fptoui double %a to i64",
    ),
    (
        Operation::I64ToF32,
        "float",
        "i64 %a",
        "sitofp i64 %a to float",
    ),
    (
        Operation::U64ToF32,
        "float",
        "i64 %a",
        "uitofp i64 %a to float",
    ),
    (
        Operation::I64ToF64,
        "double",
        "i64 %a",
        "sitofp i64 %a to double",
    ),
    (
        Operation::U64ToF64,
        "double",
        "i64 %a",
        "uitofp i64 %a to double",
    ),
];

/// What has to be expressed otherwise for one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// `llvm.minimum` and `llvm.maximum`.
    pub(super) minimum: bool,
    pub(super) operations: HashSet<Operation>,
    /// The C calling convention sign-extends `i32`.
    pub(super) extends_i32: bool,
}

impl Needs {
    pub fn of(target: &Target) -> Result<Needs, PassError> {
        let operations = if target.calls_library() {
            unresolved(target)?
        } else {
            HashSet::new()
        };
        Ok(Needs {
            minimum: !target.minimum(),
            operations,
            extends_i32: target.extends_i32(),
        })
    }
}

/// The operations whose code calls something that the loader does not resolve.
fn unresolved(target: &Target) -> Result<HashSet<Operation>, PassError> {
    let failed = |reason: &dyn std::fmt::Display| PassError(format!("probing: {reason}"));
    let text: String = OPERATIONS
        .iter()
        .enumerate()
        .map(|(number, (_, result, params, computation))| {
            format!(
                "define {result} @probe{number}({params}) nounwind section \".text.{number}\" {{\n\
                 %r = {computation}\nret {result} %r\n}}\n"
            )
        })
        .collect();
    let machine = target
        .machine(OptLevel::O2)
        .map_err(|error| failed(&error))?;
    let reporting = ReportingContext::default();
    let buffer = MemoryBuffer::create_from_memory_range_copy(text.as_bytes(), "probes");
    let module = reporting
        .context()
        .create_module_from_ir(buffer)
        .map_err(|error| failed(&error))?;
    module.set_triple(&machine.get_triple());
    module.set_data_layout(&machine.get_target_data().get_data_layout());
    let object = reporting
        .generate(&module, &machine)
        .map_err(|error| failed(&error))?;
    let file = object::File::parse(&*object.elf).map_err(|error| failed(&error))?;

    let known: HashSet<&str> = runtime_symbols(target.arch())
        .chain(LINKER_SYMBOLS.iter().copied())
        .collect();
    let mut unresolved = HashSet::new();
    for section in file.sections() {
        let number = section
            .name()
            .ok()
            .and_then(|name| name.rsplit('.').next()?.parse::<usize>().ok());
        let Some((operation, ..)) = number.and_then(|number| OPERATIONS.get(number)) else {
            continue;
        };
        let calls_unknown = section.relocations().any(|(_, relocation)| {
            let RelocationTarget::Symbol(index) = relocation.target() else {
                return false;
            };
            file.symbol_by_index(index).is_ok_and(|symbol| {
                symbol.is_undefined() && symbol.name().is_ok_and(|name| !known.contains(name))
            })
        });
        if calls_unknown {
            unresolved.insert(*operation);
        }
    }
    Ok(unresolved)
}

/// Names that our linker defines; the null symbol has none.
const LINKER_SYMBOLS: &[&str] = &["", "_GLOBAL_OFFSET_TABLE_", "_gp_disp"];

#[cfg(test)]
mod tests {
    use Operation::*;

    use super::*;
    use crate::options::TargetOptions;

    fn operations(arch: &str, abi: Option<&str>, cpu: Option<&str>) -> HashSet<Operation> {
        let target = Target::resolve(&TargetOptions {
            arch: Some(arch.to_owned()),
            abi: abi.map(str::to_owned),
            cpu: cpu.map(str::to_owned),
            cpu_features: None,
        });
        Needs::of(&target.unwrap()).unwrap().operations
    }

    #[test]
    fn what_loaders_do_not_know() {
        assert_eq!(
            operations("thumbv7m", None, None),
            HashSet::from([F32ToU32])
        );
        assert_eq!(
            operations("thumbv6m", None, None),
            HashSet::from([F32ToU32, I64ShiftRight])
        );
        assert_eq!(
            operations("thumbv7em", Some("eabihf"), Some("cortex-m4")),
            HashSet::new()
        );
        assert_eq!(
            operations("riscv32", Some("ilp32"), None),
            HashSet::from([F32Less, F32ToI32, I32ToF32, U32ToF32])
        );
        assert_eq!(operations("riscv32", None, None), HashSet::new());
        assert_eq!(operations("i386", None, None), HashSet::new());
        assert_eq!(
            operations("mipsel", None, None),
            HashSet::from([
                I64DivS, I64DivU, I64RemS, I64RemU, F32ToI64, F32ToU64, F64ToI64, F64ToU64,
                I64ToF32, U64ToF32, I64ToF64, U64ToF64
            ])
        );
    }
}
