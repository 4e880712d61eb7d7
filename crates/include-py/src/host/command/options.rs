//! Parses a Python command line, as far as needed to find out what it runs.
//!
//! `["-I", "-Wd", "-m", "pip", "list"]` runs the module `pip`. CPython's own parser does everything
//! else (`getopt.c: _PyOS_GetOpt`, `initconfig.c: config_parse_cmdline`, 3.11 to 3.14).

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
};

/// What a command line runs. Numbers are indices into the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::host) enum Runs<'a> {
    /// `-c CODE`.
    Code(&'a OsStr),
    /// `-m MODULE`, and the index of the module's first argument.
    Module(&'a OsStr, usize),
    /// `-`: code from standard input.
    Input,
    /// Only options, or nothing: an interactive session, or standard input.
    Nothing,
    /// The first argument that isn't an option.
    Script(usize),
    /// Nothing: the last option lacks its value. CPython reports this and exits with status 2.
    Incomplete,
}

/// Options without a value. `J` is reserved and therefore excluded.
const FLAGS: &[u8] = b"bBdEhiIOPqRsStuvVx?";
/// Options whose value follows in the same or the next argument.
const WITH_VALUE: &[u8] = b"WX";
const LONG: [&str; 5] = ["help", "help-all", "help-env", "help-xoptions", "version"];
const LONG_WITH_VALUE: &str = "check-hash-based-pycs";

impl<'a> Runs<'a> {
    /// What a complete command line runs, including the program's name.
    pub(in crate::host) fn of(line: &'a [OsString]) -> Option<Self> {
        parse(line.get(1..)?)
    }
}

/// What `python` runs with these arguments; `None` if one of the options is unknown.
pub(super) fn parse<S: AsRef<OsStr>>(arguments: &[S]) -> Option<Runs<'_>> {
    let mut next = 0;
    while let Some(argument) = arguments.get(next) {
        let argument = argument.as_ref();
        let Some(letters) = argument.as_bytes().strip_prefix(b"-") else {
            return Some(Runs::Script(next));
        };
        next += 1;
        match letters {
            b"" => return Some(Runs::Input),
            b"-" => return Some(rest(arguments, next)),
            [b'-', name @ ..] => {
                let name = std::str::from_utf8(name).ok()?;
                if name == LONG_WITH_VALUE {
                    if next == arguments.len() {
                        return Some(Runs::Incomplete);
                    }
                    next += 1;
                } else if !LONG.contains(&name) {
                    return None;
                }
            }
            _ => {
                if let Some(runs) = short(letters, arguments, &mut next)? {
                    return Some(runs);
                }
            }
        }
    }
    Some(Runs::Nothing)
}

/// After `--`.
fn rest<S: AsRef<OsStr>>(arguments: &[S], next: usize) -> Runs<'_> {
    match arguments.get(next).map(|argument| argument.as_ref().as_bytes()) {
        None => Runs::Nothing,
        Some(b"-") => Runs::Input,
        Some(_) => Runs::Script(next),
    }
}

/// Parses an argument of single-letter options; the outer `None` means that one is unknown.
#[expect(clippy::option_option, reason = "unknown, known and not the last, or known and the last")]
fn short<'a, S: AsRef<OsStr>>(
    letters: &'a [u8],
    arguments: &'a [S],
    next: &mut usize,
) -> Option<Option<Runs<'a>>> {
    for (index, letter) in letters.iter().enumerate() {
        if FLAGS.contains(letter) {
            continue;
        }
        if !WITH_VALUE.contains(letter) && !matches!(letter, b'c' | b'm') {
            return None;
        }
        let value = match &letters[index + 1..] {
            b"" => {
                let Some(value) = arguments.get(*next) else { return Some(Some(Runs::Incomplete)) };
                *next += 1;
                value.as_ref()
            }
            attached => OsStr::from_bytes(attached),
        };
        return Some(match letter {
            b'c' => Some(Runs::Code(value)),
            b'm' => Some(Runs::Module(value, *next)),
            _ => None,
        });
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &[&str], expected: Option<Runs<'_>>) {
        assert_eq!(parse(line), expected, "{line:?}");
    }

    #[test]
    fn code_and_modules_end_the_options() {
        let code = Some(Runs::Code(OsStr::new("print(1)")));
        check(&["-c", "print(1)", "--verbose"], code);
        check(&["-SIc", "print(1)"], code);
        check(&["-cprint(1)"], code);
        check(&["-Xdev", "-W", "error", "-u", "-c", "print(1)"], code);
        check(&["-m", "pip", "list"], Some(Runs::Module(OsStr::new("pip"), 2)));
        check(&["-Im", "pip"], Some(Runs::Module(OsStr::new("pip"), 2)));
    }

    #[test]
    fn the_first_other_argument_is_a_script() {
        check(&["app.py", "-c"], Some(Runs::Script(0)));
        check(&["-W", "error", "-Xutf8", "app.py"], Some(Runs::Script(3)));
        check(&["--check-hash-based-pycs", "never", "app.py"], Some(Runs::Script(2)));
        check(&["-B", "--", "-c"], Some(Runs::Script(2)));
        check(&[""], Some(Runs::Script(0)));
    }

    #[test]
    fn input_and_options_alone() {
        check(&["-"], Some(Runs::Input));
        check(&["-u", "-", "x"], Some(Runs::Input));
        check(&["-V"], Some(Runs::Nothing));
        check(&["--version"], Some(Runs::Nothing));
        check(&[], Some(Runs::Nothing));
    }

    #[test]
    fn lines_with_unknown_options_are_rejected() {
        for line in [&["--verbose"][..], &["-p", "80"], &["-uz"], &["-J"]] {
            check(line, None);
        }
    }

    #[test]
    fn values_may_be_missing() {
        for line in [&["-c"][..], &["-Im"], &["-u", "-W"], &["--check-hash-based-pycs"]] {
            check(line, Some(Runs::Incomplete));
        }
    }
}
