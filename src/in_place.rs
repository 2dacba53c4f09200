//! Checks that a text can be executed in place: the loader must not have to change it.
//!
//! In indirect mode, code reaches everything of the runtime through the table of native symbols. So a
//! relocation that is left refers to a function that LLVM itself calls for an operation that the processor
//! lacks.

use crate::link::{LinkedText, Relocation};
use crate::options::RuntimeOptions;

/// The loader would still have to change the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "function {function} refers to {symbol}, for which the loader would have to change the text"
)]
pub struct NotInPlace {
    pub function: String,
    pub symbol: String,
    /// Whether the options replace LLVM's intrinsics by functions of the runtime.
    pub llvm_intrinsics_disabled: bool,
    /// Whether the options allow relocations; then this is a warning.
    pub allowed: bool,
}

/// Checks `text`. If `options` allow relocations, returns one warning for each symbol that is left.
pub fn check(text: &LinkedText, options: &RuntimeOptions) -> Result<Vec<NotInPlace>, NotInPlace> {
    let mut warnings: Vec<NotInPlace> = Vec::new();
    for relocation in &text.relocations {
        let finding = describe(text, relocation, options);
        if !finding.allowed {
            return Err(finding);
        }
        if warnings.iter().all(|it| it.symbol != finding.symbol) {
            warnings.push(finding);
        }
    }
    Ok(warnings)
}

fn describe(text: &LinkedText, relocation: &Relocation, options: &RuntimeOptions) -> NotInPlace {
    let function = text.function_at(relocation.offset);
    NotInPlace {
        function: function.map_or_else(|| "(none)".to_owned(), |symbol| symbol.name.clone()),
        symbol: relocation.symbol.clone(),
        llvm_intrinsics_disabled: options.disable_llvm_intrinsics,
        allowed: options.allow_text_relocations,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::TextSymbol;

    fn text(symbol: &str) -> LinkedText {
        let function = |offset, name: &str| TextSymbol {
            offset,
            size: 16,
            name: name.to_owned(),
        };
        LinkedText {
            bytes: vec![0; 48],
            alignment: 16,
            section_places: Vec::new(),
            function_offsets: vec![0, 16, 32],
            frame_sizes: Vec::new(),
            symbols: vec![
                function(0, "aot_func#0"),
                function(16, "aot_func#1"),
                function(32, "aot_func#2"),
            ],
            relocations: vec![Relocation {
                offset: 20,
                addend: 0,
                kind: 1,
                symbol: symbol.to_owned(),
            }],
        }
    }

    #[test]
    fn what_is_left_is_named() {
        let error = check(&text("ceilf"), &RuntimeOptions::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "function aot_func#1 refers to ceilf, for which the loader would have to change the text"
        );
    }

    #[test]
    fn what_is_allowed_is_a_warning() {
        let options = RuntimeOptions {
            allow_text_relocations: true,
            c_api_imports: false,
            ..RuntimeOptions::default()
        };
        let warnings = check(&text("ceilf"), &options).unwrap();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].symbol, "ceilf");
    }
}
