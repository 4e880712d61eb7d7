//! Compiles a source with our compiler and the interpreter's, and compares the results.
//!
//! Code is compared as bytes in canonical form. It is only decoded if the bytes differ.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyc_code::diff::Difference;
use pyc_code::{CodeObject, marshal};
use pyc_compiler::{ErrorKind, Optimize, Options, SyntaxError, Target, WarningKind};

use super::oracle::{Answer, Verdict};

/// The outcome of a source.
pub(crate) enum Outcome {
    /// The same code, with the number of code objects.
    Same(usize),
    /// Refused by both; with both messages, if they differ.
    BothRefuse(Option<(String, String)>),
    /// Different code, with the number of code objects and the first difference of each that
    /// differs.
    Different(usize, Vec<Difference>),
    /// Our compiler accepts what the interpreter refuses for this reason.
    FalseAccept(String),
    /// Our compiler refuses, for this reason, what the interpreter accepts.
    FalseReject(String),
    /// Our compiler panicked or made invalid code.
    Broken(String),
}

impl Outcome {
    /// Whether both are differences of the same kind, with the first difference in the same field.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Different(_, ours), Self::Different(_, theirs)) => {
                let field = |all: &[Difference]| all.first().map(Difference::field);
                field(ours) == field(theirs)
            }
            (Self::FalseAccept(_), Self::FalseAccept(_)) => true,
            (Self::FalseReject(ours), Self::FalseReject(theirs))
            | (Self::Broken(ours), Self::Broken(theirs)) => message(ours) == message(theirs),
            _ => false,
        }
    }
}

/// An error's message without its position.
fn message(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.rsplit(": ").next().unwrap_or_default()
}

/// Compares a source; returns the outcome, and whether the warnings are equal.
pub(crate) fn compare(
    source: &[u8],
    name: &str,
    target: Target,
    level: Optimize,
    answer: &Answer,
) -> (Outcome, Option<(String, String)>) {
    let options = Options::new(target, name).optimize(level);
    let ours = match unpanicking(|| pyc_compiler::compile_with_warnings(source, &options)) {
        Ok(ours) => ours,
        Err(place) => return (Outcome::Broken(place), None),
    };
    match (ours, &answer.verdict) {
        (Ok(ours), Verdict::Code(theirs)) => {
            let noted: Vec<String> = ours.warnings().iter().map(shown).collect();
            let noted = noted.join("\n");
            let warned = (noted != answer.warnings).then(|| (noted, answer.warnings.clone()));
            let stream = unpanicking(|| pyc_compiler::compile_to_marshal(source, &options));
            let Ok(Ok(stream)) = stream else {
                return (Outcome::Broken("there is code, but no stream".to_owned()), warned);
            };
            (codes(&ours.into_code(), &stream.into_code(), theirs, target), warned)
        }
        (Ok(_), Verdict::Refused(reason)) => {
            (Outcome::FalseAccept(reason.replace('\n', " | ")), None)
        }
        (Err(error), Verdict::Code(_)) => (Outcome::FalseReject(error.to_string()), None),
        (Err(error), Verdict::Refused(reason)) => {
            (Outcome::BothRefuse(words(&error, reason)), None)
        }
    }
}

/// Both messages for a source that both refuse, if they differ. Positions count only if the texts
/// are equal.
fn words(ours: &SyntaxError, theirs: &str) -> Option<(String, String)> {
    let mut parts = theirs.lines().skip(1);
    let mut part = || parts.next().unwrap_or_default();
    let (message, line, offset) = (part(), part(), part());
    if message != ours.message() {
        return Some((ours.message().to_owned(), message.to_owned()));
    }
    let at = ours.span().map_or(0, |span| span.line);
    let column = ours.offset().unwrap_or(0);
    let placed = (line.parse() == Ok(at), offset.parse() == Ok(column));
    let is_known = ours.kind() == ErrorKind::Syntax && line != "None";
    (is_known && placed != (true, true)).then(|| {
        let place = format!("{message} at {at}:{column}");
        (place, format!("{message} at {line}:{offset}"))
    })
}

/// Runs `work`; a panic is returned as its message and position, and isn't printed.
fn unpanicking<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    thread_local! {
        static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
    }
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|panic| PANIC.with_borrow_mut(|text| *text = panic.to_string())));
    let result = catch_unwind(AssertUnwindSafe(work));
    std::panic::set_hook(hook);
    result.map_err(|_| PANIC.take().replace('\n', " "))
}

fn shown(warning: &pyc_compiler::Warning) -> String {
    let kind = match warning.kind {
        WarningKind::Deprecation => "DeprecationWarning",
        _ => "SyntaxWarning",
    };
    let line = warning.span.map_or(0, |span| span.line);
    format!("{kind}:{line}: {}", warning.message)
}

/// Compares our code, and its stream, with the interpreter's.
fn codes(ours: &CodeObject<'static>, stream: &[u8], theirs: &[u8], target: Target) -> Outcome {
    let minor = target.minor();
    let form = marshal::write(ours, minor).and_then(|stream| pyc_code::canonical(&stream, minor));
    let form = match form {
        Ok(form) => form,
        Err(error) => return Outcome::Broken(error.to_string()),
    };
    if form != stream {
        return Outcome::Broken("the stream isn't that of the code object".to_owned());
    }
    let theirs = match marshal::read(theirs, minor) {
        Ok(code) if form != theirs => code,
        Ok(code) => return Outcome::Same(count(&code)),
        Err(error) => return Outcome::Broken(error.to_string()),
    };
    let differences = pyc_code::diff::all(ours, &theirs, minor).collect();
    Outcome::Different(count(&theirs), differences)
}

/// The number of code objects, including nested ones.
fn count(code: &CodeObject<'_>) -> usize {
    1 + code.children().map(count).sum::<usize>()
}
