//! Two backends' code, compared: what `Bundle::verify_against_interpreter` does.
//!
//! ```text
//! error: python/app.py: the compiler and the interpreter come to different code
//!   = note: <module> > f: co_stacksize is 2, not 3
//! ```

use pyc_code::{Minor, diff, marshal};

use crate::error::{ErrorKind, Problem};
use crate::worker::{Answer, Job};

type Answers = Vec<Option<Result<Answer, Problem>>>;

/// Ours where both are the same; a problem where they differ.
pub(crate) fn compare(jobs: &[Job<'_>], ours: Answers, theirs: Answers, minor: Minor) -> Answers {
    let pairs = ours.into_iter().zip(theirs);
    jobs.iter().zip(pairs).map(|(job, pair)| one(job, pair, minor)).collect()
}

type Pair = (Option<Result<Answer, Problem>>, Option<Result<Answer, Problem>>);

fn one(job: &Job<'_>, pair: Pair, minor: Minor) -> Option<Result<Answer, Problem>> {
    let (ours, theirs) = match pair {
        (Some(Ok(ours)), Some(Ok(theirs))) => (ours, theirs),
        // A problem, or a job that one of them didn't try, is told as such.
        (Some(Ok(_)), other) | (other, _) => return other,
    };
    let difference = match (&ours, &theirs) {
        (Answer::Code { marshalled: left, .. }, Answer::Code { marshalled: right, .. }) => {
            if left == right {
                return Some(Ok(ours));
            }
            shown(left, right, minor)
        }
        (Answer::Code { .. }, refused) => format!("only the interpreter refuses it: {refused:?}"),
        (refused, Answer::Code { .. }) => format!("only the compiler refuses it: {refused:?}"),
        _ => return Some(Ok(ours)),
    };
    let path = job.path.display();
    let text = format!("{path}: the compiler and the interpreter come to different code");
    Some(Err(Problem::new(ErrorKind::Compile, text)
        .note(difference.trim_end().replace('\n', "\n    "))
        .help("please report it; until it is mended, build with `Backend::Interpreter`")))
}

fn shown(left: &[u8], right: &[u8], minor: Minor) -> String {
    match (marshal::read(left, minor), marshal::read(right, minor)) {
        (Ok(left), Ok(right)) => match diff::first(&left, &right, minor) {
            Some(difference) => difference.to_string(),
            None => "the code is equal, but its bytes aren't".to_owned(),
        },
        (Err(error), _) | (_, Err(error)) => format!("code that can't be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use pyc_code::CodeObject;

    use super::*;

    fn answer(stacksize: u32) -> Answer {
        let mut code = CodeObject::default();
        code.name = "<module>".into();
        code.stacksize = stacksize;
        let marshalled = marshal::write(&code, Minor::PY313).unwrap();
        Answer::Code { marshalled, warnings: Vec::new() }
    }

    macro_rules! code {
        ($stacksize:literal) => {
            Some(Ok(answer($stacksize)))
        };
    }

    #[test]
    fn the_first_difference_is_told() {
        let job = [Job {
            filename: "a.py",
            path: Path::new("python/a.py"),
            source: b"",
            manner: crate::options::Manner::Level(0),
        }];
        let answers = compare(&job, vec![code!(1)], vec![code!(1)], Minor::PY313);
        assert_eq!(answers, [code!(1)]);
        let answers = compare(&job, vec![code!(1)], vec![code!(2)], Minor::PY313);
        let Some(Err(problem)) = &answers[0] else { panic!("a problem") };
        assert_eq!(
            problem.message(),
            "python/a.py: the compiler and the interpreter come to different code\n  \
             = note: <module>: co_stacksize is 1, not 2\n  \
             = help: please report it; until it is mended, build with `Backend::Interpreter`"
        );
    }

    #[test]
    fn a_source_that_only_one_takes_is_a_difference() {
        let job = [Job {
            filename: "a.py",
            path: Path::new("a.py"),
            source: b"",
            manner: crate::options::Manner::Level(0),
        }];
        let refused = || {
            let (kind, message) = ("ValueError".to_owned(), "no".to_owned());
            Some(Ok(Answer::Exception { kind, message }))
        };
        assert_eq!(compare(&job, vec![refused()], vec![refused()], Minor::PY313), [refused()]);
        for (ours, theirs) in [(code!(1), refused()), (refused(), code!(1))] {
            let answers = compare(&job, vec![ours], vec![theirs], Minor::PY313);
            assert!(matches!(&answers[0], Some(Err(_))));
        }
        assert_eq!(compare(&job, vec![code!(1)], vec![None], Minor::PY313), [None]);
    }
}
