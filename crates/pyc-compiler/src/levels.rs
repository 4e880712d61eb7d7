//! One source at several levels: what doesn't depend on the level is done once.
//!
//! ```text
//! decode ─▶ parse ─▶ scopes ─┬▶ level 0 ─▶ code
//!                            ├▶ level 1 ─▶ the same code, unless there is an `assert`
//!                            └▶ level 2 ─▶ the same code, unless there is a docstring
//! ```
//!
//! The stages can't read the level. They ask a [`Context`] three questions, which are noted: a run
//! in which all that were asked would be answered as before makes what it made before.

use std::cell::Cell;

use crate::context::Context;
use crate::error::{Result, SyntaxError};
use crate::future::Future;
use crate::options::{Optimize, Options};
use crate::pipeline::{self, Compilation};
use crate::scope::Scopes;
use crate::tree::Tree;
use crate::{code, codegen};

/// Which questions about the level were asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// What `__debug__` is, which is in the tree.
    debug: Cell<bool>,
    asserts: Cell<bool>,
    docstrings: Cell<bool>,
}

impl Context<'_> {
    /// The value of `__debug__`.
    pub(crate) fn debug(&self) -> bool {
        self.asked.debug.set(true);
        self.options.level() == Optimize::None
    }

    /// Whether code is made for `assert`.
    pub(crate) fn keeps_asserts(&self) -> bool {
        self.asked.asserts.set(true);
        self.options.level() == Optimize::None
    }

    pub(crate) fn keeps_docstrings(&self) -> bool {
        self.asked.docstrings.set(true);
        self.options.keeps_docstrings()
    }
}

impl Asked {
    /// Whether trees under both options are the same.
    fn same_tree(&self, one: &Options, other: &Options) -> bool {
        let debug = |options: &Options| options.level() == Optimize::None;
        !self.debug.get() || debug(one) == debug(other)
    }

    /// Whether code under both options is the same.
    fn same_code(&self, one: &Options, other: &Options) -> bool {
        let asserts = |options: &Options| options.level() == Optimize::None;
        self.same_tree(one, other)
            && (!self.asserts.get() || asserts(one) == asserts(other))
            && (!self.docstrings.get() || one.keeps_docstrings() == other.keeps_docstrings())
    }
}

/// [`compile_to_marshal`](crate::compile_to_marshal) at each of `levels`, whatever level `options`
/// have, in far less time than one after the other. The list ends early, with an error, at the
/// first level that refuses the source.
///
/// ```
/// use pyc_code::Minor;
/// use pyc_compiler::{Optimize, Options, Target, compile_at_levels};
///
/// let options = Options::new(Target::newest(Minor::PY313).unwrap(), "spam.py");
/// let levels = [Optimize::None, Optimize::NoAsserts, Optimize::NoDocstrings];
/// let codes = compile_at_levels(b"assert eggs\n", &options, &levels);
/// let codes: Result<Vec<_>, _> = codes.into_iter().collect();
/// let codes: Vec<_> = codes?.into_iter().map(|code| code.into_code()).collect();
/// assert!(codes[0] != codes[1] && codes[1] == codes[2]);
/// # Ok::<(), pyc_compiler::SyntaxError>(())
/// ```
#[must_use]
pub fn compile_at_levels(
    source: &[u8],
    options: &Options,
    levels: &[Optimize],
) -> Vec<Result<Compilation<Vec<u8>>, SyntaxError>> {
    let all: Vec<Options> = levels.iter().map(|&level| options.clone().optimize(level)).collect();
    let mut done: Vec<Compilation<Vec<u8>>> = Vec::with_capacity(all.len());
    while let [first, ..] = &all[done.len()..] {
        let (rest, before) = (&all[done.len()..], done.len());
        let outcome = pipeline::run(source, Context::new(first), |source, context| {
            pipeline::analysed(source, context, |tree, scopes, future, context| {
                each(tree, (scopes, future), context, rest, &mut done)
            })
        });
        match outcome {
            Err(error) if done.len() == before => {
                return done.into_iter().map(Ok).chain([Err(error)]).collect();
            }
            // If a later level is refused, its own run says why.
            _ => {}
        }
    }
    done.into_iter().map(Ok).collect()
}

/// Compiles under each of `all`, as far as the tree is theirs.
fn each<'o>(
    tree: &Tree,
    (scopes, future): (&Scopes, Future),
    context: &mut Context<'o>,
    all: &'o [Options],
    done: &mut Vec<Compilation<Vec<u8>>>,
) -> Result<()> {
    // What the stages before have warned of.
    let warnings = context.warnings.len();
    for (at, options) in all.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|before| &all[before]) {
            if context.asked.same_code(before, options) {
                done.extend(done.last().cloned());
                continue;
            }
            if !context.asked.same_tree(before, options) {
                break;
            }
        }
        context.options = options;
        context.warnings.truncate(warnings);
        let root = codegen::generate(tree, scopes, future, context)?;
        context.ended("codegen");
        let code = code::to_marshal(root, context)?;
        done.push(Compilation::new(code, context.warnings.clone()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use pyc_code::Minor;

    use super::*;
    use crate::{Target, compile_to_marshal};

    const LEVELS: [Optimize; 3] = [Optimize::None, Optimize::NoAsserts, Optimize::NoDocstrings];

    /// Sources that depend on the level in one way each, or in none.
    const SOURCES: [&str; 10] = [
        "x = 1\n",
        "assert x, f'{y}'\n",
        "'Text.'\ndef f():\n    'More.'\n    return lambda: 1\n",
        "def f():\n    assert (x, y)\n    return 1 is 2\n",
        "if __debug__:\n    x = 1\nelse:\n    y = 1\n",
        "class A:\n    'A.'\n    def f(self):\n        assert __debug__\n        self.x = {1, 'a', 2.5}\n",
        "x = 1e999 - 1e999, [x for y in z if __debug__]\nassert x\n",
        "x = = 1\n",
        "if __debug__: return\n",
        "def f():\n    '''\\ud800'''\n    assert x\n",
    ];

    #[test]
    fn levels_together_are_levels_one_by_one() {
        for minor in [Minor::PY311, Minor::PY312, Minor::PY313] {
            let options = Options::new(Target::newest(minor).unwrap(), "spam.py");
            for source in SOURCES {
                for levels in [&LEVELS[..], &LEVELS[1..], &[LEVELS[2], LEVELS[0]], &LEVELS[..1]] {
                    check(source, &options, levels);
                }
            }
        }
    }

    fn check(source: &str, options: &Options, levels: &[Optimize]) {
        let alone = |&level: &Optimize| {
            compile_to_marshal(source.as_bytes(), &options.clone().optimize(level))
        };
        let mut expected: Vec<_> = levels.iter().map(alone).collect();
        if let Some(first) = expected.iter().position(Result::is_err) {
            expected.truncate(first + 1);
        }
        let parts = |outcome: Result<Compilation<Vec<u8>>, SyntaxError>| {
            outcome.map(|made| (made.warnings().to_vec(), made.into_code()))
        };
        let together = compile_at_levels(source.as_bytes(), options, levels);
        assert_eq!(
            together.into_iter().map(parts).collect::<Vec<_>>(),
            expected.into_iter().map(parts).collect::<Vec<_>>(),
            "{source}"
        );
    }
}
