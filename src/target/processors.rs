//! The processors and features that LLVM knows for an architecture.
//!
//! LLVM's C interface does not list them, answers an unknown name with a warning on stderr, and
//! aborts the process on a processor that cannot run 64-bit code. So each architecture has a text
//! file in `llvm/` with one name per line; a test compares it with LLVM and can write it.

use super::error::Error;

/// The contents of one such file.
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

    pub fn check_cpu(&self, cpu: &str, target: &str) -> Result<(), Error> {
        if self.cpus.contains(&cpu) {
            Ok(())
        } else {
            Err(Error::UnknownCpu {
                cpu: cpu.to_owned(),
                target: target.to_owned(),
            })
        }
    }

    /// Checks a list like `+avx2,-fma`. The ABI's features are on and may be said to be.
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
                let feature = feature.to_owned();
                return Err(Error::UnknownFeature { feature, target });
            }
        }
        Ok(())
    }
}
