//! Moves doubles between memory and registers as pairs of words.
//!
//! Code must not assume that a double in linear memory is aligned, but some processors (Arm) load only
//! aligned doubles into a floating-point register. So LLVM copies the words to the stack and loads the double
//! from there. For a 64-bit integer, LLVM uses two registers and moves these.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Builder, Kind, Opcode as Op, Value};

/// The alignment in bytes that these processors require.
const ALIGNMENT: u32 = 4;

/// Runs the pass over every function of `module`. It must be the last pass, because LLVM would undo it.
pub fn run(module: &LlvmModule) {
    for instruction in ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
    {
        match instruction.opcode() {
            Some(Op::LLVMLoad) if is_loose(instruction, instruction) => load(instruction),
            Some(Op::LLVMStore) => {
                if let Some(value) = instruction.operand(0)
                    && is_loose(instruction, value)
                {
                    store(instruction, value);
                }
            }
            _ => {}
        }
    }
}

fn is_loose(access: Value, value: Value) -> bool {
    value.kind() == Kind::F64 && access.alignment() < ALIGNMENT && !access.is_volatile()
}

fn load(old: Value) {
    let builder = Builder::before(old);
    let Some(address) = old.operand(0) else {
        return;
    };
    let bits = builder.load(Kind::Int(64), address, old.alignment());
    bits.take_alias_tag(old);
    let double = builder.cast(Op::LLVMBitCast, bits, Kind::F64);
    old.replace_all_uses(double);
    old.erase();
}

fn store(old: Value, value: Value) {
    let builder = Builder::before(old);
    let Some(address) = old.operand(1) else {
        return;
    };
    let bits = builder.cast(Op::LLVMBitCast, value, Kind::Int(64));
    let new = builder.store(bits, address, old.alignment());
    new.take_alias_tag(old);
    old.erase();
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    #[test]
    fn doubles_that_need_not_be_aligned_are_moved_as_integers() {
        let ir = after(
            super::run,
            "define void @f(ptr %from, ptr %to) {
               %x = load double, ptr %from, align 1
               %y = fadd double %x, %x
               store double %y, ptr %to, align 2
               ret void
             }",
        );
        assert!(ir.contains("load i64, ptr %from, align 1"), "{ir}");
        assert!(ir.contains("store i64 %3, ptr %to, align 2"), "{ir}");
        assert!(!ir.contains("load double"), "{ir}");
    }

    #[test]
    fn others_stay() {
        let plain = "define float @f(ptr %p) {
               %x = load double, ptr %p, align 4
               store double %x, ptr %p, align 8
               %y = load float, ptr %p, align 1
               ret float %y
             }";
        let ir = after(super::run, plain);
        assert!(!ir.contains("i64"), "{ir}");
    }
}
