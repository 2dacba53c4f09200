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
mod object;
mod partition;
mod read;
mod relocatable;
mod resolve;
mod stack_sizes;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::targets::{Arch, Endianness, Target};

pub use error::{LinkError, Place};
pub use object::{Functions, LinkedText, Object, Relocation, TextSymbol};
pub use relocatable::relocatable;

/// The start of the text, as the loader calls it.
const TEXT_SYMBOL: &str = ".text";

/// What the linker has to know of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    pub arch: Arch,
    pub endianness: Endianness,
}

impl From<&Target> for Platform {
    fn from(target: &Target) -> Self {
        Platform {
            arch: target.arch,
            endianness: target.endianness,
        }
    }
}

/// Link the objects of all partitions, which together define `functions`.
pub fn link<'a>(
    platform: impl Into<Platform>,
    functions: impl Into<Functions<'a>>,
    objects: &[Object],
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
fn elf_endianness(platform: Platform) -> ::object::Endianness {
    match platform.endianness {
        Endianness::Little => ::object::Endianness::Little,
        Endianness::Big => ::object::Endianness::Big,
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
