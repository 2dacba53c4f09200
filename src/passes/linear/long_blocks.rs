//! Splits very long blocks before code generation.
//!
//! Several parts of code generation take time that grows with the square of the size of a block: both
//! instruction schedulers, the search for tied operands, and at level 0 the register allocator (`RegAllocFast`
//! renumbers a block after many insertions).
//!
//! The parts have at most [`LIMIT`] instructions. Above level 0 nothing stands between two parts in the machine
//! code; at level 0, a jump may. No instruction moves from part to part, and a value that a later part uses
//! needs its own register or a place in the frame.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Between, Block, Opcode as Op, Value};
use crate::options::OptLevel;

/// LLVM instructions in a part. At this size, code generation takes about as long per instruction as for short
/// blocks. The longest blocks of real programs, unrolled ciphers, have about as many.
const LIMIT: usize = 2000;

/// Instructions at the end of a block that stay together: a call in tail position must stay in front of its
/// return.
const END: usize = 16;

/// Splits the blocks of every function of `module`. Runs right before code generation, because LLVM's passes
/// merge blocks.
pub fn run(module: &LlvmModule, level: OptLevel) {
    let between = match level {
        OptLevel::O0 => Between::Branch,
        _ => Between::Assembly,
    };
    for function in ir::functions(module) {
        for (number, block) in function.blocks().into_iter().enumerate() {
            split(block, number == 0, between);
        }
    }
}

fn split(block: Block, is_entry: bool, between: Between) {
    // LLVM counts an alloca into the frame only if it stands in the entry block. The emitter alternates
    // allocas with the stores that initialise them, so all allocas move into the first part.
    let is_slot = |it: &Value| is_entry && it.opcode() == Some(Op::LLVMAlloca);
    let (mut instructions, others): (Vec<Value>, Vec<Value>) =
        block.instructions().into_iter().partition(is_slot);
    let slots = instructions.len();
    instructions.extend(others);
    let (mut at, count) = (0, instructions.len());
    let mut end = slots + LIMIT;
    while count > end + END {
        // Phis must stand at the beginning of a block.
        let is_phi = |it: &&Value| it.opcode() == Some(Op::LLVMPHI);
        end += instructions[end..].iter().take_while(is_phi).count();
        if end + END > count {
            break;
        }
        block.move_to_new_block(&instructions[at..end], between);
        at = end;
        end += LIMIT;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::after;

    /// A loop of one block with that many multiplications.
    fn chain(additions: usize) -> String {
        let mut ir = String::from(
            "define i32 @f(i32 %x) {\n br label %l\nl:\n %v0 = phi i32 [ %x, %0 ], [ %last, %l ]\n",
        );
        for i in 0..additions {
            ir += &format!(" %v{} = mul i32 %v{i}, {}\n", i + 1, i + 3);
        }
        ir + &format!(
            " %last = add i32 %v{additions}, 1\n %c = icmp ult i32 %last, 9\n\
             br i1 %c, label %l, label %e\ne:\n %r = phi i32 [ %last, %l ]\n ret i32 %r\n}}"
        )
    }

    /// Locals are slots, each with a store of its first value behind it.
    #[test]
    fn slots_stay_in_the_first_block() {
        let slots: String = (0..2 * LIMIT)
            .map(|slot| format!(" %s{slot} = alloca i32\n store i32 0, ptr %s{slot}\n"))
            .collect();
        let ir = format!("define void @f() {{\n{slots} ret void\n}}");
        for level in [OptLevel::O0, OptLevel::O3] {
            let ir = after(|module| run(module, level), &ir);
            let (first, rest) = ir
                .split_once("br label")
                .or(ir.split_once("callbr"))
                .unwrap();
            assert_eq!(first.matches("alloca").count(), 2 * LIMIT);
            assert_eq!(rest.matches("alloca").count(), 0);
        }
    }

    #[test]
    fn long_blocks_are_split() {
        let parts = |additions, level| {
            let ir = after(|module| run(module, level), &chain(additions));
            (ir.matches("callbr").count(), ir.matches("br label").count())
        };
        assert_eq!(parts(LIMIT, OptLevel::O3), (0, 1));
        assert_eq!(parts(3 * LIMIT, OptLevel::O3), (2, 1));
        assert_eq!(parts(3 * LIMIT, OptLevel::O0), (0, 3));
    }
}
