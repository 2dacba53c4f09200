//! Rejects a module that needs a feature which the target lacks. The check comes before anything is compiled;
//! the error names the function that needs the feature.

use crate::targets::{TailCalls, Target};
use crate::wasm::error::FunctionLocation;
use crate::wasm::{FuncType, Module, Usage, ValType};

/// The module needs a feature that the target lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{user} uses {feature}, which target {target} does not have")]
pub struct MissingFeature {
    /// The function that needs the feature, or the module.
    pub user: String,
    pub feature: &'static str,
    pub target: String,
}

/// Rejects `module` if it uses a feature that `target` lacks.
pub fn check(module: &Module<'_>, target: &Target) -> Result<(), MissingFeature> {
    let features = [
        Feature {
            name: "128-bit SIMD",
            missing: !target.facts.simd,
            in_code: |usage| usage.simd,
            in_type: |ty| {
                ty.params
                    .iter()
                    .chain(&ty.results)
                    .any(|ty| *ty == ValType::V128)
            },
        },
        Feature {
            name: "tail calls",
            missing: target.tail_calls == TailCalls::Never,
            in_code: |usage| usage.tail_calls,
            in_type: |_| false,
        },
    ];
    for feature in features {
        if feature.missing && (feature.in_code)(&module.usage) {
            return Err(MissingFeature {
                user: feature.user(module),
                feature: feature.name,
                target: target.name.to_owned(),
            });
        }
    }
    Ok(())
}

/// Rejects a target whose code cannot use the segment register GS.
pub fn check_segue(target: &Target) -> Result<(), MissingFeature> {
    match target.free_segment {
        true => Ok(()),
        false => Err(MissingFeature {
            user: "an option".to_owned(),
            feature: "the segment register GS of x86-64 Linux",
            target: target.name.clone(),
        }),
    }
}

/// A feature that not every target has.
struct Feature {
    name: &'static str,
    missing: bool,
    in_code: fn(&Usage) -> bool,
    in_type: fn(&FuncType) -> bool,
}

impl Feature {
    /// Returns the user of the feature, in words.
    fn user(&self, module: &Module<'_>) -> String {
        let mut functions = module.functions.keys();
        let function = functions.find(|index| {
            let facts = module
                .defined_position(*index)
                .map(|position| &module.facts[position]);
            facts.is_some_and(|facts| (self.in_code)(&facts.usage))
                || (self.in_type)(module.function_type(*index))
        });
        match function {
            Some(index) => FunctionLocation {
                index,
                name: module.function_name(index).map(str::to_owned),
            }
            .to_string(),
            None => "the module".to_owned(),
        }
    }
}
