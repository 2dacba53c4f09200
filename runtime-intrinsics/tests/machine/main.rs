//! Every function against the machine that runs the tests, its floating-point unit above all.

mod float;
mod integer;
mod operands;
