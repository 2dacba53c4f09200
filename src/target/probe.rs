//! What LLVM's code generator does for a target, found out by having it compile something.

use inkwell::context::Context;
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::targets::FileType;
use object::read::elf::FileHeader;
use object::{
    Endianness, Object as _, ObjectSection as _, ObjectSymbol as _, RelocationFlags, SymbolKind,
    elf,
};

use super::{Error, PointerWidth, Target};
use crate::options::OptLevel;

/// The `e_flags` of the objects that LLVM writes for `target`.
pub(super) fn elf_flags(target: &Target) -> Result<u32, Error> {
    let object = compile(target, "define void @f() { ret void }\n")?;
    let flags = match target.pointer_width() {
        PointerWidth::Bits32 => flags_of::<elf::FileHeader32<Endianness>>(&object),
        PointerWidth::Bits64 => flags_of::<elf::FileHeader64<Endianness>>(&object),
    };
    flags.map_err(|error| failed(target, error.to_string()))
}

/// Whether the code of an Arm target comes out as Thumb: LLVM sees to it for processors that have
/// nothing else. The lowest bit of a function's address says it (Arm ELF ABI).
pub(super) fn is_thumb(target: &Target) -> Result<bool, Error> {
    let object = compile(target, "define void @f() { ret void }\n")?;
    let file = object::File::parse(&*object).map_err(|error| failed(target, error.to_string()))?;
    let mut functions = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text);
    Ok(functions.any(|symbol| symbol.address() & 1 != 0))
}

/// Whether a tail call of an Arm target is a jump: without one that reaches any function, LLVM calls
/// and returns.
pub(super) fn jumps(target: &Target) -> Result<bool, Error> {
    let ir = "declare void @g()\ndefine void @f() { tail call void @g() ret void }\n";
    let object = compile(target, ir)?;
    let file = object::File::parse(&*object).map_err(|error| failed(target, error.to_string()))?;
    let mut relocations = file.sections().flat_map(|section| section.relocations());
    Ok(relocations.any(|(_, relocation)| {
        let RelocationFlags::Elf { r_type } = relocation.flags() else {
            return false;
        };
        [elf::R_ARM_JUMP24, elf::R_ARM_THM_JUMP24].contains(&r_type)
    }))
}

/// Whether an Arm target passes floats in registers of the floating-point unit. LLVM does so only if
/// the processor has them, whatever the ABI is called; a float then has to be moved to where an
/// integer is already.
pub(super) fn passes_floats_in_float_registers(target: &Target) -> Result<bool, Error> {
    let ir = "define i32 @integer(i32 %x) { ret i32 %x }\n\
              define float @float(i32 %x) { %f = bitcast i32 %x to float ret float %f }\n";
    let object = compile(target, ir)?;
    let file = object::File::parse(&*object).map_err(|error| failed(target, error.to_string()))?;
    let size = |name| file.symbol_by_name(name).map_or(0, |symbol| symbol.size());
    Ok(size("float") > size("integer"))
}

/// How many bytes longer an access of four bytes is where it need not be aligned: zero where the
/// processor does not mind.
pub(super) fn unaligned_overhead(target: &Target) -> Result<u64, Error> {
    let ir = "define void @aligned(ptr %p, i32 %x) { store i32 %x, ptr %p, align 4 ret void }\n\
              define void @unaligned(ptr %p, i32 %x) { store i32 %x, ptr %p, align 1 ret void }\n";
    let object = compile(target, ir)?;
    let file = object::File::parse(&*object).map_err(|error| failed(target, error.to_string()))?;
    let size = |name| file.symbol_by_name(name).map_or(0, |symbol| symbol.size());
    Ok(size("unaligned").saturating_sub(size("aligned")))
}

fn flags_of<Elf: FileHeader<Endian = Endianness>>(object: &[u8]) -> object::read::Result<u32> {
    let header = Elf::parse(object)?;
    Ok(header.e_flags(header.endian()?).0)
}

/// The object that LLVM makes of `ir`.
fn compile(target: &Target, ir: &str) -> Result<Vec<u8>, Error> {
    let machine = target.machine(OptLevel::O2)?;
    let context = Context::create();
    let buffer = MemoryBuffer::create_from_memory_range_copy(ir.as_bytes(), "probe");
    let module = context
        .create_module_from_ir(buffer)
        .map_err(|message| failed(target, message.to_string()))?;
    module.set_triple(&machine.get_triple());
    module.set_data_layout(&machine.get_target_data().get_data_layout());
    let object = machine
        .write_to_memory_buffer(&module, FileType::Object)
        .map_err(|message| failed(target, message.to_string()))?;
    Ok(object.as_slice().to_vec())
}

fn failed(target: &Target, reason: String) -> Error {
    Error::Llvm {
        triple: target.triple().to_owned(),
        reason,
    }
}
