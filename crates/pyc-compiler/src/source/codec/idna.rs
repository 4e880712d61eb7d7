//! IDNA (RFC 3490), as far as sources need it: ASCII.
//!
//! A part between two dots that begins with `xn--` represents other characters. To decode it,
//! CPython also encodes the result again, by Unicode 3.2's rules. Such a source is left to CPython.

use super::undecodable;

/// The text (`encodings/idna.py: Codec.decode`, 3.13).
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<String, String> {
    if bytes.is_ascii() && !has_prefix(bytes) {
        return super::ascii("idna", bytes);
    }
    let mut at = 0;
    for label in bytes.split(|&byte| byte == b'.') {
        if label.len() > 1024 {
            return Err(undecodable("idna", label, at, "label way too long"));
        }
        if is_encoded(label) {
            return Err(format!(
                "encoding problem: {name} with `xn--`, which only CPython decodes; save the file as UTF-8, \
                 or let the interpreter compile (`Backend::Interpreter`)"
            ));
        }
        if let Some(inside) = label.iter().position(|byte| !byte.is_ascii()) {
            let byte = &label[inside..=inside];
            return Err(undecodable("idna", byte, at + inside, "ordinal not in range(128)"));
        }
        at += label.len() + 1;
    }
    super::ascii("idna", bytes)
}

/// Whether CPython isn't needed.
pub(super) fn is_exact(bytes: &[u8]) -> bool {
    !bytes.split(|&byte| byte == b'.').any(is_encoded)
}

fn is_encoded(label: &[u8]) -> bool {
    label.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

fn has_prefix(bytes: &[u8]) -> bool {
    bytes.windows(PREFIX.len()).any(|window| window.eq_ignore_ascii_case(PREFIX))
}

const PREFIX: &[u8] = b"xn--";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encoded_parts_are_left_to_cpython() {
        let long = b"x".repeat(1025);
        for (bytes, text) in [
            (&b"x.y = 'xn--'"[..], "x.y = 'xn--'"),
            (
                b"a.b\xff",
                "'idna' codec can't decode byte 0xff in position 3: ordinal not in range(128)",
            ),
            (
                &[b"a.xn-\xff", &long[..]].concat(),
                "'idna' codec can't decode bytes in position 2-1030: label way too long",
            ),
            (&long, std::str::from_utf8(&long).unwrap()),
        ] {
            assert_eq!(decode("idna", bytes).unwrap_or_else(|words| words), text);
            assert!(is_exact(bytes));
        }
        let words = decode("Idna", b"x.XN--bcher-kva").unwrap_err();
        assert!(words.starts_with("encoding problem: Idna with `xn--`"), "{words}");
        assert!(!is_exact(b"x.XN--bcher-kva"));
    }
}
