//! Finds the encoding declaration of a source (PEP 263).
//!
//! | line | encoding |
//! |---|---|
//! | `# -*- coding: latin-1 -*-` | `iso-8859-1` |
//! | `# vim: set fileencoding=koi8-r :` | `koi8-r` |
//! | `x = 1  # coding: latin-1` | none: the comment must be the line's only content |

/// The normalised name of all spellings of UTF-8.
pub(super) const UTF_8: &str = "utf-8";

/// The encoding named in the first line, or in the second if the first contains at most a comment
/// (`helpers.c: check_coding_spec`, 3.13). Lines end with `\n`.
pub(super) fn find(bytes: &[u8]) -> Option<&str> {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let first = lines.next()?;
    in_line(first).or_else(|| {
        let code = first.iter().find(|byte| !is_blank(**byte));
        if code.is_some_and(|byte| *byte != b'#') {
            return None;
        }
        in_line(lines.next()?)
    })
}

fn in_line(line: &[u8]) -> Option<&str> {
    let comment = line.iter().position(|byte| !is_blank(*byte))?;
    let mut rest = &line[comment..];
    if rest[0] != b'#' {
        return None;
    }
    while let Some(at) = memchr::memmem::find(rest, b"coding") {
        rest = &rest[at + 6..];
        let Some((b':' | b'=', value)) = rest.split_first() else { continue };
        let start = value.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let value = &value[start..];
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let len = value.iter().take_while(is_part).count();
        if let (1.., Ok(name)) = (len, std::str::from_utf8(&value[..len])) {
            return Some(normalized(name));
        }
    }
    None
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\x0c')
}

/// Normalises the names of the two encodings that CPython handles without codecs (`helpers.c:
/// get_normal_name`, 3.13).
fn normalized(name: &str) -> &str {
    let start: String = name.chars().take(12).collect();
    let start = start.to_ascii_lowercase().replace('_', "-");
    let is = |known: &str| {
        start.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if is(UTF_8) {
        UTF_8
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1"
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_where_they_count() {
        for (source, encoding) in [
            ("# -*- coding: latin-1 -*-\n", Some("iso-8859-1")),
            ("\x0c #coding=UTF_8-sig", Some("utf-8")),
            ("#!/usr/bin/python\n# vim: set fileencoding=koi8-r :\n", Some("koi8-r")),
            ("# coding : nope\n", None),
            ("# coding: \n# coding: cp1252", Some("cp1252")),
            ("# a coding is not coding: b", Some("b")),
            ("x = 1 # coding: nope\n", None),
            ("x = 1\n# coding: nope\n", None),
            ("\n\n# coding: nope\n", None),
            ("# coding: iso-8859-15", Some("iso-8859-15")),
        ] {
            assert_eq!(find(source.as_bytes()), encoding, "{source}");
        }
    }
}
