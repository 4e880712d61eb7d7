//! The notation for the grammar, and its parsed form.
//!
//! ```text
//! while                                        a rule, and below it its alternatives, the first that fits counts
//!   wrong-while                                another rule; alone and `wrong-`, only when looking for the fault
//!   'while' named ':' block [else]             tokens; what may be missing
//! wrong-while
//!   'while' named NEWLINE     => last ExpectedColon          what to do if it fits
//! ```
//!
//! | written | means |
//! |---|---|
//! | `'if'` `"match"` `NAME` `SOFT` | a token; a name with that text; a kind of token; any soft keyword |
//! | `(x y \| z)` `[x]` `{x}` `{x}+` | a choice; optional; any number; at least one |
//! | `x % ','` | at least one, with commas between |
//! | `&x` `!x` | what follows is an `x`, or isn't; nothing is read |
//! | `~` | from here on, no other alternative is tried |
//! | `^':'` | it has to follow: if not, `expected ':'` |
//! | `since F` `before F` | the target has the feature `F`, or hasn't; nothing is read |
//! | `UNREAD` | a string, whatever is in it |
//! | `a=x` `b=x` | `x` is what the alternative's action speaks of |
//!
//! After a rule's name stands how its results are memoised: `kept` as in CPython, `grows` if it is
//! left-recursive, `noted` because it would take too long otherwise, `quiet` if no errors are
//! searched for in it, `skipped` if what the parser has accepted isn't read. `kept` results are
//! used in both passes, even if they come from the other. This affects messages, so it has to
//! follow CPython (`python.gram: (memo)`, 3.13).

mod first;
mod read;

use std::sync::LazyLock;

use first::Kinds;

use super::node::Kind;
use super::words::Wrong;
use crate::parse::token::{Token, power};
use crate::target::Feature;

/// All rules.
pub(super) struct Grammar {
    rules: Vec<Rule>,
    /// The rule for operands.
    pub(super) operand: Option<RuleId>,
    alternatives: Vec<Alternative>,
    elements: Vec<Element>,
}

/// A rule's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RuleId(u16);

/// Alternatives of one choice, which are stored next to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    first: u16,
    count: u16,
}

/// A rule.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) choice: Choice,
    pub(super) memory: Memory,
    pub(super) quiet: bool,
    /// The lowest precedence of the operators that the rule reads; 0 if it isn't one of the rules
    /// for operators.
    pub(super) power: u8,
    kinds: Kinds,
    more: Kinds,
}

/// How a rule's results are memoised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Nothing,
    Kept,
    Noted,
    Grows,
    /// Not at all, but what the parser has accepted isn't read.
    Skipped,
}

/// One way to match something.
pub(super) struct Alternative {
    first: u16,
    count: u16,
    pub(super) then: Then,
    /// Whether it is tried only when searching for the error.
    pub(super) guarded: bool,
    /// The tokens at which it can match.
    pub(super) kinds: Kinds,
}

/// A step of an alternative.
#[derive(Clone, Copy)]
pub(super) struct Element {
    pub(super) form: Form,
    pub(super) slot: Option<Slot>,
}

/// The parts of an alternative that its action uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    A,
    B,
}

/// What a step matches.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Token(Token),
    Word(&'static str),
    SoftKeyword,
    Rule(RuleId),
    Choice(Choice),
    Optional(Choice),
    Repeated {
        of: Choice,
        at_least_once: Least,
    },
    Separated {
        of: Choice,
        by: Token,
    },
    Ahead(Choice),
    NotAhead(Choice),
    Cut,
    /// Matches if the target has the feature.
    Since(Feature),
    /// Matches if the target lacks the feature.
    Before(Feature),
    /// A string; only its quotes are checked.
    Unread,
    Forced(Token),
}

/// The minimum number of repetitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Least {
    Zero,
    One,
}

/// The action of an alternative that matches.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// Its value is that of its last part.
    Last,
    /// Its value is that of its parts; a list if there are several.
    All,
    Make(Kind),
    Raise(Anchor, Wrong),
    /// The error is a target that can't be one.
    Target(Purpose),
    /// The error is the bound of a type parameter that can't have one.
    Bound(&'static str),
    Check(Check),
}

/// The location of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    At,
    FromTo,
    /// From the start of `a` to the position of the tokenizer
    After,
    /// From the last byte of `a`
    Behind,
    /// At the last token that was read
    Last,
    /// The same, as an `IndentationError`
    Indent,
    /// At the next token
    Next,
}

/// What targets are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Assigned,
    Looped,
    Deleted,
}

/// Checks that are implemented in Rust, in `judge.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Comma,
    Legacy,
    Generator,
    Positional,
    Conversion,
    Field,
    Strings,
    Number,
    Real,
    Imaginary,
    Unequal,
    /// `<>`, which should be `!=`
    Diamond,
    /// An import, which may be of a future feature
    Future,
    /// A field in a format spec, and one in that field's format spec
    FieldInSpec,
    DeepField,
}

/// The rules for operators, and the lowest precedence of what each reads. If no such operator
/// follows, each matches what [`OPERAND`] matches.
const OPERATORS: [(&str, u8); 12] = [
    ("disjunction", power::OR),
    ("conjunction", power::AND),
    ("inversion", power::NOT),
    ("comparison", power::COMPARE),
    ("bitwise-or", power::BIT_OR),
    ("bitwise-xor", power::BIT_XOR),
    ("bitwise-and", power::BIT_AND),
    ("shift", power::SHIFT),
    ("sum", power::SUM),
    ("term", power::TERM),
    ("factor", power::FACTOR),
    ("power", power::POWER),
];

/// The rule for operands.
const OPERAND: &str = "await";

/// The files with the rules.
const FILES: [&str; 3] = [
    include_str!("grammar/statements.peg"),
    include_str!("grammar/expressions.peg"),
    include_str!("grammar/patterns.peg"),
];

/// CPython's grammar for all releases. `None` if it is invalid, which a test rules out.
static GRAMMAR: LazyLock<Option<Grammar>> = LazyLock::new(|| Grammar::read(&FILES).ok());

impl Grammar {
    pub(super) fn get() -> Option<&'static Self> {
        GRAMMAR.as_ref()
    }

    pub(super) fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[usize::from(id.0)]
    }

    pub(super) fn named(&self, name: &str) -> Option<RuleId> {
        let index = self.rules.iter().position(|rule| rule.name == name)?;
        Some(RuleId(u16::try_from(index).ok()?))
    }

    pub(super) fn alternatives(&self, choice: Choice) -> &[Alternative] {
        &self.alternatives[usize::from(choice.first)..][..usize::from(choice.count)]
    }

    pub(super) fn elements(&self, alternative: &Alternative) -> &[Element] {
        &self.elements[usize::from(alternative.first)..][..usize::from(alternative.count)]
    }
}

impl RuleId {
    pub(super) fn number(self) -> u16 {
        self.0
    }
}
