//! Passes that remove checks of memory accesses and of the stack that another check covers.

pub(super) mod bounds_checks;
pub(super) mod stack_checks;
