//! The ways that conditional instructions can take, which profiles count.

use wasmparser::Operator;

/// Returns the number of counters of `operator`. An instruction with one condition has two: the first counts how
/// often it held, the second how often it did not. `br_table` has one for each entry, the default last. Every other
/// instruction has none.
pub fn branch_counters(operator: &Operator<'_>) -> u32 {
    match operator {
        Operator::If { .. }
        | Operator::BrIf { .. }
        | Operator::Select
        | Operator::TypedSelect { .. } => 2,
        Operator::BrTable { targets } => targets.len().saturating_add(1),
        _ => 0,
    }
}
