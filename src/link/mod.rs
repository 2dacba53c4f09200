//! The linker: turns the relocatable objects of the partitions into one laid-out text.
//!
//! The input is the ELF objects that LLVM wrote, one per partition, in partition order. The output is a
//! `LinkedText`: the code of each partition, directly followed by an island of the constants that this code
//! uses. Every reference inside the text is resolved. References to helper functions of the runtime are left
//! to the loader, in relocation types that it knows.
//!
//! The text is position independent: it runs at any address with the required
//! [alignment](LinkedText::alignment). (Xtensa code contains addresses unless it is executed in place: see
//! `arch::xtensa`.) Everything else is an error that names the symbol and the function: an absolute address
//! of something inside the text, writable or thread-local data, a symbol that the runtime does not resolve.
//!
//! The linker works in three steps, the first and the last in parallel over the partitions:
//!
//! - `read` makes tables of an object (`stack_sizes` those of the frame sizes), `partition` lays out its
//!   sections from zero (`merge` merges equal constants).
//! - `index` places the partitions one behind the other and records the address of each global symbol.
//! - `resolve` copies the sections to their places and patches the references. Only the patching of a field
//!   depends on the architecture: `arch` has a file for each.
//!
//! The result must depend only on the objects. So the linker never iterates over a hash map, and of several
//! errors it reports the one of the first partition.

mod arch;
mod counters;
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
pub use relocatable::{object_file, relocatable};

/// The loader's name for the start of the text.
const TEXT_SYMBOL: &str = ".text";

/// The facts about a target that the linker needs.
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

/// Links the objects of all partitions, which together define `functions`.
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
    resolve::resolve(platform.arch, index, &partitions)
}

/// Returns the byte order of objects and text.
fn elf_endianness(platform: Platform) -> ::object::Endianness {
    match platform.endianness {
        Endianness::Little => ::object::Endianness::Little,
        Endianness::Big => ::object::Endianness::Big,
    }
}

/// Maps `items` in parallel. Of several errors, returns the first in order, so that the result does not
/// depend on timing.
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
