//! Finds the operations that the processor lacks: LLVM calls a function of a support library for them.
//!
//! No table of processors has this knowledge, so the pass asks LLVM. LLVM generates code, for the target
//! machine of the compilation, of one small function per intrinsic, each in its own section. If the section
//! refers to an undefined symbol, the processor lacks the operation.

use std::collections::HashSet;

use inkwell::memory_buffer::MemoryBuffer;
use inkwell::targets::TargetMachine;
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};
use runtime_intrinsics::{CType, INTRINSICS, Intrinsic, Selection, Signature};

use crate::llvm::ObjectWriter;
use crate::llvm::ReportingContext;
use crate::options::OptLevel;
use crate::passes::{PassError, adapt_to_object_writer};

/// The operations that a processor has and lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hardware {
    /// The intrinsics for whose operations LLVM would call a function.
    pub missing: Selection,
    /// The intrinsics of `missing` for which the runtime's loader does not know the function that LLVM
    /// calls.
    pub unloadable: Selection,
    /// Whether LLVM divides 32 or 64 bits by a constant without a function, by multiplying.
    pub constant_division: [bool; 2],
    /// Whether 32-bit integers can be multiplied; the table of intrinsics has no function for it.
    pub multiplication: bool,
    /// Whether LLVM compiles `llvm.ctlz` of a nonzero operand without a function. Some processors have code
    /// only for the general case.
    pub zeros_of_nonzero: bool,
}

impl Hardware {
    /// A processor that has all operations.
    pub const COMPLETE: Hardware = Hardware {
        missing: Selection::NONE,
        unloadable: Selection::NONE,
        constant_division: [true; 2],
        multiplication: true,
        zeros_of_nonzero: true,
    };

    /// Asks LLVM about the processor of `machine`, for code that is compiled at `level`. `loadable` are the
    /// functions that the runtime's loader knows.
    pub fn of(
        machine: &TargetMachine,
        objects: ObjectWriter,
        loadable: &HashSet<&str>,
        level: OptLevel,
    ) -> Result<Hardware, PassError> {
        // Where size counts, LLVM also calls functions that round floats, and in the smallest code a division
        // stays one, as it is shorter. A call that was outlined would be in no probe.
        let attributes = match level {
            OptLevel::Oz => "minsize optsize \"nooutline\" SECTION",
            OptLevel::Os => "optsize SECTION",
            _ => "SECTION",
        };
        let further = [
            CONSTANT_DIVISION_32,
            CONSTANT_DIVISION_64,
            MULTIPLICATION,
            ZEROS_OF_NONZERO,
        ];
        let probes: Vec<String> = INTRINSICS
            .iter()
            .map(|row| match row.signature() {
                Some(signature) => plain(row, signature),
                // Constants need no function anywhere.
                None => "define void @NAME() SECTION { ret void }".to_owned(),
            })
            .chain(further.map(str::to_owned))
            .map(|probe| probe.replace("SECTION", attributes))
            .collect();
        let calls = calls(machine, objects, &probes)?;
        let mut hardware = Hardware::COMPLETE;
        for (row, names) in INTRINSICS.iter().zip(&calls) {
            if !names.is_empty() {
                hardware.missing.insert(row);
            }
            if names.iter().any(|name| !loadable.contains(name.as_str())) {
                hardware.unloadable.insert(row);
            }
        }
        // LLVM multiplies by the reciprocal of a constant, if that is exact, instead of dividing.
        for (product, quotient) in [("f32.mul", "f32.div"), ("f64.mul", "f64.div")] {
            if hardware.unloadable.contains(product)
                && let Some(row) = runtime_intrinsics::find(quotient)
            {
                hardware.unloadable.insert(row);
            }
        }
        let further = &calls[INTRINSICS.len()..];
        hardware.constant_division = [further[0].is_empty(), further[1].is_empty()];
        hardware.multiplication = further[2].is_empty();
        hardware.zeros_of_nonzero = further[3].is_empty();
        // LLVM itself finds that an operand is not zero: a choice between two constants, say.
        if let Some(row) = runtime_intrinsics::find("i32.clz") {
            if !further[3].is_empty() {
                hardware.missing.insert(row);
            }
            if further[3]
                .iter()
                .any(|name| !loadable.contains(name.as_str()))
            {
                hardware.unloadable.insert(row);
            }
        }
        Ok(hardware)
    }
}

