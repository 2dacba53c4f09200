//! Names of the symbols in the objects that code generation makes: what the emitter and the linker
//! agree on. Where a number follows, it is that of a defined function, counted from zero, or of an
//! imported function.

/// What the runtime calls for a defined function, with the C calling convention.
pub const FUNCTION_PREFIX: &str = "aot_func#";
/// The stack check of a defined function where its entry is something else.
pub const CHECKED_FUNCTION_PREFIX: &str = "aot_func_checked#";
/// The body of a defined function where `aot_func#N` is only its entry.
pub const INTERNAL_FUNCTION_PREFIX: &str = "aot_func_internal#";
/// What compiled code calls for an imported function; every partition has its own.
pub const IMPORT_PREFIX: &str = "aot_import#";
/// What raises an exception; every partition has its own, as the next.
pub const RAISE_SYMBOL: &str = "aot_raise";
/// What touches the stack that raising an exception takes.
pub const PROBE_SYMBOL: &str = "aot_probe_stack";
/// What an entry whose check fails goes on to, for each type of functions; every partition has its
/// own.
pub const OVERFLOW_PREFIX: &str = "aot_stack_overflow#";
/// What the runtime gets for a defined function that has no code of its own.
pub const STAND_IN_SYMBOL: &str = "aot_func_stand_in";
/// The table of all functions, for indirect calls through tables that change.
pub const FUNCTION_TABLE_SYMBOL: &str = "aot_func_table";
/// The functions in the elements of table N of the module, if these never change.
pub const FIXED_TABLE_PREFIX: &str = "aot_table#";
/// A word of each partition: the distance from itself to the table whose name precedes this.
pub const TABLE_DISTANCE_SUFFIX: &str = "_distance";
/// A table that the linker makes: the frame size of every defined function, a `u32` in bytes each,
/// once per text. For targets whose code can reach the end of the text from anywhere.
pub const STACK_SIZES_SYMBOL: &str = "aot_stack_sizes";
/// A word that the linker makes in the island of each partition which asks for it: the frame size
/// of defined function N. For targets whose code reaches its own island only.
pub const STACK_SIZE_PREFIX: &str = "aot_stack_size#";
/// Not an address but the frame size of defined function N itself, for code that holds numbers of
/// the linker in instructions or literals.
pub const STACK_SIZE_VALUE_PREFIX: &str = "aot_stack_size_value#";
/// Not an address but a distance, for code whose assembler has no relocation for one (Xtensa): the
/// names of the symbols it leads to and starts from follow, with a colon between them.
pub const DISTANCE_PREFIX: &str = "aot_distance:";
/// A place in the code, with any number behind it, that such distances start from.
pub const PLACE_PREFIX: &str = "aot_place#";
/// The start of code that finds the address of a function for a near call (Xtensa); any number
/// follows.
pub const NEAR_CALL_PREFIX: &str = "aot_near_call#";
