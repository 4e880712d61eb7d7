//! Compiles one source for several targets and levels. What doesn't depend on them is done once.
//!
//! ```text
//! decode ─▶ parse ─┬▶ 3.12: scopes ─┬▶ level 0 ─▶ code
//!                  │                ├▶ level 1 ─▶ the same code, unless there is an `assert`
//!                  │                └▶ level 2 ─▶ the same code, unless there is a docstring
//!                  └▶ 3.13: scopes ─┬▶ …
//! ```
//!
//! Decoder and parser have no direct access to the target, and no stage has to the level. They ask
//! [`Facts`] and a [`Context`], which record the questions. If another target and level would give
//! the same answers, the tree is reused for them.
//!
//! [`Facts`]: crate::target::Facts

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
    /// What `__debug__` is: its value is in the tree.
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

    /// Whether `assert` statements are compiled.
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
    /// Whether both options give the same tree.
    fn same_tree(&self, one: &Options, other: &Options) -> bool {
        let debug = |options: &Options| options.level() == Optimize::None;
        !self.debug.get() || debug(one) == debug(other)
    }

    /// Whether both options give the same code.
    fn same_code(&self, one: &Options, other: &Options) -> bool {
        let asserts = |options: &Options| options.level() == Optimize::None;
        self.same_tree(one, other)
            && (!self.asserts.get() || asserts(one) == asserts(other))
            && (!self.docstrings.get() || one.keeps_docstrings() == other.keeps_docstrings())
    }
}

/// Does the same as [`compile_to_marshal`](crate::compile_to_marshal) at each of `levels`, instead
/// of the level of `options`, but runs a stage again only if it depends on the level. The list ends
/// early, with an error, at the first level that refuses the source.
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
    compile_each(source, &all)
}

/// Does the same as [`compile_to_marshal`](crate::compile_to_marshal) with each of `all`, from as
/// few parses as possible: consecutive options share a tree if their target and level give the
/// source the same one. The list ends early, with an error, at the first options that refuse the
/// source.
///
/// 3.12 and 3.13 share the tree of most sources, and so do 3.14 and 3.15. The older ones never
/// share it with the newer ones, which don't fold constants in the tree.
///
/// ```
/// use pyc_compiler::{Options, Target, compile_each, compile_to_marshal};
///
/// let all = ["3.12", "3.13", "3.14"].map(|name| Target::named(name).map(|target| Options::new(target, "spam.py")));
/// let all = all.into_iter().collect::<Result<Vec<_>, _>>()?;
/// for (options, code) in all.iter().zip(compile_each(b"eggs()\n", &all)) {
///     assert_eq!(code?.into_code(), compile_to_marshal(b"eggs()\n", options)?.into_code());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn compile_each(
    source: &[u8],
    all: &[Options],
) -> Vec<Result<Compilation<Vec<u8>>, SyntaxError>> {
    let mut done: Vec<Compilation<Vec<u8>>> = Vec::with_capacity(all.len());
    while let [first, ..] = &all[done.len()..] {
        let (rest, before) = (&all[done.len()..], done.len());
        let outcome = pipeline::run(source, Context::new(first), |source, context| {
            pipeline::parsed(source, context, |tree, context| {
                for_targets(tree, context, rest, &mut done)
            })
        });
        match outcome {
            Err(error) if done.len() == before => {
                return done.into_iter().map(Ok).chain([Err(error)]).collect();
            }
            // If later options refuse the source, their own run reports the error.
            _ => {}
        }
    }
    done.into_iter().map(Ok).collect()
}

/// Compiles with those at the start of `all` that share the tree.
fn for_targets<'o>(
    tree: &Tree,
    context: &mut Context<'o>,
    all: &'o [Options],
    done: &mut Vec<Compilation<Vec<u8>>>,
) -> Result<()> {
    let questions = context.facts.questions();
    let warnings = context.warnings.len();
    let first = context.options;
    for options in all.chunk_by(|one, other| one.target() == other.target()) {
        let is_same = questions.answered_alike(options[0].target())
            && options[0].reads_alike(first)
            && context.asked.same_tree(first, &options[0]);
        if !is_same {
            break;
        }
        context.switch(&options[0]);
        context.warnings.truncate(warnings);
        let (future, scopes) = pipeline::scopes(tree, context)?;
        if at_levels(tree, (&scopes, future), context, options, done)? < options.len() {
            break;
        }
    }
    Ok(())
}

/// Compiles with each of `all`, which differ only in the level. Returns for how many the tree is
/// valid.
fn at_levels<'o>(
    tree: &Tree,
    (scopes, future): (&Scopes, Future),
    context: &mut Context<'o>,
    all: &'o [Options],
    done: &mut Vec<Compilation<Vec<u8>>>,
) -> Result<usize> {
    // The number of warnings of the stages before.
    let warnings = context.warnings.len();
    for (at, options) in all.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|before| &all[before]) {
            if !options.reads_alike(before) || !context.asked.same_tree(before, options) {
                return Ok(at);
            }
            if context.asked.same_code(before, options) {
                done.extend(done.last().cloned());
                continue;
            }
        }
        context.switch(options);
        context.warnings.truncate(warnings);
        let root = codegen::generate(tree, scopes, future, context)?;
        context.ended("codegen");
        let code = code::to_marshal(root, context)?;
        done.push(Compilation::new(code, context.warnings.clone()));
    }
    Ok(all.len())
}

