//! The sources in an interpreter's own tests, extracted from its test package when needed.

use std::process::{Command, Stdio};

use testbed::pythons::Python;

const SCRIPT: &str = include_str!("snippets.py");

/// The sources in the test with this name; empty if the interpreter doesn't have that test.
pub(super) fn of_test(python: &Python, name: &str) -> Result<Vec<Vec<u8>>, String> {
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let output = Command::new(python.path())
        .args(["-B", "-W", "ignore", "-c", SCRIPT, name])
        // Makes the iteration order of sets constant.
        .env("PYTHONHASHSEED", "0")
        .env("TMPDIR", home.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", python.path().display()))?;
    parts(&output.stdout).ok_or_else(|| format!("{name}: not a list of sources"))
}

fn parts(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    while let Some((len, rest)) = bytes.split_first_chunk() {
        let (source, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        found.push(source.to_owned());
        bytes = rest;
    }
    bytes.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parts_are_preceded_by_their_lengths() {
        let bytes = [&[1, 0, 0, 0][..], b"x", &[0, 0, 0, 0]].concat();
        assert_eq!(parts(&bytes), Some(vec![b"x".to_vec(), Vec::new()]));
        assert_eq!(parts(&[2, 0, 0, 0, b'x']), None);
    }
}
