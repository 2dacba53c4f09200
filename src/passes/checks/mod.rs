//! Checks of memory accesses and of the stack that others speak for.

pub(super) mod bounds_checks;
pub(super) mod stack_checks;
