//! The names of the symbols in objects, which the emitter, the passes and the linker share. Only
//! [`SymbolName`] writes and reads them.

use std::fmt;

/// The name of a symbol. Function numbers count the defined functions from zero, unless a variant says
/// otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SymbolName<'a> {
    /// The entry of a defined function: the runtime calls it, with the C calling convention.
    Entry(u32),
    /// The stack check of a defined function, if it is not the entry.
    Checked(u32),
    /// The body of a defined function, if it is not the [`SymbolName::Entry`].
    Body(u32),
    /// The thunk that calls an imported function, by its index in the module; every partition has its own.
    Thunk(u32),
    /// The function that raises an exception; every partition has its own.
    Raise,
    /// The function that raises an exception with a message of ours; every partition has its own.
    RaiseMessage,
    /// The function that touches the stack which raising an exception needs; every partition has its own.
    StackProbe,
    /// The function that takes over if a stack check fails, for the functions of a canonical type; every
    /// partition has its own.
    StackOverflow(u32),
    /// The function that decides which imported functions code calls directly; every partition has its own.
    NativeDecision,
    /// The constants that the decision reads; every partition has its own.
    NativeFacts,
    /// The function that looks for the end of a string; every partition has its own.
    StringCheck,
    /// The function that the runtime gets for a defined function without code.
    StandIn,
    /// The place of the counters of a profile: a word that the loader fills in, or a function that returns it;
    /// every partition has its own.
    ProfileCounters,
    /// A function that refers to the runtime's functions for frames, so that no other runtime loads the file.
    FramesGuard,
    /// The table of all functions, for indirect calls through tables that can change.
    FunctionTable,
    /// The functions in the elements of a fixed table, by the table's index in the module.
    FixedTable(u32),
    /// A word of each partition: the distance from this word to [`SymbolName::FunctionTable`].
    FunctionTableDistance,
    /// A word of each partition: the distance from this word to [`SymbolName::FixedTable`].
    FixedTableDistance(u32),
    /// A data segment that code copies, by its index in the module.
    DataSegment(u32),
    /// A word of each partition: the distance from this word to [`SymbolName::DataSegment`].
    DataSegmentDistance(u32),
    /// A table that the linker makes, once per text: the frame size of every defined function, a `u32` in
    /// bytes each. For targets whose code can reach the end of the text from anywhere.
    StackSizes,
    /// A word that the linker makes in the island of each partition that refers to it: the frame size of a
    /// defined function. For targets whose code reaches only its own island.
    StackSize(u32),
    /// The frame size of a defined function as a number, not an address. For code that holds numbers of the
    /// linker in instructions or literals.
    StackSizeValue(u32),
    /// A distance between two symbols, not an address. For code whose assembler has no relocation for a
    /// distance (Xtensa).
    Distance { to: &'a str, from: &'a str },
}

use SymbolName::*;

