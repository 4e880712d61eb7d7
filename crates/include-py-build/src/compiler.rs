//! The compiler of our own as what makes code: no Python runs.
//!
//! `compile(target, workers, 0, &jobs)` gives the answers that an interpreter of that release would give.

use pyc_compiler::{Compilation, ErrorKind as Kind, Optimize, Options, Target, WarningKind};

use crate::error::Problem;
use crate::options::Manner;
use crate::parallel::Workers;
use crate::worker::{Answer, Job, Queue, SyntaxError, Warning};

/// The answers in the order of the jobs.
pub(crate) fn compile(
    target: Target,
    workers: &Workers,
    jobs: &[Job<'_>],
) -> Vec<Option<Result<Answer, Problem>>> {
    let queue = Queue::new(jobs);
    workers.at_most(jobs.len()).run(|| {
        while let Some((number, job)) = queue.take() {
            queue.put(number, Ok(one(target, job)));
        }
    });
    queue.into_results()
}

fn one(target: Target, job: &Job<'_>) -> Answer {
    // In a debug build of the user's program, they would take more time than all the rest.
    let options = Options::new(target, job.filename).without_pass_checks();
    let options = match job.manner {
        Manner::Level(0) => options,
        Manner::Level(1) => options.optimize(Optimize::NoAsserts),
        Manner::Level(_) => options.optimize(Optimize::NoDocstrings),
        Manner::Undocumented => options.without_docstrings(),
    };
    match pyc_compiler::compile_to_marshal(job.source, &options) {
        Ok(compiled) => code(compiled),
        Err(error) => refused(&error),
    }
}

fn code(compiled: Compilation<Vec<u8>>) -> Answer {
    let noted = compiled.warnings().iter().filter(|one| one.kind == WarningKind::Syntax);
    let mut warnings: Vec<_> = noted
        .map(|one| Warning {
            line: one.span.map_or(0, |span| span.line),
            message: one.message.clone(),
        })
        .collect();
    warnings.sort();
    warnings.dedup();
    Answer::Code { marshalled: compiled.into_code(), warnings }
}

fn refused(error: &pyc_compiler::SyntaxError) -> Answer {
    let kind = error.kind().exception_name();
    let message = error.message().to_owned();
    match error.kind() {
        Kind::Internal => return Answer::Lost { message },
        Kind::Value | Kind::Depth | Kind::Memory => {
            return Answer::Exception { kind: kind.to_owned(), message };
        }
        _ => {}
    }
    let span = error.span();
    let text = error.text().unwrap_or_default();
    let is_one_line = span.is_some_and(|span| span.end_line == span.line);
    let end_text = if is_one_line { text } else { "" };
    let in_characters = |text, column: Option<usize>| column.map(|at| in_characters(text, at));
    Answer::Syntax(SyntaxError {
        kind: kind.to_owned(),
        message,
        line: span.map(|span| span.line),
        column: in_characters(text, span.and_then(|span| span.column)),
        end_line: span.map(|span| span.end_line),
        end_column: in_characters(end_text, span.and_then(|span| span.end_column)),
        text: text.to_owned(),
    })
}

/// A column in bytes from 0 as one in characters from 1.
fn in_characters(text: &str, column: usize) -> usize {
    let before = text.char_indices().take_while(|(at, _)| *at < column).count();
    before + 1 + column.saturating_sub(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        assert_eq!(in_characters("é = (", 5), 5);
        assert_eq!(in_characters("x", 3), 4);
    }
}
