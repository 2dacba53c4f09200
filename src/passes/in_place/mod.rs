//! Code that is executed where it lies: the runtime is reached through a table, and what has an address in
//! the text by its distance.

pub(super) mod distances;
pub(super) mod indirect_calls;
pub(super) mod keep_environment;
