//! Evaluates a module's constant expressions to the initial values of an AOT file.
//!
//! Every expression is evaluated as far as possible. Then a runtime without the extended-const proposal also
//! loads the module, and the loader recurses little. Only a value that depends on an imported global stays an
//! expression.

use super::error::AssembleError;
use super::init_expr::{InitExpr, MAX_DEPTH, NULL_REFERENCE};
use crate::wasm::{ConstBinary, ConstExpr, ConstInstruction, GlobalKind, Module};

/// Returns the initial values of the module's defined globals, in order.
pub(super) fn global_values(module: &Module<'_>) -> Result<Vec<InitExpr>, AssembleError> {
    let mut values = Vec::new();
    for (index, global) in &module.globals {
        if let GlobalKind::Defined(expr) = &global.kind {
            let value = evaluate(module, &values, expr, || {
                format!("global {}", index.as_u32())
            })?;
            values.push(value);
        }
    }
    Ok(values)
}

/// Returns the value of `expr`. `globals` holds the values of the defined globals that it may refer to;
/// `what` names the owner of the expression for errors.
pub(super) fn evaluate(
    module: &Module<'_>,
    globals: &[InitExpr],
    expr: &ConstExpr,
    what: impl Fn() -> String,
) -> Result<InitExpr, AssembleError> {
    let malformed = || AssembleError::MalformedConstExpr { what: what() };
    // Each value with the depth of its operators.
    let mut stack: Vec<(InitExpr, usize)> = Vec::new();
    for instruction in &expr.instructions {
        let value = match *instruction {
            ConstInstruction::I32(value) => InitExpr::I32(value),
            ConstInstruction::I64(value) => InitExpr::I64(value),
            ConstInstruction::F32(bits) => InitExpr::F32(bits),
            ConstInstruction::F64(bits) => InitExpr::F64(bits),
            ConstInstruction::V128(bytes) => InitExpr::V128(bytes),
            ConstInstruction::RefNull(_) => InitExpr::RefNull(NULL_REFERENCE),
            ConstInstruction::RefFunc(index) => InitExpr::RefFunc(index.as_u32()),
            ConstInstruction::GlobalGet(index) => {
                let index = index.as_u32();
                match (index as usize).checked_sub(module.imported_globals) {
                    None => InitExpr::GlobalGet(index),
                    Some(defined) => match globals.get(defined) {
                        // Copies of copies would have no bound.
                        Some(InitExpr::Binary { .. }) | None => {
                            return Err(AssembleError::ConstExprOfGlobal {
                                what: what(),
                                global: index,
                            });
                        }
                        Some(value) => value.clone(),
                    },
                }
            }
            ConstInstruction::Binary(operator) => {
                let (right, right_depth) = stack.pop().ok_or_else(malformed)?;
                let (left, left_depth) = stack.pop().ok_or_else(malformed)?;
                if let Some(value) = fold(operator, &left, &right) {
                    stack.push((value, 0));
                    continue;
                }
                let depth = left_depth.max(right_depth) + 1;
                if depth > MAX_DEPTH {
                    return Err(AssembleError::ConstExprTooDeep {
                        what: what(),
                        depth,
                        limit: MAX_DEPTH,
                    });
                }
                let (left, right) = (Box::new(left), Box::new(right));
                let value = InitExpr::Binary {
                    operator,
                    left,
                    right,
                };
                stack.push((value, depth));
                continue;
            }
        };
        stack.push((value, 0));
    }
    match (stack.pop(), stack.is_empty()) {
        (Some((value, _)), true) => Ok(value),
        _ => Err(malformed()),
    }
}

/// Computes the result if both operands are known.
fn fold(operator: ConstBinary, left: &InitExpr, right: &InitExpr) -> Option<InitExpr> {
    match (left, right) {
        (InitExpr::I32(left), InitExpr::I32(right)) => {
            let value = match operator {
                ConstBinary::I32Add => left.wrapping_add(*right),
                ConstBinary::I32Sub => left.wrapping_sub(*right),
                ConstBinary::I32Mul => left.wrapping_mul(*right),
                _ => return None,
            };
            Some(InitExpr::I32(value))
        }
        (InitExpr::I64(left), InitExpr::I64(right)) => {
            let value = match operator {
                ConstBinary::I64Add => left.wrapping_add(*right),
                ConstBinary::I64Sub => left.wrapping_sub(*right),
                ConstBinary::I64Mul => left.wrapping_mul(*right),
                _ => return None,
            };
            Some(InitExpr::I64(value))
        }
        _ => None,
    }
}
