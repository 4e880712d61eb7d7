//! The text that `=` in a replacement field puts before the value.
//!
//! | source | 3.13.0 | 3.13.18 |
//! |---|---|---|
//! | `{x = }` | `x = ` | `x = ` |
//! | `{a != b=}` | `a ` | `a != b=` |

use crate::target::{Feature, Target};

/// Appends the text of a field, from after its `{` to before its `!`, `:` or `}`, as the target's tokenizer keeps it
/// (`lexer.c: set_fstring_expr`, 3.13).
pub(super) fn text(source: &str, target: &Target, into: &mut Vec<u8>) {
    let kept = if target.has(Feature::DebugTextPastNotEqual) {
        source
    } else {
        &source[..first_mark(source).unwrap_or(source.len())]
    };
    if !kept.contains('#') {
        into.extend_from_slice(kept.as_bytes());
        return;
    }
    // From a `#` to the line's end nothing is kept, be it a comment or not.
    for line in kept.split_inclusive('\n') {
        match line.split_once('#') {
            Some((before, comment)) => {
                into.extend_from_slice(before.as_bytes());
                if comment.ends_with('\n') {
                    into.push(b'\n');
                }
            }
            None => into.extend_from_slice(line.as_bytes()),
        }
    }
}

/// The first `!` outside of brackets and strings.
fn first_mark(source: &str) -> Option<usize> {
    let mut depth = 0;
    source.bytes().enumerate().find_map(|(at, byte)| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'!' if depth == 0 => return Some(at),
            _ => {}
        }
        None
    })
}
