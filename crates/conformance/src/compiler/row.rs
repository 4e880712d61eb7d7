//! Counts sources by outcome.
//!
//! A row is printed below [`HEADING`].

use super::causes::Causes;
use super::compare::Outcome;

pub(crate) const HEADING: &str =
    "            files  identical  refused  false accepts  false rejects  broken  code objects";

/// Whether the messages of errors are compared if both refuse a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Messages {
    Compared,
    Ignored,
}

/// The counts of outcomes.
#[derive(Default)]
pub(crate) struct Row {
    files: usize,
    identical: usize,
    refused: usize,
    false_accepts: usize,
    false_rejects: usize,
    broken: usize,
    codes: usize,
    same_codes: usize,
}

impl Row {
    /// Counts a file; returns whether it is equal.
    pub(crate) fn add(
        &mut self,
        outcome: &Outcome,
        name: &str,
        causes: &mut Causes,
        messages: Messages,
    ) -> bool {
        self.files += 1;
        match outcome {
            Outcome::Same(codes) => {
                self.identical += 1;
                self.codes += codes;
                self.same_codes += codes;
                return true;
            }
            Outcome::BothRefuse(pair) => {
                self.refused += 1;
                if let (Some((ours, theirs)), Messages::Compared) = (pair, messages) {
                    causes.add_text(format!("message: {theirs}"), name, ours);
                }
                return true;
            }
            Outcome::Different(codes, differences) => {
                self.codes += codes;
                self.same_codes += codes.saturating_sub(differences.len());
                for difference in differences {
                    causes.add(name, difference);
                }
            }
            Outcome::FalseAccept(reason) => {
                self.false_accepts += 1;
                causes.add_text(format!("false accept: {reason}"), name, reason);
            }
            Outcome::FalseReject(reason) => {
                self.false_rejects += 1;
                let words = reason.lines().next().and_then(|line| line.splitn(4, ':').nth(3));
                causes.add_text(format!("false reject:{}", words.unwrap_or("")), name, reason);
            }
            Outcome::Broken(reason) => {
                self.broken += 1;
                causes.add_text(format!("broken: {reason}"), name, reason);
            }
        }
        false
    }

    /// Prints the counts under [`HEADING`].
    pub(crate) fn print(&self, label: &str) {
        let Self { files, identical, refused, false_accepts, false_rejects, broken, .. } = self;
        println!(
            "{label:10} {files:6} {identical:10} {refused:8} {false_accepts:14} {false_rejects:14} {broken:7}  {} / {}",
            self.same_codes, self.codes
        );
    }

    pub(crate) fn is_good(&self) -> bool {
        self.identical + self.refused == self.files
    }

    /// The number of sources that only one of the two accepts.
    pub(crate) fn false_verdicts(&self) -> usize {
        self.false_accepts + self.false_rejects
    }

    /// Whether all code is equal where both produce code.
    pub(crate) fn is_same_where_accepted(&self) -> bool {
        self.broken == 0 && self.same_codes == self.codes
    }
}
