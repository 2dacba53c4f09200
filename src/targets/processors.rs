//! Lists the processors and features that LLVM knows for an architecture.
//!
//! LLVM's C interface does not list them. For an unknown name LLVM prints a warning on stderr, and it aborts
//! the process for a processor that cannot run 64-bit code. So each architecture has a text file in `llvm/`
//! with one name per line; a test compares it with LLVM and can write it.

use super::error::{Error, Hint};
use super::nearest::nearest;
use crate::llvm::machine;

/// Names of LLVM's features in the GNU tools (`-mfpu=`) and in WAMR's test driver.
const ALIASES: &[(&str, &str)] = &[
    ("vfpv2", "vfp2"),
    ("vfpv3", "vfp3"),
    ("vfpv4", "vfp4"),
    ("fpv4-sp-d16", "vfp4d16sp"),
    ("fpv5-sp-d16", "fp-armv8d16sp"),
    ("fpv5-d16", "fp-armv8d16"),
];

/// The contents of one text file.
#[derive(Debug, Default)]
pub(super) struct Processors {
    pub cpus: Vec<&'static str>,
    pub features: Vec<&'static str>,
}

impl Processors {
    pub fn parse(table: &'static str) -> Processors {
        let mut processors = Processors::default();
        for line in table.lines() {
            match line.split_once(' ') {
                Some(("cpu", name)) => processors.cpus.push(name),
                Some(("feature", name)) => processors.features.push(name),
                // Comments; the test against LLVM sees to it that there is nothing else.
                _ => {}
            }
        }
        processors
    }

    /// Returns the host's processor and its actual features, in a fixed order; `None` if the processor is not
    /// in the table.
    pub fn host_cpu(&self) -> Option<(String, String)> {
        let (cpu, features) = machine::host_cpu();
        if !self.cpus.contains(&cpu.as_str()) {
            return None;
        }
        let name = |item: &&str| item.trim_start_matches(['+', '-']).to_owned();
        let mut features: Vec<&str> = features
            .split(',')
            .filter(|item| self.features.contains(&name(item).as_str()))
            .collect();
        features.sort_unstable_by_key(name);
        Some((cpu, features.join(",")))
    }

    /// Returns `list` with LLVM's names.
    pub fn canonical(&self, list: &str) -> String {
        let items = list.split(',').map(|item| {
            let (sign, name) = item.split_at(item.find(|c| c != '+' && c != '-').unwrap_or(0));
            let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
            match alias.filter(|(_, known)| self.features.contains(known)) {
                Some((_, known)) => format!("{sign}{known}"),
                None => item.to_owned(),
            }
        });
        items.collect::<Vec<_>>().join(",")
    }

    /// Checks a list like `+avx2,-fma`. The ABI's features are on, and the list may turn them on again.
    pub fn check_features(
        &self,
        list: &str,
        fixed: &[&str],
        abi: &[&str],
        target: &str,
    ) -> Result<(), Error> {
        if list.is_empty() {
            return Ok(());
        }
        for item in list.split(',') {
            let feature =
                item.strip_prefix(['+', '-'])
                    .ok_or_else(|| Error::FeatureWithoutSign {
                        item: item.to_owned(),
                    })?;
            let target = target.to_owned();
            if fixed.contains(&feature) || (item.starts_with('-') && abi.contains(&feature)) {
                let feature = feature.to_owned();
                return Err(Error::FixedFeature { feature, target });
            }
            if !self.features.contains(&feature) {
                let near = nearest(feature, self.features.iter().copied());
                return Err(Error::UnknownFeature {
                    feature: feature.to_owned(),
                    target,
                    hint: near.map_or(Hint::Nothing, |name| Hint::Nearest(name.to_owned())),
                });
            }
        }
        Ok(())
    }
}
