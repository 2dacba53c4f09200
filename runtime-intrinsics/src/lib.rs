//! Every aot_intrinsic_* function WAMR knows, and the one table of their names and signatures.
