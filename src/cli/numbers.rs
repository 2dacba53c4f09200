//! Numbers in options, taken as leniently as `wamrc` takes them.
//!
//! `wamrc` reads numbers with C's `atoi`: leading white space, a sign, digits, and anything behind them. It
//! lowers a level above 3 to 3, and takes each switch other than 1 as off. We follow it in all that, but a value
//! without any digit, which `atoi` reads as 0, is an error: `--opt-level=fast` must not turn optimisation off.

use crate::options::OptLevel;

/// The largest level that has a meaning of its own.
const HIGHEST_LEVEL: i64 = 3;

/// Parses the value of `--opt-level`: a number, `s` or `z`.
pub(super) fn opt_level(text: &str) -> Result<OptLevel, String> {
    match text {
        "s" => return Ok(OptLevel::Os),
        "z" => return Ok(OptLevel::Oz),
        _ => {}
    }
    match level(text) {
        Ok(0) => Ok(OptLevel::O0),
        Ok(1) => Ok(OptLevel::O1),
        Ok(2) => Ok(OptLevel::O2),
        Ok(_) => Ok(OptLevel::O3),
        Err(_) => Err("expected a number from 0 to 3, `s` or `z`".to_owned()),
    }
}

/// Parses a level from 0 to 3. Like `wamrc`, which keeps levels in unsigned numbers, takes a negative one as the
/// highest.
pub(super) fn level(text: &str) -> Result<u8, String> {
    match number(text) {
        Some(number @ 0..HIGHEST_LEVEL) => Ok(number as u8),
        Some(_) => Ok(HIGHEST_LEVEL as u8),
        None => Err("expected a number from 0 to 3".to_owned()),
    }
}

/// Parses a switch, which 1 turns on and any other number off.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    number(text)
        .map(|number| number == 1)
        .ok_or_else(|| "expected 0 or 1".to_owned())
}

/// Parses a verbosity from 0 to 5.
pub(super) fn verbosity(text: &str) -> Result<u8, String> {
    match number(text) {
        Some(number @ 0..=5) => Ok(number as u8),
        _ => Err("expected a number from 0 to 5".to_owned()),
    }
}

/// Reads the number at the start of `text` as `atoi` does. `None` if no digit is there. A number that is too
/// large for 64 bits becomes the largest.
fn number(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let digits = &text[..end];
    if digits.is_empty() {
        return None;
    }
    let number = digits.parse().unwrap_or(i64::MAX);
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_like_atoi() {
        for (text, expected) in [
            ("0", Some(0)),
            (" 12", Some(12)),
            ("+1", Some(1)),
            ("-1", Some(-1)),
            ("03", Some(3)),
            ("1x", Some(1)),
            ("99999999999999999999", Some(i64::MAX)),
            ("", None),
            ("fast", None),
            ("-", None),
            ("+-1", None),
        ] {
            assert_eq!(number(text), expected, "`{text}`");
        }
    }

    #[test]
    fn levels() {
        for (text, expected) in [
            ("0", OptLevel::O0),
            ("2", OptLevel::O2),
            ("4", OptLevel::O3),
            ("-1", OptLevel::O3),
            ("s", OptLevel::Os),
            ("z", OptLevel::Oz),
        ] {
            assert_eq!(opt_level(text), Ok(expected), "{text}");
        }
        assert!(opt_level("fast").is_err());
        assert_eq!(level("7"), Ok(3));
    }

    #[test]
    fn switches() {
        assert_eq!(switch("1"), Ok(true));
        for off in ["0", "2", "-1"] {
            assert_eq!(switch(off), Ok(false));
        }
        assert!(switch("on").is_err());
        assert!(switch("").is_err());
    }
}
