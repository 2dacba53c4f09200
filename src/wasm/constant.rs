//! The value of a constant expression, if the module alone determines it.

use super::module::{ConstBinary, ConstExpr, ConstInstruction, GlobalKind, Module};

/// Constant globals may refer to one another; longer chains count as unknown.
const LONGEST_CHAIN: usize = 16;

impl ConstExpr {
    /// Returns the integer that the expression has in every instance, zero-extended from its own type; `None`
    /// if an imported global decides, or if it is no integer.
    pub fn integer(&self, module: &Module<'_>) -> Option<u64> {
        self.evaluate(module, LONGEST_CHAIN)
    }

    fn evaluate(&self, module: &Module<'_>, chain: usize) -> Option<u64> {
        let mut stack = Vec::new();
        for instruction in &self.instructions {
            let value = match *instruction {
                ConstInstruction::I32(value) => u64::from(value as u32),
                ConstInstruction::I64(value) => value as u64,
                ConstInstruction::GlobalGet(index) => {
                    let global = &module.globals[index];
                    let GlobalKind::Defined(init) = &global.kind else {
                        return None;
                    };
                    // The validator allows immutable globals only.
                    init.evaluate(module, chain.checked_sub(1)?)?
                }
                ConstInstruction::Binary(operator) => {
                    let (right, left) = (stack.pop()?, stack.pop()?);
                    operator.apply(left, right)
                }
                _ => return None,
            };
            stack.push(value);
        }
        stack.pop()
    }
}

impl ConstBinary {
    /// Returns the result for operands that are zero-extended from the operator's type.
    fn apply(self, left: u64, right: u64) -> u64 {
        let low = |value: u64| u64::from(value as u32);
        match self {
            ConstBinary::I32Add => low(left.wrapping_add(right)),
            ConstBinary::I32Sub => low(left.wrapping_sub(right)),
            ConstBinary::I32Mul => low(left.wrapping_mul(right)),
            ConstBinary::I64Add => left.wrapping_add(right),
            ConstBinary::I64Sub => left.wrapping_sub(right),
            ConstBinary::I64Mul => left.wrapping_mul(right),
        }
    }
}