const NAMES: &[(&str, SymbolName<'static>)] = &[
    ("aot_raise", Raise),
    ("aot_raise_message", RaiseMessage),
    ("aot_probe_stack", StackProbe),
    ("aot_decide_natives", NativeDecision),
    ("aot_native_facts", NativeFacts),
    ("aot_check_string", StringCheck),
    ("aot_func_stand_in", StandIn),
    ("aot_frames_guard", FramesGuard),
    ("aot_profile_counters", ProfileCounters),
    ("aot_func_table", FunctionTable),
    ("aot_func_table_distance", FunctionTableDistance),
    ("aot_stack_sizes", StackSizes),
];

/// The data section that holds the counters of a profile, and the symbol by which the loader knows it.
pub const COUNTERS_SECTION: &str = "__llvm_prf_cnts0";

/// The text before a number, the text behind it, and the variant.
type Numbered = (&'static str, &'static str, fn(u32) -> SymbolName<'static>);

/// Names that contain a number, with the text behind the number.
const NUMBERED: &[Numbered] = &[
    ("aot_func#", "", Entry),
    ("aot_func_checked#", "", Checked),
    ("aot_func_internal#", "", Body),
    ("aot_import#", "", Thunk),
    ("aot_stack_overflow#", "", StackOverflow),
    ("aot_table#", "", FixedTable),
    ("aot_table#", "_distance", FixedTableDistance),
    ("aot_data#", "", DataSegment),
    ("aot_data#", "_distance", DataSegmentDistance),
    ("aot_stack_size#", "", StackSize),
    ("aot_stack_size_value#", "", StackSizeValue),
];

/// The prefix of a distance's name; the names of the two symbols follow, with a colon between them.
pub const DISTANCE_PREFIX: &str = "aot_distance:";
/// A label in the code, followed by any number, from which a [`SymbolName::Distance`] starts.
pub const PLACE_PREFIX: &str = "aot_place#";
/// A label in front of the code that computes the address of a function for a near call (Xtensa); any number
/// follows.
pub const NEAR_CALL_PREFIX: &str = "aot_near_call#";

impl<'a> SymbolName<'a> {
    /// Parses a name; `None` if it is of another kind, such as a function of the runtime.
    pub fn parse(name: &'a str) -> Option<Self> {
        // Most symbols are none of these.
        let rest = name.strip_prefix("aot_")?;
        if let Some(&(_, symbol)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(symbol);
        }
        if let Some(names) = name.strip_prefix(DISTANCE_PREFIX) {
            let (to, from) = names.split_once(':')?;
            return Some(Distance { to, from });
        }
        rest.contains('#')
            .then(|| {
                NUMBERED.iter().find_map(|(prefix, suffix, symbol)| {
                    let digits = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
                    Some(symbol(decimal(digits)?))
                })
            })
            .flatten()
    }

    /// Parses a name that may not be UTF-8; see [`SymbolName::parse`].
    pub fn parse_bytes(name: &'a [u8]) -> Option<Self> {
        std::str::from_utf8(name).ok().and_then(SymbolName::parse)
    }

    /// Returns the defined function whose entry, stack check or body this is.
    pub fn defined_function(self) -> Option<u32> {
        match self {
            Entry(function) | Checked(function) | Body(function) => Some(function),
            _ => None,
        }
    }
}

/// Parses a decimal number without sign and leading zeros.
fn decimal(digits: &str) -> Option<u32> {
    let canonical = digits == "0" || !digits.starts_with(['0', '+']);
    canonical.then(|| digits.parse().ok()).flatten()
}

impl fmt::Display for SymbolName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Entry(function) => write!(f, "aot_func#{function}"),
            Checked(function) => write!(f, "aot_func_checked#{function}"),
            Body(function) => write!(f, "aot_func_internal#{function}"),
            Thunk(function) => write!(f, "aot_import#{function}"),
            StackOverflow(ty) => write!(f, "aot_stack_overflow#{ty}"),
            FixedTable(table) => write!(f, "aot_table#{table}"),
            FixedTableDistance(table) => write!(f, "aot_table#{table}_distance"),
            DataSegment(data) => write!(f, "aot_data#{data}"),
            DataSegmentDistance(data) => write!(f, "aot_data#{data}_distance"),
            StackSize(function) => write!(f, "aot_stack_size#{function}"),
            StackSizeValue(function) => write!(f, "aot_stack_size_value#{function}"),
            Distance { to, from } => write!(f, "{DISTANCE_PREFIX}{to}:{from}"),
            Raise => f.write_str("aot_raise"),
            RaiseMessage => f.write_str("aot_raise_message"),
            StackProbe => f.write_str("aot_probe_stack"),
            NativeDecision => f.write_str("aot_decide_natives"),
            NativeFacts => f.write_str("aot_native_facts"),
            StringCheck => f.write_str("aot_check_string"),
            StandIn => f.write_str("aot_func_stand_in"),
            FramesGuard => f.write_str("aot_frames_guard"),
            ProfileCounters => f.write_str("aot_profile_counters"),
            FunctionTable => f.write_str("aot_func_table"),
            FunctionTableDistance => f.write_str("aot_func_table_distance"),
            StackSizes => f.write_str("aot_stack_sizes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let numbered = NUMBERED
            .iter()
            .flat_map(|(_, _, symbol)| [symbol(0), symbol(120)]);
        let plain = NAMES.iter().map(|(_, symbol)| *symbol);
        let distance = Distance {
            to: "aot_func#1",
            from: "aot_place#7",
        };
        for symbol in numbered.chain(plain).chain([distance]) {
            assert_eq!(SymbolName::parse(&symbol.to_string()), Some(symbol));
        }
    }

    #[test]
    fn numbers_are_plain_decimals() {
        for name in [
            "aot_func#",
            "aot_func#00",
            "aot_func#+1",
            "aot_func#1.cold",
            "aot_func",
            "aot_table#1_",
            "memcpy",
            "aot_invoke_native",
        ] {
            assert_eq!(SymbolName::parse(name), None, "{name}");
        }
    }
}
