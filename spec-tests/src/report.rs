//! What running a script says, one event at a time, and the tallies made of it.
//!
//! A script runs in a process of its own, which may crash. It therefore writes each event, as one
//! line of JSON, before it goes on; whatever the plan announced and no event settled is counted as
//! failed.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::skip::SkipReason;

/// One line of a script's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// How many assertions the script has.
    Plan { assertions: u32 },
    /// The directive of that line is about to run.
    Begin { line: u32, directive: String },
    /// It has run.
    End { assertion: bool, outcome: Outcome },
    /// The whole script has run.
    Finished,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    Passed,
    /// The script's text is malformed and the text parser says so: nothing is left to compile.
    TextRefused,
    Failed {
        message: String,
    },
    Skipped {
        reason: SkipReason,
    },
}

/// A failed directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub line: u32,
    pub directive: String,
    pub message: String,
}

/// What came of a script, or of many.
///
/// Only assertions count as passed. A module or an action that fails is counted as failed and one
/// that is skipped as skipped, so that nothing is hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    pub skipped: BTreeMap<SkipReason, u32>,
    /// Assertions that ended in the text parser; they are neither passed nor skipped.
    pub text: u32,
}

impl Tally {
    pub fn total_skipped(&self) -> u32 {
        self.skipped.values().sum()
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.text += other.text;
        for (reason, count) in &other.skipped {
            *self.skipped.entry(*reason).or_default() += count;
        }
    }
}

/// The whole result of one script in one mode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptResult {
    pub tally: Tally,
    pub failures: Vec<Failure>,
    /// Line and reason of each skip.
    pub skips: Vec<(u32, SkipReason)>,
}

impl ScriptResult {
    /// Reads a report; `ending` says how the process ended, if not by itself and well.
    pub fn from_report(report: &str, ending: Option<&str>) -> Self {
        let mut result = ScriptResult::default();
        let mut planned = None;
        let mut settled = 0;
        let mut current = (0, String::from("script"));
        let mut finished = false;
        // A process that died while writing leaves half a line; it is no event.
        for event in report
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
        {
            match event {
                Event::Plan { assertions } => planned = Some(assertions),
                Event::Begin { line, directive } => current = (line, directive),
                Event::End { assertion, outcome } => {
                    settled += u32::from(assertion);
                    result.add(assertion, outcome, &current);
                }
                Event::Finished => finished = true,
            }
        }
        if !finished || ending.is_some() {
            let remaining = planned
                .map_or(1, |planned: u32| planned.saturating_sub(settled))
                .max(1);
            result.tally.failed += remaining;
            result.failures.push(Failure {
                line: current.0,
                directive: current.1,
                message: format!(
                    "{}; {remaining} assertions not executed",
                    ending.unwrap_or("the report ends early")
                ),
            });
        }
        result
    }

    fn add(&mut self, assertion: bool, outcome: Outcome, current: &(u32, String)) {
        match outcome {
            Outcome::Passed => self.tally.passed += u32::from(assertion),
            Outcome::TextRefused => self.tally.text += u32::from(assertion),
            Outcome::Failed { message } => {
                self.tally.failed += 1;
                self.failures.push(Failure {
                    line: current.0,
                    directive: current.1.clone(),
                    message,
                });
            }
            Outcome::Skipped { reason } => {
                *self.tally.skipped.entry(reason).or_default() += 1;
                self.skips.push((current.0, reason));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(events: &[Event]) -> String {
        events
            .iter()
            .map(|event| serde_json::to_string(event).expect("an event is plain data") + "\n")
            .collect()
    }

    fn begin(line: u32) -> Event {
        Event::Begin {
            line,
            directive: "assert_return".to_owned(),
        }
    }

    fn end(outcome: Outcome) -> Event {
        Event::End {
            assertion: true,
            outcome,
        }
    }

    #[test]
    fn events_add_up() {
        let text = report(&[
            Event::Plan { assertions: 4 },
            Event::Begin {
                line: 1,
                directive: "module".to_owned(),
            },
            Event::End {
                assertion: false,
                outcome: Outcome::Passed,
            },
            begin(2),
            end(Outcome::Passed),
            begin(3),
            end(Outcome::Failed {
                message: "wrong".to_owned(),
            }),
            begin(4),
            end(Outcome::Skipped {
                reason: SkipReason::SharedTable,
            }),
            begin(5),
            end(Outcome::TextRefused),
            Event::Finished,
        ]);
        let result = ScriptResult::from_report(&text, None);
        assert_eq!(
            (result.tally.passed, result.tally.failed, result.tally.text),
            (1, 1, 1)
        );
        assert_eq!(result.tally.total_skipped(), 1);
        assert_eq!(result.failures[0].line, 3);
        assert_eq!(result.skips, [(4, SkipReason::SharedTable)]);
    }

    #[test]
    fn a_crash_fails_everything_that_was_left() {
        let mut text = report(&[
            Event::Plan { assertions: 5 },
            begin(7),
            end(Outcome::Passed),
            begin(8),
        ]);
        text.push_str(r#"{"event":"en"#);
        let result = ScriptResult::from_report(&text, Some("signal 11"));
        assert_eq!((result.tally.passed, result.tally.failed), (1, 4));
        assert_eq!(result.failures[0].line, 8);
        assert!(result.failures[0].message.contains("signal 11"));
    }

    #[test]
    fn a_crash_after_the_last_assertion_is_still_a_failure() {
        let text = report(&[
            Event::Plan { assertions: 1 },
            begin(1),
            end(Outcome::Passed),
            Event::Finished,
        ]);
        assert_eq!(
            ScriptResult::from_report(&text, Some("signal 6"))
                .tally
                .failed,
            1
        );
        assert_eq!(ScriptResult::from_report("", None).tally.failed, 1);
    }

    #[test]
    fn a_failing_module_counts_though_it_is_no_assertion() {
        let text = report(&[
            Event::Plan { assertions: 0 },
            Event::Begin {
                line: 1,
                directive: "module".to_owned(),
            },
            Event::End {
                assertion: false,
                outcome: Outcome::Failed {
                    message: "refused".to_owned(),
                },
            },
            Event::Finished,
        ]);
        assert_eq!(ScriptResult::from_report(&text, None).tally.failed, 1);
    }
}
