//! Parsed scripts: directives with their lines.
//!
//! A thin layer over the `wast` crate, which leaves open where a directive lies in lines and which
//! of the directives are assertions.

use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Span;
use wast::{QuoteWat, Wast, WastDirective};

/// Finds the line of an offset without reading the text again for each directive.
#[derive(Debug)]
pub struct Lines {
    /// Offsets at which a line begins, the first one left out.
    starts: Vec<usize>,
}

impl Lines {
    pub fn of(text: &str) -> Self {
        Lines {
            starts: text
                .match_indices('\n')
                .map(|(offset, _)| offset + 1)
                .collect(),
        }
    }

    /// The line, counted from one.
    pub fn line(&self, span: Span) -> u32 {
        let before = self.starts.partition_point(|start| *start <= span.offset());
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }
}

/// Reads the script's text into tokens.
pub fn tokens(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    // Scripts on names use characters that a reader might take for others.
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

/// Reads the tokens into directives.
pub fn directives<'a>(tokens: &'a ParseBuffer<'a>) -> Result<Vec<WastDirective<'a>>, wast::Error> {
    Ok(parser::parse::<Wast<'a>>(tokens)?.directives)
}

/// The keyword of a directive.
pub fn keyword(directive: &WastDirective<'_>) -> &'static str {
    match directive {
        WastDirective::Module(_) => "module",
        WastDirective::ModuleDefinition(_) => "module definition",
        WastDirective::ModuleInstance { .. } => "module instance",
        WastDirective::AssertMalformed { .. } => "assert_malformed",
        WastDirective::AssertInvalid { .. } => "assert_invalid",
        WastDirective::AssertInvalidCustom { .. } => "assert_invalid_custom",
        WastDirective::Register { .. } => "register",
        WastDirective::Invoke(_) => "invoke",
        WastDirective::AssertTrap { .. } => "assert_trap",
        WastDirective::AssertReturn { .. } => "assert_return",
        WastDirective::AssertExhaustion { .. } => "assert_exhaustion",
        WastDirective::AssertUnlinkable { .. } => "assert_unlinkable",
        WastDirective::AssertException { .. } => "assert_exception",
        WastDirective::AssertSuspension { .. } => "assert_suspension",
        WastDirective::Thread(_) => "thread",
        WastDirective::Wait { .. } => "wait",
        WastDirective::AssertMalformedCustom { .. } => "assert_malformed_custom",
    }
}

pub fn is_assertion(directive: &WastDirective<'_>) -> bool {
    keyword(directive).starts_with("assert_")
}

/// The module that a directive wants refused.
pub fn refused_module<'d, 'a>(
    directive: &'d mut WastDirective<'a>,
) -> Option<&'d mut QuoteWat<'a>> {
    match directive {
        WastDirective::AssertInvalid { module, .. }
        | WastDirective::AssertMalformed { module, .. } => Some(module),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_know_their_lines() {
        let text = "\n(module)\n\n(assert_malformed (module quote \"x\")\n \"y\")";
        let lines = Lines::of(text);
        let tokens = tokens(text).expect("the script can be read");
        let mut directives = directives(&tokens).expect("the script is well formed");
        let found: Vec<_> = directives
            .iter()
            .map(|d| (lines.line(d.span()), keyword(d), is_assertion(d)))
            .collect();
        assert_eq!(found, [(2, "module", false), (4, "assert_malformed", true)]);
        assert!(refused_module(&mut directives[0]).is_none());
        assert!(refused_module(&mut directives[1]).is_some_and(|module| module.encode().is_err()));
    }
}
