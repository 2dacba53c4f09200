//! Compiles small probes to find out how LLVM generates code for a target machine.

use inkwell::context::Context;
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::targets::FileType;
use object::{
    FileFlags, Object as _, ObjectSection as _, ObjectSymbol as _, RelocationFlags, SymbolKind, elf,
};

use super::machine::{MachineError, MachineSpec};
use crate::options::OptLevel;

/// Facts about the code for a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers {
    /// The `e_flags` of its objects.
    pub elf_flags: u32,
    /// How many bytes longer an unaligned access of four bytes is than an aligned one. Zero if the processor
    /// allows unaligned accesses.
    pub unaligned_overhead: u64,
    /// Whether the code is Thumb. LLVM generates Thumb for Arm processors that have nothing else. The lowest
    /// bit of a function's address says so (Arm ELF ABI).
    pub is_thumb: bool,
    /// Whether a tail call of an Arm target is a jump. If no jump reaches every function, LLVM calls and
    /// returns instead.
    pub jumps: bool,
    /// Whether floats pass in floating-point registers. On Arm, LLVM requires a processor with these
    /// registers, whatever the ABI's name. The probe `@float` is then longer: it moves its value to one.
    pub floats_in_float_registers: bool,
}

const ACCESSES: &str = "
    define void @aligned(ptr %p, i32 %x) { store i32 %x, ptr %p, align 4 ret void }
    define void @unaligned(ptr %p, i32 %x) { store i32 %x, ptr %p, align 1 ret void }
    define i32 @integer(i32 %x) { ret i32 %x }
    define float @float(i32 %x) { %f = bitcast i32 %x to float ret float %f }
";

const JUMP: &str = "
    declare void @g()
    define void @f() { tail call void @g() ret void }
";

/// Asks LLVM about `machine`. `is_arm`: whether the machine is a 32-bit Arm; only then [`Answers::jumps`] is
/// valid.
pub fn ask(machine: &MachineSpec, is_arm: bool) -> Result<Answers, MachineError> {
    let object = compile(
        machine,
        &[ACCESSES, if is_arm { JUMP } else { "" }].concat(),
    )?;
    let file = object::File::parse(&*object).map_err(|error| machine.failed(error.to_string()))?;
    let size = |name| file.symbol_by_name(name).map_or(0, |symbol| symbol.size());
    let mut functions = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text);
    let mut relocations = file.sections().flat_map(|section| section.relocations());
    Ok(Answers {
        elf_flags: match file.flags() {
            FileFlags::Elf { e_flags, .. } => e_flags.0,
            _ => 0,
        },
        unaligned_overhead: size("unaligned").saturating_sub(size("aligned")),
        is_thumb: is_arm && functions.any(|symbol| symbol.address() & 1 != 0),
        jumps: relocations.any(|(_, relocation)| {
            let RelocationFlags::Elf { r_type } = relocation.flags() else {
                return false;
            };
            is_arm && [elf::R_ARM_JUMP24, elf::R_ARM_THM_JUMP24].contains(&r_type)
        }),
        floats_in_float_registers: size("float") > size("integer"),
    })
}

/// Operations that LLVM compiles to one instruction each if the processor has it, and to longer code if not.
const X86_VECTORS: &str = "
    declare <4 x float> @llvm.fma.v4f32(<4 x float>, <4 x float>, <4 x float>)
    declare <4 x i32> @llvm.abs.v4i32(<4 x i32>, i1)
    declare <4 x float> @llvm.floor.v4f32(<4 x float>)
    define <4 x float> @fma(<4 x float> %a, <4 x float> %b, <4 x float> %c) {
      %r = call <4 x float> @llvm.fma.v4f32(<4 x float> %a, <4 x float> %b, <4 x float> %c)
      ret <4 x float> %r
    }
    define <4 x i32> @abs(<4 x i32> %a) {
      %r = call <4 x i32> @llvm.abs.v4i32(<4 x i32> %a, i1 false)
      ret <4 x i32> %r
    }
    define <4 x float> @floor(<4 x float> %a) {
      %r = call <4 x float> @llvm.floor.v4f32(<4 x float> %a)
      ret <4 x float> %r
    }
    define <4 x i32> @unsigned(<4 x float> %a) {
      %r = fptoui <4 x float> %a to <4 x i32>
      ret <4 x i32> %r
    }
";

/// Returns assembly in which the mnemonics of these instructions occur if the x86 processor of `machine` has them:
/// `vfmadd…`, `pabsd` (SSSE3), `roundps` (SSE4.1), and `vcvttps2udq` on a register of 128 bits (AVX-512VL).
pub fn x86_vector_instructions(machine: &MachineSpec) -> Result<String, MachineError> {
    let assembly = compile_to(machine, X86_VECTORS, FileType::Assembly)?;
    Ok(String::from_utf8_lossy(&assembly).into_owned())
}

/// Returns the object that LLVM makes of `ir`.
fn compile(spec: &MachineSpec, ir: &str) -> Result<Vec<u8>, MachineError> {
    compile_to(spec, ir, FileType::Object)
}

fn compile_to(spec: &MachineSpec, ir: &str, kind: FileType) -> Result<Vec<u8>, MachineError> {
    let machine = spec.create(OptLevel::O2)?;
    let context = Context::create();
    let ir = format!("{ir}\0");
    let buffer = MemoryBuffer::create_from_memory_range_copy(ir.as_bytes(), "probe");
    let module = context
        .create_module_from_ir(buffer)
        .map_err(|message| spec.failed(message.to_string()))?;
    module.set_triple(&machine.get_triple());
    module.set_data_layout(&machine.get_target_data().get_data_layout());
    let object = machine
        .write_to_memory_buffer(&module, kind)
        .map_err(|message| spec.failed(message.to_string()))?;
    Ok(object.as_slice().to_vec())
}
