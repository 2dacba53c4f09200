//! A real WAMR 2.4.3, built from its registry package, behind a small safe interface.
