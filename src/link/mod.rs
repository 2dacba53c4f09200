//! The linker: relocatable objects of the partitions in, one laid-out text out.
//!
//! In come the ELF objects that LLVM wrote, one per partition, in partition order. Out comes a
//! `LinkedText`: for each partition its code, with an island of the constants that this code uses
//! right behind it, every reference inside the text resolved, and what the loader still has to do:
//! references to helper functions of the runtime, in relocation types its loader knows.
//!
//! The text is position independent: it runs wherever it is loaded, provided the start has the
//! [alignment](LinkedText::alignment) it asks for. (Xtensa code has addresses in it unless it is to be
//! executed in place: see `arch::xtensa`.) Whatever cannot be expressed that way (an absolute address
//! of something inside the text, writable or thread-local data, a symbol that the runtime does not
//! resolve) is an error that names the symbol and the function referring to it.
//!
//! The work goes in three steps, the first and the last in parallel over the partitions:
//!
//! 1. `read` makes tables of an object (`stack_sizes` those of the frame sizes), `partition` lays
//!    its sections out from zero (`merge` folds equal constants).
//! 2. `index` puts the partitions one behind the other and knows where each global symbol is.
//! 3. `resolve` copies the sections to their places and patches the references. How a field is
//!    patched is the one thing that depends on the architecture: `arch` has a file for each.
//!
//! Subtle: the result must depend on the objects alone. Nothing here iterates over a hash map, and
//! of several errors the one of the first partition is reported.

mod arch;
mod error;
mod index;
mod merge;
mod partition;
mod read;
mod relocatable;
mod resolve;
mod stack_sizes;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::StackUsage;
use crate::abi::symbols::FUNCTION_PREFIX;
use crate::target::{Arch, Endianness, Target};

pub use error::{LinkError, Place};
pub use relocatable::relocatable;

/// The start of the text, as the loader calls it.
const TEXT_SYMBOL: &str = ".text";

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
    /// Each relocation as the error that it is where nobody may patch the text.
    pub fn left_to_loader(&self) -> impl Iterator<Item = LinkError> {
        self.relocations
            .iter()
            .map(|relocation| LinkError::LeftToLoader {
                symbol: relocation.symbol.clone(),
                kind: relocation.kind,
                function: self
                    .function_at(relocation.offset)
                    .map(|function| function.name.clone()),
                offset: relocation.offset,
            })
    }

    /// The stack that the defined functions take, in function order.
    pub fn stack_usage(&self) -> Vec<StackUsage> {
        let sizes = self.frame_sizes.iter().enumerate();
        sizes
            .map(|(position, bytes)| StackUsage {
                symbol: format!("{FUNCTION_PREFIX}{position}"),
                bytes: bytes.unwrap_or(0),
            })
            .collect()
    }

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

/// What the linker has to know of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    pub arch: Arch,
    pub endianness: Endianness,
}

impl From<&Target> for Platform {
    fn from(target: &Target) -> Self {
        Platform {
            arch: target.arch(),
            endianness: target.endianness(),
        }
    }
}

/// What code generation made of one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartitionObject {
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

/// Link the objects of all partitions, which together define `functions`.
pub fn link<'a>(
    platform: impl Into<Platform>,
    functions: impl Into<Functions<'a>>,
    objects: &[PartitionObject],
) -> Result<LinkedText, LinkError> {
    let platform = platform.into();
    let machine = arch::find(platform.arch)?;
    let partitions = in_parallel(objects.iter().collect(), |number, object| {
        read::partition(number, object, machine, elf_endianness(platform))
    })?;
    let index = index::Index::new(platform, machine, functions.into(), &partitions)?;
    resolve::resolve(index, &partitions)
}

/// The byte order of objects and text.
fn elf_endianness(platform: Platform) -> object::Endianness {
    match platform.endianness {
        Endianness::Little => object::Endianness::Little,
        Endianness::Big => object::Endianness::Big,
    }
}

/// Map `items` in parallel. Of several errors the first in order is returned, so that the outcome
/// does not depend on timing.
fn in_parallel<T, U, F>(items: Vec<T>, work: F) -> Result<Vec<U>, LinkError>
where
    T: Send,
    U: Send,
    F: Fn(usize, T) -> Result<U, LinkError> + Sync,
{
    let results: Vec<Result<U, LinkError>> = items
        .into_par_iter()
        .enumerate()
        .map(|(number, item)| work(number, item))
        .collect();
    results.into_iter().collect()
}
