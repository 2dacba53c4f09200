//! Counting how often functions and branches are executed, and what is known of that.

use cranelift_entity::EntityRef;

use crate::options::{Options, OutputFormat};
use crate::profile::{Found, Profile, ProfileError};
use crate::targets::{Arch, Endianness, Target};
use crate::wasm::{FuncIndex, Module};

/// Code cannot count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountingError {
    #[error(
        "code for {target} cannot count for a profile: its loader cannot tell code where the counters are"
    )]
    Target { target: String },

    #[error(
        "code that counts for a profile cannot be executed in place: the loader writes the place of the counters into it"
    )]
    InPlace,

    #[error(
        "code that counts for a profile needs the sections of an .aot file, where the runtime looks for counters; \
         an object file has none"
    )]
    Object,
}

/// The plan for profiles.
#[derive(Debug, Clone, Default)]
pub struct ProfilePlan {
    /// For each function, the number of its first counter. Present if code counts.
    first_counters: Option<Vec<u32>>,
    pub counts: Option<Counts>,
}

/// What a profile says of the module.
#[derive(Debug, Clone)]
pub struct Counts {
    /// For each function, how often it was called, and the counts of its branches. `None` if the profile does
    /// not fit it.
    functions: Vec<Option<Vec<u64>>>,
    pub summary: Summary,
    pub matches: Matches,
}

/// How well a profile fits a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matches {
    pub functions: usize,
    pub matched: usize,
    /// Functions whose body differs from the one that was executed.
    pub other_bodies: usize,
}

/// The distribution of the counts, as LLVM's `ProfileSummary` has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub total: u64,
    pub largest: u64,
    /// The largest count of a branch, and of a function.
    pub largest_branch: u64,
    pub largest_function: u64,
    pub counters: u32,
    pub functions: u32,
    /// For each cutoff, in millionths of the total: the smallest of the largest counts that together reach it, and
    /// how many these are.
    pub detail: Vec<(u32, u64, u32)>,
}

/// The cutoffs of LLVM's summaries.
const CUTOFFS: [u32; 16] = [
    10_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000, 800_000, 900_000,
    950_000, 990_000, 999_000, 999_900, 999_990, 999_999,
];

impl ProfilePlan {
    pub(super) fn new(
        module: &Module<'_>,
        target: &Target,
        options: &Options,
    ) -> Result<Self, ProfilePlanError> {
        let counts = options
            .profile
            .counts
            .as_deref()
            .map(|bytes| Profile::read(bytes).map(|profile| Counts::new(module, &profile)))
            .transpose()?;
        let first_counters = match options.profile.counting {
            true => {
                check_counting(target, options)?;
                Some(first_counters(module))
            }
            false => None,
        };
        Ok(ProfilePlan {
            first_counters,
            counts,
        })
    }

    /// Reports whether code counts.
    pub fn counting(&self) -> bool {
        self.first_counters.is_some()
    }

    /// Returns the number of the first counter of function `index`, if code counts.
    pub fn first_counter(&self, index: FuncIndex) -> Option<u32> {
        Some(self.first_counters.as_ref()?[index.index()])
    }

    /// Returns the counts of function `index`, if they are known.
    pub fn counts_of(&self, index: FuncIndex) -> Option<&[u64]> {
        self.counts.as_ref()?.functions[index.index()].as_deref()
    }

    /// Returns how often function `index` was called, if it is known.
    pub fn calls_of(&self, index: FuncIndex) -> Option<u64> {
        self.counts_of(index)?.first().copied()
    }

    /// Reports whether function `index` is known to be cold: it was never called.
    pub fn is_cold(&self, index: FuncIndex) -> bool {
        self.calls_of(index) == Some(0)
    }
}

