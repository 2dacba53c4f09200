//! The facts about one body that decide whether an exception can leave it.

use wasmparser::{Catch, Operator};

use super::index::{FuncIndex, TypeIndex};

/// How an exception can leave a body. An instruction inside a `try_table` that catches everything counts for
/// nothing. Handlers of the legacy instructions are not considered: they come behind the instructions that
/// they protect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Throws {
    /// An instruction throws.
    pub itself: bool,
    /// The functions called by name, each once, in order.
    pub callees: Vec<FuncIndex>,
    /// The types of the functions called through tables and references, each once, in order.
    pub types: Vec<TypeIndex>,
}

/// An open block.
#[derive(Debug, Clone, Copy)]
enum Open {
    Plain,
    /// A `try_table` that catches everything.
    Protects,
    /// A legacy `try`; `outside`: the blocks around it that catch everything.
    Try {
        outside: usize,
    },
}

/// Collects the facts while a body is read.
#[derive(Debug, Default)]
pub(super) struct Walk {
    found: Throws,
    /// The open blocks.
    open: Vec<Open>,
    /// How many of them catch everything. A block outside of an open `try` does not count: `delegate` may pass
    /// it.
    protecting: usize,
}

impl Walk {
    pub fn note(&mut self, operator: &Operator<'_>) {
        match *operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.open.push(Open::Plain)
            }
            Operator::Try { .. } => {
                let outside = std::mem::take(&mut self.protecting);
                self.open.push(Open::Try { outside });
            }
            Operator::TryTable { ref try_table } => {
                let all = |it: &Catch| matches!(it, Catch::All { .. } | Catch::AllRef { .. });
                let protects = try_table.catches.iter().any(all);
                self.open.push(match protects {
                    true => Open::Protects,
                    false => Open::Plain,
                });
                self.protecting += usize::from(protects);
            }
            Operator::End | Operator::Delegate { .. } => {
                match self.open.pop() {
                    Some(Open::Protects) => self.protecting -= 1,
                    Some(Open::Try { outside }) => self.protecting = outside,
                    // The last ends the body.
                    Some(Open::Plain) | None => {}
                }
            }
            // A tail call leaves all handlers.
            Operator::ReturnCall { function_index } => {
                self.found.callees.push(FuncIndex::from_u32(function_index));
            }
            Operator::ReturnCallIndirect { type_index, .. }
            | Operator::ReturnCallRef { type_index } => {
                self.found.types.push(TypeIndex::from_u32(type_index));
            }
            _ if self.protecting > 0 => {}
            Operator::Throw { .. } | Operator::ThrowRef | Operator::Rethrow { .. } => {
                self.found.itself = true;
            }
            Operator::Call { function_index } => {
                self.found.callees.push(FuncIndex::from_u32(function_index));
            }
            Operator::CallIndirect { type_index, .. } | Operator::CallRef { type_index } => {
                self.found.types.push(TypeIndex::from_u32(type_index));
            }
            _ => {}
        }
    }

    pub fn finish(self) -> Throws {
        let Throws {
            itself,
            mut callees,
            mut types,
        } = self.found;
        callees.sort_unstable();
        callees.dedup();
        callees.shrink_to_fit();
        types.sort_unstable();
        types.dedup();
        types.shrink_to_fit();
        Throws {
            itself,
            callees,
            types,
        }
    }
}
