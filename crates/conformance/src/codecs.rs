//! Compares our codecs with CPython's for every byte, every pair, and important longer sequences.
//!
//! ```text
//! 3.13.0   115 codecs   6226813 sequences   equal, 53 left to CPython
//! ```
//!
//! Sequences for which `pyc_compiler::decodes_exactly` is false are left to CPython: `xn--` in
//! `idna`.

use std::io::{BufRead as _, Read as _};
use std::path::Path;
use std::process::Command;

use pyc_compiler::{Target, stage};

use testbed::pythons::Python;
use testbed::script::Script;

use crate::corpus::Extent;

const SCRIPT: &str = include_str!("codecs.py");
/// Maximum number of differences that are shown for each codec.
const SHOWN: usize = 5;

pub(super) fn run(pythons: &[Python], _: Extent, _: &Path) -> Result<bool, String> {
    let mut good = true;
    for python in pythons {
        good &= compare(python)?;
    }
    Ok(good)
}

fn compare(python: &Python) -> Result<bool, String> {
    let name = python.path().display();
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let [single, double, others] = stage::codecs();
    let renamed: Vec<&str> = stage::renamed_codecs().collect();
    let lists = [&single, &double, &others, &renamed].map(|names| names.join(" "));
    let mut script =
        Script::start_as(Command::new(python.path()).args(["-c", SCRIPT]).args(lists))?;
    let (mut sequences, mut different, mut left) = (0_u64, 0, 0);
    let mut shown = std::collections::HashMap::new();
    for line in script.by_ref().lines() {
        let line = line.map_err(|error| format!("{name}: {error}"))?;
        let mut fields = line.splitn(3, '\t');
        let (Some(codec), Some(bytes), Some(theirs)) =
            (fields.next(), fields.next(), fields.next())
        else {
            return Err(format!("{name}: not a result: {line}"));
        };
        let ours = match stage::decoded(codec, &unhex(bytes)?, &target) {
            Ok(text) => format!("+{}", hex(text.as_bytes())),
            Err(message) => format!("-{message}"),
        };
        sequences += 1;
        if codec == "idna" && ours.starts_with("-encoding problem: idna with `xn--`") {
            left += 1;
            continue;
        }
        if ours != theirs {
            different += 1;
            let shown: &mut usize = shown.entry(codec.to_owned()).or_default();
            *shown += 1;
            if *shown <= SHOWN {
                println!("{codec} {bytes}\n  ours    {ours}\n  CPython {theirs}");
            }
        }
    }
    script.finish()?;
    let codecs = single.len() + double.len() + others.len();
    let result = if different == 0 { "equal".to_owned() } else { format!("{different} DIFFER") };
    println!(
        "{:8} {codecs} codecs   {sequences} sequences   {result}, {left} left to CPython",
        python.version()
    );
    Ok(different == 0)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string doesn't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    let bytes = text.as_bytes().chunks(2).map(|digits| {
        let digits = std::str::from_utf8(digits).ok()?;
        u8::from_str_radix(digits, 16).ok()
    });
    bytes.collect::<Option<_>>().ok_or_else(|| format!("not hexadecimal: {text}"))
}