const CONSTANT_DIVISION_32: &str = "define i32 @NAME(i32 %a) SECTION {
    %q = udiv i32 %a, 10
    %r = sdiv i32 %q, 7
    ret i32 %r
}";
const CONSTANT_DIVISION_64: &str = "define i64 @NAME(i64 %a) SECTION {
    %q = udiv i64 %a, 10
    %r = sdiv i64 %q, 7
    ret i64 %r
}";

const MULTIPLICATION: &str = "define i32 @NAME(i32 %a, i32 %b) SECTION {
    %r = mul i32 %a, %b
    ret i32 %r
}";
const ZEROS_OF_NONZERO: &str = "define i32 @NAME(i32 %a) SECTION {
    %r = call i32 @llvm.ctlz.i32(i32 %a, i1 true)
    ret i32 %r
}";

/// The conditions of WebAssembly's comparisons of floats, and the condition of a NaN.
const CONDITIONS: [&str; 7] = ["oeq", "une", "olt", "ogt", "ole", "oge", "uno"];

fn llvm_type(ty: CType) -> &'static str {
    match ty {
        CType::I32 | CType::U32 => "i32",
        CType::I64 | CType::U64 => "i64",
        CType::F32 => "float",
        CType::F64 => "double",
    }
}

/// Returns a function in plain IR for the operation of an intrinsic.
fn plain(row: &Intrinsic, signature: &Signature) -> String {
    let instruction = row.instructions[0];
    let (ty, operation) = instruction.split_once('.').unwrap_or(("", instruction));
    let result = llvm_type(signature.result);
    let first = llvm_type(signature.params[0]);
    let overload = match ty {
        "f32" | "f64" | "i32" | "i64" => ty,
        _ => unreachable!("every row computes an instruction of a number type"),
    };
    let call = |name: &str, further: &str| {
        format!("call {result} @llvm.{name}.{overload}({first} %a{further})")
    };
    let float = ty.starts_with('f');
    let body = match operation {
        "add" => format!("fadd {first} %a, %b"),
        "sub" => format!("fsub {first} %a, %b"),
        "mul" if float => format!("fmul {first} %a, %b"),
        "div" => format!("fdiv {first} %a, %b"),
        "mul" => format!("mul {first} %a, %b"),
        "div_s" => format!("sdiv {first} %a, %b"),
        "div_u" => format!("udiv {first} %a, %b"),
        "rem_s" => format!("srem {first} %a, %b"),
        "rem_u" => format!("urem {first} %a, %b"),
        "and" => format!("and {first} %a, %b"),
        "or" => format!("or {first} %a, %b"),
        "shl" => format!("shl {first} %a, %b"),
        "shr_s" => format!("ashr {first} %a, %b"),
        "shr_u" => format!("lshr {first} %a, %b"),
        "clz" => call("ctlz", ", i1 false"),
        "ctz" => call("cttz", ", i1 false"),
        "popcnt" => call("ctpop", ""),
        "abs" => call("fabs", ""),
        "nearest" => call("rint", ""),
        "ceil" | "floor" | "trunc" | "sqrt" => call(operation, ""),
        "copysign" => call(operation, &format!(", {first} %b")),
        // LLVM cannot generate `llvm.minimum` everywhere; `expand` makes it of comparisons.
        "min" | "max" => {
            return format!(
                "define {first} @NAME({first} %a, {first} %b) SECTION {{
                    %c = fcmp olt {first} %a, %b
                    %r = select i1 %c, {first} %a, {first} %b
                    ret {first} %r
                }}"
            );
        }
        // The comparison: its first parameter is the condition. Each condition can be a function of its own,
        // also because LLVM turns conditions around.
        "eq" => {
            let operand = llvm_type(signature.params[1]);
            let compare = |condition| format!("%{condition} = fcmp {condition} {operand} %a, %b\n");
            let comparisons: String = CONDITIONS.into_iter().map(compare).collect();
            let all: String = CONDITIONS
                .windows(2)
                .map(|pair| format!("%all_{} = xor i1 %all_{}, %{}\n", pair[1], pair[0], pair[1]))
                .collect();
            return format!(
                "define i1 @NAME({operand} %a, {operand} %b) SECTION {{
                    {comparisons}
                    %all_oeq = xor i1 %oeq, false
                    {all}
                    ret i1 %all_uno
                }}"
            );
        }
        "promote_f32" => format!("fpext {first} %a to {result}"),
        "demote_f64" => format!("fptrunc {first} %a to {result}"),
        _ => {
            let signed = operation.ends_with("_s");
            let cast = match (float, signed) {
                (true, true) => "sitofp",
                (true, false) => "uitofp",
                (false, true) => "fptosi",
                (false, false) => "fptoui",
            };
            format!("{cast} {first} %a to {result}")
        }
    };
    let params: Vec<String> = signature
        .params
        .iter()
        .zip(["%a", "%b"])
        .map(|(ty, name)| format!("{} {name}", llvm_type(*ty)))
        .collect();
    format!(
        "define {result} @NAME({}) SECTION {{
            %r = {body}
            ret {result} %r
        }}",
        params.join(", ")
    )
}

