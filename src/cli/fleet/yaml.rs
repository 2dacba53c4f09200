//! Reads YAML into nodes that know their line and column.
//!
//! Scalars keep their text: `3`, `true` and `1e3` mean to an option what they mean on the command line.

use std::fmt;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

/// The limit of nested lists and mappings. A configuration has three levels.
const MOST_LEVELS: usize = 16;

/// A place in the text; both numbers count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub line: usize,
    pub column: usize,
}

impl Position {
    const START: Position = Position { line: 1, column: 1 };
}

impl From<&Marker> for Position {
    fn from(marker: &Marker) -> Position {
        Position {
            line: marker.line().max(1),
            column: marker.col() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A fault in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub at: Position,
    pub what: String,
}

impl Fault {
    pub fn new(at: Position, what: impl Into<String>) -> Fault {
        let what = what.into();
        Fault { at, what }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub at: Position,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Scalar {
        text: String,
        /// Without quotes: `true` is a truth value, `"true"` is not.
        plain: bool,
    },
    List(Vec<Node>),
    Mapping(Vec<(Key, Node)>),
}

#[derive(Debug, Clone)]
pub(super) struct Key {
    pub at: Position,
    pub name: String,
}

impl Node {
    /// Returns the text of a scalar. `expected` names what should stand there.
    pub fn text(&self, expected: &str) -> Result<&str, Fault> {
        match &self.value {
            Value::Scalar { text, plain } if !text.is_empty() || !plain => Ok(text),
            _ => Err(self.unexpected(expected)),
        }
    }

    pub fn mapping(&self, expected: &str) -> Result<&[(Key, Node)], Fault> {
        match &self.value {
            Value::Mapping(entries) => Ok(entries),
            _ => Err(self.unexpected(expected)),
        }
    }

    pub fn list(&self, expected: &str) -> Result<&[Node], Fault> {
        match &self.value {
            Value::List(items) => Ok(items),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Reports whether this is the plain `null`, `~` or nothing.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true }
            if ["", "~", "null", "Null", "NULL"].contains(&text.as_str()))
    }

    /// Returns the truth value of a plain `true` or `false`.
    pub fn truth(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar { text, plain: true } => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn unexpected(&self, expected: &str) -> Fault {
        let found = match &self.value {
            Value::Scalar { text, plain: true } if text.is_empty() => "nothing".to_owned(),
            Value::Scalar { text, .. } => format!("`{text}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
        };
        Fault::new(self.at, format!("found {found}, expected {expected}"))
    }
}

/// Reads the only document of `text`.
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let mut events = Events {
        parser: Parser::new_from_str(text),
    };
    loop {
        match events.next()? {
            (Event::DocumentStart(_), _) => break,
            (Event::StreamEnd, _) => return Err(Fault::new(Position::START, "the file is empty")),
            _ => {}
        }
    }
    let (event, span) = events.next()?;
    let node = events.node(event, span, 0)?;
    loop {
        match events.next()? {
            (Event::StreamEnd, _) => return Ok(node),
            (Event::DocumentStart(_), span) => {
                let at = Position::from(&span.start);
                return Err(Fault::new(at, "found a second document, expected the end"));
            }
            _ => {}
        }
    }
}

struct Events<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

impl<'a> Events<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Fault> {
        match self.parser.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let at = Position::from(error.marker());
                Err(Fault::new(at, format!("this is no YAML: {}", error.info())))
            }
            // The stream has an end event, behind which nobody asks.
            None => Err(Fault::new(Position::START, "the file ends early")),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, level: usize) -> Result<Node, Fault> {
        let at = Position::from(&span.start);
        if level > MOST_LEVELS {
            return Err(Fault::new(at, "lists and mappings are nested too deeply"));
        }
        let value = match event {
            Event::Scalar(text, style, ..) => Value::Scalar {
                text: text.into_owned(),
                plain: style == ScalarStyle::Plain,
            },
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break Value::List(items),
                        (event, span) => items.push(self.node(event, span, level + 1)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries: Vec<(Key, Node)> = Vec::new();
                loop {
                    let key = match self.next()? {
                        (Event::MappingEnd, _) => break,
                        (event, span) => self.node(event, span, level + 1)?,
                    };
                    let name = key.text("a name")?.to_owned();
                    if entries.iter().any(|(other, _)| other.name == name) {
                        return Err(Fault::new(key.at, format!("`{name}` stands here twice")));
                    }
                    let (event, span) = self.next()?;
                    let value = self.node(event, span, level + 1)?;
                    entries.push((Key { at: key.at, name }, value));
                }
                Value::Mapping(entries)
            }
            Event::Alias(_) => {
                return Err(Fault::new(
                    at,
                    "aliases are not supported; `defaults` holds what all entries share",
                ));
            }
            _ => return Err(Fault::new(at, "found no value")),
        };
        Ok(Node { at, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let Fault { at, what } = parse(text).expect_err("the text must be refused");
        format!("{at}: {what}")
    }

    #[test]
    fn positions() {
        let node = parse("a: 1\nb:\n  - x\n  - {c: \"true\"}\n").unwrap();
        let entries = node.mapping("").unwrap();
        assert_eq!(entries[0].1.at, Position { line: 1, column: 4 });
        let items = entries[1].1.list("").unwrap();
        assert_eq!(items[1].at, Position { line: 4, column: 5 });
        let inner = items[1].mapping("").unwrap();
        assert_eq!(inner[0].0.name, "c");
        assert_eq!(inner[0].1.truth(), None);
        assert_eq!(inner[0].1.text("").unwrap(), "true");
    }

    #[test]
    fn faults() {
        assert_eq!(fault(""), "1:1: the file is empty");
        assert_eq!(fault("a: 1\na: 2\n"), "2:1: `a` stands here twice");
        assert_eq!(
            fault("a: &x 1\nb: *x\n"),
            "2:4: aliases are not supported; `defaults` holds what all entries share"
        );
        assert_eq!(
            fault("a: 1\n---\nb: 2\n"),
            "2:1: found a second document, expected the end"
        );
        assert!(fault(&"[".repeat(20)).contains("nested too deeply"));
        // The package has a limit of its own.
        assert!(fault(&"[".repeat(100_000)).contains("this is no YAML"));
        assert!(fault("a: [1, 2\n").contains("this is no YAML"));
    }
}
