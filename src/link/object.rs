//! The input and the output of the linker, as plain data.

/// The object of one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// A relocatable ELF object.
    pub elf: Vec<u8>,
    /// Frame sizes of functions by symbol, in bytes, that do not come from the object's `.stack_sizes`
    /// (LLVM's C interface cannot switch that section on). If both state a size, the larger one counts.
    pub frame_sizes: Vec<(String, u64)>,
}

/// The defined functions of a module.
#[derive(Debug, Clone, Copy)]
pub struct Functions<'a> {
    pub count: usize,
    /// For each function, whether it may be missing; the stand-in then replaces it. Empty: none may be
    /// missing.
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
    /// The required alignment of the first byte's address.
    pub alignment: u64,
    /// Offset in `bytes` of each defined function, in function order.
    pub function_offsets: Vec<u64>,
    /// Frame size in bytes of each defined function's body, in function order; `None` if unknown.
    pub frame_sizes: Vec<Option<u32>>,
    /// Every function in the text by offset, including helpers that LLVM or the emitter made.
    pub symbols: Vec<TextSymbol>,
    /// For each object and each section of it, in the order of ELF indices, the offset of the section in the text;
    /// `None` for sections that are not placed as a whole.
    pub section_places: Vec<Vec<Option<u64>>>,
    /// The relocations for the loader: references to runtime helpers, ordered by offset.
    pub relocations: Vec<Relocation>,
}

impl LinkedText {
    /// Returns the function that contains `offset`.
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

/// A reference from the text to a symbol of the runtime or, on Xtensa, to the text itself (`.text`), in terms
/// of ELF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    /// The place in the text, in bytes from its start.
    pub offset: u64,
    pub addend: i64,
    /// The ELF relocation type of the target's psABI (`R_X86_64_PLT32`, …).
    pub kind: u32,
    pub symbol: String,
}