/// Returns for each of `probes` the undefined symbols in its code.
fn calls(
    machine: &TargetMachine,
    objects: ObjectWriter,
    probes: &[String],
) -> Result<Vec<Vec<String>>, PassError> {
    let mut text: String = probes
        .iter()
        .enumerate()
        .map(|(number, probe)| {
            probe.replace("@NAME", &format!("@probe{number}")).replace(
                "SECTION",
                &format!("nounwind section \".text.probe{number}\""),
            ) + "\n"
        })
        .collect();
    text.push('\0');
    let failed = |reason: &dyn std::fmt::Display| PassError(format!("probing: {reason}"));
    let reporting = ReportingContext::default();
    let buffer = MemoryBuffer::create_from_memory_range_copy(text.as_bytes(), "probes");
    let module = reporting
        .context()
        .create_module_from_ir(buffer)
        .map_err(|error| failed(&error))?;
    module.set_triple(&machine.get_triple());
    module.set_data_layout(&machine.get_target_data().get_data_layout());
    adapt_to_object_writer(&module, objects);
    let object = reporting
        .generate(&module, machine, objects, None)
        .map_err(|error| failed(&error))?;
    let file = object::File::parse(&*object.elf).map_err(|error| failed(&error))?;
    let mut calls = vec![Vec::new(); probes.len()];
    for section in file.sections() {
        let number = section
            .name()
            .ok()
            // Literals, where a processor has them, stand in a section with the same end.
            .and_then(|name| name.rsplit('.').next()?.strip_prefix("probe"))
            .and_then(|number| number.parse::<usize>().ok());
        let Some(found) = number.and_then(|number| calls.get_mut(number)) else {
            continue;
        };
        for (_, relocation) in section.relocations() {
            if let RelocationTarget::Symbol(index) = relocation.target()
                && let Ok(symbol) = file.symbol_by_index(index)
                && let Ok(name) = symbol.name()
                && symbol.is_undefined()
                && !LINKERS.contains(&name)
            {
                found.push(name.to_owned());
            }
        }
    }
    Ok(calls)
}

/// Names that a linker defines; the null symbol has none.
const LINKERS: &[&str] = &["", "_GLOBAL_OFFSET_TABLE_", "_gp_disp", "__gnu_local_gp"];