/// The options about profiles cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfilePlanError {
    #[error(transparent)]
    Counting(#[from] CountingError),
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

fn check_counting(target: &Target, options: &Options) -> Result<(), CountingError> {
    let known = !matches!(target.arch, Arch::Xtensa | Arch::Mips | Arch::Arc);
    if !known || target.endianness == Endianness::Big {
        let target = target.name.clone();
        return Err(CountingError::Target { target });
    }
    if options.runtime.indirect_mode {
        return Err(CountingError::InPlace);
    }
    match options.format {
        OutputFormat::Object => Err(CountingError::Object),
        OutputFormat::Aot | OutputFormat::LlvmIrUnoptimized | OutputFormat::LlvmIrOptimized => {
            Ok(())
        }
    }
}

/// Returns the number of counters of the defined function at `position`: one for its calls, and those of its
/// branches.
pub fn counters_of(module: &Module<'_>, position: usize) -> u32 {
    module.facts[position].branch_counters.saturating_add(1)
}

fn first_counters(module: &Module<'_>) -> Vec<u32> {
    let mut next = 0_u32;
    module
        .functions
        .keys()
        .map(|index| {
            let first = next;
            if let Some(position) = module.defined_position(index) {
                next = next.saturating_add(counters_of(module, position));
            }
            first
        })
        .collect()
}

impl Counts {
    fn new(module: &Module<'_>, profile: &Profile) -> Self {
        let mut matches = Matches::default();
        let mut functions: Vec<Option<Vec<u64>>> = vec![None; module.imported_functions];
        for (position, (_, body)) in module.defined_functions().enumerate() {
            let counters = counters_of(module, position) as usize;
            matches.functions += 1;
            functions.push(match profile.find(position as u32, body.bytes, counters) {
                Found::Counts(counts) => {
                    matches.matched += 1;
                    Some(counts.to_vec())
                }
                Found::OtherBody => {
                    matches.other_bodies += 1;
                    None
                }
                Found::Nothing => None,
            });
        }
        Counts {
            summary: Summary::of(functions.iter().flatten().map(Vec::as_slice)),
            functions,
            matches,
        }
    }
}

impl Summary {
    fn of<'a>(functions: impl Iterator<Item = &'a [u64]>) -> Self {
        let mut summary = Summary::default();
        let mut all = Vec::new();
        for counts in functions {
            summary.functions += 1;
            if let [calls, branches @ ..] = counts {
                summary.largest_function = summary.largest_function.max(*calls);
                let largest = branches.iter().copied().max().unwrap_or_default();
                summary.largest_branch = summary.largest_branch.max(largest);
            }
            all.extend_from_slice(counts);
        }
        all.sort_unstable_by(|one, other| other.cmp(one));
        summary.counters = u32::try_from(all.len()).unwrap_or(u32::MAX);
        summary.largest = all.first().copied().unwrap_or_default();
        summary.total = all.iter().fold(0, |sum, count| sum.saturating_add(*count));
        let mut largest = all.iter();
        let (mut sum, mut least, mut taken) = (0_u64, 0, 0_u32);
        for cutoff in CUTOFFS {
            let wanted = u128::from(summary.total) * u128::from(cutoff) / 1_000_000;
            while u128::from(sum) < wanted
                && let Some(&count) = largest.next()
            {
                sum = sum.saturating_add(count);
                least = count;
                taken += 1;
            }
            summary.detail.push((cutoff, least, taken));
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_finds_the_hottest_counters() {
        let counts = [vec![1, 900, 0], vec![90, 9]];
        let summary = Summary::of(counts.iter().map(Vec::as_slice));
        assert_eq!((summary.total, summary.largest), (1000, 900));
        assert_eq!(
            (summary.largest_branch, summary.largest_function),
            (900, 90)
        );
        assert_eq!((summary.counters, summary.functions), (5, 2));
        let at = |cutoff| summary.detail.iter().find(|it| it.0 == cutoff).copied();
        assert_eq!(at(900_000), Some((900_000, 900, 1)));
        assert_eq!(at(990_000), Some((990_000, 90, 2)));
        assert_eq!(at(999_999), Some((999_999, 9, 3)));
    }
}
