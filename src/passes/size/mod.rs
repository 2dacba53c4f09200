//! Passes that make code shorter.

pub(super) mod inlined;
pub(super) mod shared_functions;
pub(super) mod word_doubles;
