//! What goes into the linker and what comes out of it, as plain data.

/// What code generation made of one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// A relocatable ELF object.
    pub elf: Vec<u8>,
    /// Frame sizes of functions by their symbols, in bytes, where they are known by another way
    /// than the object's `.stack_sizes` (LLVM's C interface cannot switch that section on). The
    /// larger one counts where both tell.
    pub frame_sizes: Vec<(String, u64)>,
}

/// The defined functions of a module.
#[derive(Debug, Clone, Copy)]
pub struct Functions<'a> {
    pub count: usize,
    /// For each, whether it may be in no object: the stand-in takes its place. Empty: none may.
    pub optional: &'a [bool],
}

impl From<usize> for Functions<'_> {
    fn from(count: usize) -> Self {
        Functions {
            count,
            optional: &[],
        }
    }
}

/// The text section with every internal reference resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedText {
    pub bytes: Vec<u8>,
    /// What the address of the first byte must be a multiple of.
    pub alignment: u64,
    /// Offset in `bytes` of each defined function, in function order.
    pub function_offsets: Vec<u64>,
    /// Size in bytes of the frame of each defined function's body, in function order, where it is known.
    pub frame_sizes: Vec<Option<u32>>,
    /// Every function in the text, helpers that LLVM or the emitter made included, by offset.
    pub symbols: Vec<TextSymbol>,
    /// What is left for the loader: references to runtime helpers, ordered by offset.
    pub relocations: Vec<Relocation>,
}

impl LinkedText {
    /// The function around `offset`.
    pub fn function_at(&self, offset: u64) -> Option<&TextSymbol> {
        let behind = self
            .symbols
            .partition_point(|symbol| symbol.offset <= offset);
        let symbol = self.symbols[..behind].last()?;
        (offset - symbol.offset < symbol.size).then_some(symbol)
    }
}

/// A function in the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextSymbol {
    pub offset: u64,
    pub size: u64,
    pub name: String,
}

/// A reference from the text to a symbol of the runtime or, on Xtensa, to the text itself (`.text`), in
/// ELF terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    /// Where in the text, bytes from its start.
    pub offset: u64,
    pub addend: i64,
    /// The ELF relocation type of the target's psABI (`R_X86_64_PLT32`, …).
    pub kind: u32,
    pub symbol: String,
}
