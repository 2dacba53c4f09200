//! Keeps vector constants out of LLVM's constant pool if a function has many.
//!
//! For each constant, code generation compares all constants in the pool of the function
//! (`MachineConstantPool::getConstantPoolIndex`), and folds constants of equal size and different type first.
//! With n constants, time grows with the square of n at any level: 2000 additions and multiplications in turns
//! took six seconds.
//!
//! A constant beyond the limit becomes a load from its own variable. Most constants are loads anyway. Some get
//! longer: AVX then has no broadcast, and AArch64 no `movi`.

use std::collections::HashMap;

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Builder, Kind, Opcode as Op, Value};
use crate::passes::runtime::constants;

/// The most different vectors in the pool of a function. Up to this number, the comparisons take less time than
/// the other work on an instruction at level 0.
const LIMIT: usize = 48;

/// Changes every function of `module`. Runs right before code generation, because LLVM's passes would replace
/// the load by the constant again.
pub fn run(module: &LlvmModule) {
    let mut variables = HashMap::new();
    for function in ir::functions(module) {
        let mut constants = HashMap::new();
        for instruction in function.instructions() {
            for operand in instruction.operands().filter(|&operand| is_pooled(operand)) {
                let next = constants.len();
                constants.entry(operand).or_insert(next);
            }
        }
        if constants.len() <= LIMIT {
            continue;
        }
        constants::replace(function, is_vector, |operand, at| {
            // A shift by a constant is another instruction than a shift by a variable.
            let is_shift = matches!(at.opcode(), Some(Op::LLVMShl | Op::LLVMLShr | Op::LLVMAShr));
            if is_shift || *constants.get(&operand)? < LIMIT {
                return None;
            }
            let builder = Builder::before(at);
            let variable = *variables
                .entry(operand)
                .or_insert_with(|| builder.constant_variable(operand));
            let load = builder.load_like(operand, variable);
            load.set_invariant();
            Some(load)
        });
    }
}

fn is_vector(kind: Kind) -> bool {
    matches!(kind, Kind::Vector(_))
}

/// Reports whether code generation probably puts a constant into the pool. Instructions make vectors of zeros and
/// of ones.
fn is_pooled(value: Value) -> bool {
    value.is_constant() && is_vector(value.kind()) && !value.is_zero_or_ones()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::after;

    fn chain(constants: usize) -> String {
        let mut ir = String::from("define <2 x i64> @f(<2 x i64> %v0) {\n");
        for i in 0..constants {
            ir += &format!(
                " %v{} = mul <2 x i64> %v{i}, <i64 {}, i64 7>\n",
                i + 1,
                i + 3
            );
        }
        ir + &format!(" ret <2 x i64> %v{constants}\n}}")
    }

    #[test]
    fn constants_beyond_the_limit_are_variables() {
        let variables = |count| after(run, &chain(count)).matches("private").count();
        assert_eq!(variables(LIMIT), 0);
        assert_eq!(variables(LIMIT + 10), 10);
    }

    #[test]
    fn shifts_keep_their_constants() {
        let shifts = chain(LIMIT + 10).replace("mul", "shl");
        assert!(!after(run, &shifts).contains("private"));
    }
}