#[cfg(test)]
mod tests {
    use pyc_code::Minor;

    use super::*;
    use crate::{Target, compile_to_marshal};

    const LEVELS: [Optimize; 3] = [Optimize::None, Optimize::NoAsserts, Optimize::NoDocstrings];

    /// Sources that each depend on the level in one way, or not at all.
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
    fn compiling_levels_together_equals_one_by_one() {
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
        let all = levels.iter().map(|&level| options.clone().optimize(level)).collect::<Vec<_>>();
        same_as_alone(source.as_bytes(), &all);
    }

    fn same_as_alone(source: &[u8], all: &[Options]) {
        let alone = |options: &Options| compile_to_marshal(source, options);
        let mut expected: Vec<_> = all.iter().map(alone).collect();
        if let Some(first) = expected.iter().position(Result::is_err) {
            expected.truncate(first + 1);
        }
        let parts = |outcome: Result<Compilation<Vec<u8>>, SyntaxError>| {
            outcome.map(|made| (made.warnings().to_vec(), made.into_code()))
        };
        let together = compile_each(source, all);
        assert_eq!(
            together.into_iter().map(parts).collect::<Vec<_>>(),
            expected.into_iter().map(parts).collect::<Vec<_>>(),
            "{}",
            String::from_utf8_lossy(source)
        );
    }

    /// Sources that some releases read, warn about or refuse in another way than others.
    const READ_DIFFERENTLY: [&[u8]; 20] = [
        b"class A[T=int]: pass\n",
        b"type A = int\n",
        b"try: pass\nexcept A, B: pass\n",
        b"t'{x}'\n",
        b"lazy import a\n",
        b"[*a for a in b]\n",
        b"match a:\n  case +1: pass\n",
        b"match a:\n  case __debug__.x: pass\n",
        b"f'{x!r:{y}} {z = } {a == b = :>{c}}'\n",
        b"f'{x # y\n = }'\n",
        b"rf'{x:\\d}' '\\d'\n'''\n\\d'''\n",
        b"f'{x:\n}'\n",
        b"from __future__ import barry_as_FLUFL\n1 <> 2\n",
        b"1j ** 2.5, 1j * 2, ~True, 2 ** -3.5, 1 + 2, -1\n",
        b"\xe0\xb3\xb3 = 1\n'\\N{LATIN SMALL LETTER A}\\N{cjk unified ideograph-4e00}'\n",
        b"# coding: windows-31j\nx\n",
        b"# coding: palmos\n'\x9b'\n",
        b"x = 1 # \xff\n",
        b"def f():\n  try: pass\n  finally: return 1\nassert f\n",
        b"x = lambda: lambda: lambda: lambda: lambda: (((((((((((((((((((((1)))))))))))))))))))))\n",
    ];

    const RELEASES: [&str; 7] =
        ["3.11.2", "3.12.1", "3.12.7", "3.13.0", "3.13.18", "3.14.10", "3.15.2"];

    #[test]
    fn compiling_targets_together_equals_one_by_one() {
        let options = |release: &str, level| {
            Options::new(Target::named(release).unwrap(), "spam.py").optimize(level)
        };
        for source in SOURCES.iter().map(|source| source.as_bytes()).chain(READ_DIFFERENTLY) {
            for start in 0..RELEASES.len() {
                let mut order = RELEASES[start..].to_vec();
                for _ in 0..2 {
                    let all = order.iter().flat_map(|one| LEVELS.map(|level| options(one, level)));
                    same_as_alone(source, &all.collect::<Vec<_>>());
                    let all = order.iter().map(|one| options(one, Optimize::None));
                    same_as_alone(source, &all.collect::<Vec<_>>());
                    order.reverse();
                }
            }
        }
    }

    /// How often a source is parsed for these releases.
    fn parses(source: &[u8], releases: &[&str]) -> usize {
        let options = |release| Options::new(Target::named(release).unwrap(), "spam.py");
        let options: Vec<_> = releases.iter().copied().map(options).collect();
        let mut count = 0;
        let mut rest = &options[..];
        while let [first, ..] = rest {
            let mut done = Vec::new();
            let outcome = pipeline::run(source, Context::new(first), |source, context| {
                pipeline::parsed(source, context, |tree, context| {
                    for_targets(tree, context, rest, &mut done)
                })
            });
            count += 1;
            rest = if outcome.is_ok() { &rest[done.len()..] } else { &rest[1..] };
        }
        count
    }

    #[test]
    fn releases_share_a_parse_unless_they_read_a_source_differently() {
        let all = ["3.12", "3.13", "3.14", "3.15"];
        let usual = "class A(B):\n    'Text\\n.'\n    def f(self, é: int = 1 + 2) -> str:\n        \
            return f'{self!r:>{é}} {é = }' if é else [x for x in (1, 2)]\n";
        assert_eq!(parses(usual.as_bytes(), &all), 2);
        assert_eq!(parses(usual.as_bytes(), &all[..2]), 1);
        assert_eq!(parses(b"class A[T=int]: pass\n", &all[..2]), 2);
        assert_eq!(parses(b"class A[T]: pass\n", &all[..2]), 1);
        assert_eq!(parses(b"x = 1\n", &["3.11", "3.12"]), 1);
        assert_eq!(parses(b"f'{x}'\n", &["3.11", "3.12"]), 2);
    }
}
