//! Passes for code that is executed in place: it reaches the runtime through the table of native symbols, and
//! addresses in the text through their distance.

pub(super) mod distances;
pub(super) mod indirect_calls;
pub(super) mod keep_environment;
