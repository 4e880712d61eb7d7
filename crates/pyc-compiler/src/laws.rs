//! Laws that must hold for any source. The fuzz target and its smoke test check them.
//!
//! `laws::source(b"x = (")` returns, whatever the bytes are.

use pyc_code::{Minor, Version, marshal};

use crate::{
    ErrorKind, Mode, Optimize, Options, Target, compile_at_levels, compile_to_marshal,
    compile_with_warnings, stage,
};

/// Checks a source for the newest and the oldest release of each version, see [`source_for`].
///
/// # Panics
///
/// If a law is violated.
pub fn source(bytes: &[u8]) {
    for target in targets() {
        source_for(bytes, target);
    }
}

/// The newest and the oldest release of each version.
pub fn targets() -> impl Iterator<Item = Target> {
    Minor::ALL.into_iter().flat_map(|minor| {
        let oldest = Target::for_version(Version::new(minor, 0)).ok();
        Target::newest(minor).into_iter().chain(oldest)
    })
}

/// Checks that each level gives either code that marshal can write and read back, or an error with
/// a message, and that the two parsers agree.
///
/// # Panics
///
/// If a law is violated.
pub fn source_for(bytes: &[u8], target: Target) {
    levels(bytes, &Options::new(target, "law.py"));
    for mode in [Mode::Module, Mode::Interactive, Mode::Expression] {
        let options = Options::new(target, "law.py").mode(mode);
        parsers(bytes, &options);
        for level in [Optimize::None, Optimize::NoDocstrings] {
            one(bytes, &options.clone().optimize(level));
        }
    }
}

/// The fast parser and the diagnosing parser agree on which sources are valid.
fn parsers(bytes: &[u8], options: &Options) {
    let ours = stage::syntax(bytes, options);
    match ours {
        Ok(_) => assert!(stage::grammar_takes(bytes, options), "the grammar takes it"),
        Err(error) => {
            assert_ne!(error.kind(), ErrorKind::Internal, "the grammar refuses it: {error}");
        }
    }
}

/// Levels compiled together give the same as levels compiled one by one.
fn levels(bytes: &[u8], options: &Options) {
    let levels = [Optimize::None, Optimize::NoAsserts, Optimize::NoDocstrings];
    for (level, together) in levels.into_iter().zip(compile_at_levels(bytes, options, &levels)) {
        let alone = compile_to_marshal(bytes, &options.clone().optimize(level));
        assert_eq!(
            together.map(|made| (made.warnings().to_vec(), made.into_code())),
            alone.map(|made| (made.warnings().to_vec(), made.into_code())),
            "{level:?}"
        );
    }
}

fn one(bytes: &[u8], options: &Options) {
    let minor = options.target().minor();
    match compile_with_warnings(bytes, options) {
        Ok(compiled) => {
            let code = compiled.into_code();
            let stream = match marshal::write(&code, minor) {
                // Deeply nested functions, deeper than marshal supports. CPython stops before that.
                Err(error) if *error.kind() == pyc_code::ErrorKind::TooDeep => return,
                stream => stream.expect("code can be marshalled"),
            };
            let again = marshal::read(&stream, minor).expect("what was written can be read");
            assert_eq!(
                pyc_code::diff::first(&code, &again, minor)
                    .map(|difference| difference.to_string()),
                None,
                "marshal carries all of it"
            );
        }
        Err(error) => assert!(!error.to_string().is_empty(), "an error says something"),
    }
}
