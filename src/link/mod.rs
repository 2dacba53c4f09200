//! The linker: relocatable objects of the partitions in, one laid-out text out.

/// The text section with every internal reference resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedText {
    pub bytes: Vec<u8>,
    /// Offset in `bytes` of each defined function, in function order.
    pub function_offsets: Vec<u64>,
    /// What is left for the loader: references to runtime helpers, ordered by offset.
    pub relocations: Vec<Relocation>,
}

/// A reference from the text to a symbol of the runtime, in ELF terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    /// Where in the text, bytes from its start.
    pub offset: u64,
    pub addend: i64,
    /// The ELF relocation type of the target's psABI (`R_X86_64_PLT32`, …).
    pub kind: u32,
    pub symbol: String,
}
