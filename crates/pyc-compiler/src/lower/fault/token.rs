//! CPython's words for errors of the tokenizer (`lexer.c`, 3.13).
//!
//! | source | words |
//! |---|---|
//! | `'a` | unterminated string literal (detected at line 1) |
//! | `x = €` | invalid character '€' (U+20AC) |

use ruff_python_parser::LexicalErrorType;
use ruff_text_size::TextRange;

use super::Text;

impl Text<'_> {
    pub(super) fn lexical(self, error: &LexicalErrorType, range: TextRange) -> Option<String> {
        let words = match error {
            LexicalErrorType::UnclosedStringError => {
                let quotes = self.text[range].trim_start_matches(char::is_alphabetic);
                let triple = quotes.starts_with("'''") || quotes.starts_with("\"\"\"");
                let triple = if triple { "triple-quoted " } else { "" };
                return Some(self.unterminated("string", triple, range));
            }
            LexicalErrorType::LineContinuationError => {
                "unexpected character after line continuation character"
            }
            LexicalErrorType::InvalidByteLiteral => {
                "bytes can only contain ASCII literal characters"
            }
            LexicalErrorType::UnicodeError => {
                "(unicode error) 'unicodeescape' codec can't decode bytes: an escape names no character"
            }
            LexicalErrorType::MissingUnicodeLbrace | LexicalErrorType::MissingUnicodeRbrace => {
                "(unicode error) 'unicodeescape' codec can't decode bytes: malformed \\N character escape"
            }
            LexicalErrorType::FStringError(error) => {
                let error = ruff_python_parser::ParseErrorType::FStringError(error.clone());
                return self.words(&error, range);
            }
            LexicalErrorType::OtherError(words) => return self.number(words, range),
            _ => return None,
        };
        Some(words.to_owned())
    }

    pub(super) fn unterminated(self, what: &str, triple: &str, range: TextRange) -> String {
        let end = if triple.is_empty() { range.start() } else { range.end() };
        let before = &self.text[..end.to_usize()];
        let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        // The line end that ends the file begins no line.
        let line = lines + usize::from(triple.is_empty() || !before.ends_with('\n'));
        format!("unterminated {triple}{what} literal (detected at line {line})")
    }

    /// Numbers that aren't any.
    fn number(self, words: &str, range: TextRange) -> Option<String> {
        let source = &self.text[range];
        let digits = |radix: u32, name: &str| {
            let wrong = self.text[range.end().to_usize()..].chars().next();
            Some(match wrong.filter(char::is_ascii_digit) {
                Some(digit) if radix < 10 => format!("invalid digit '{digit}' in {name} literal"),
                _ => format!("invalid {name} literal"),
            })
        };
        match source.get(..2) {
            Some("0x" | "0X") => digits(16, "hexadecimal"),
            Some("0o" | "0O") => digits(8, "octal"),
            Some("0b" | "0B") => digits(2, "binary"),
            _ if words == "Invalid decimal integer literal" => Some(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"
                    .to_owned(),
            ),
            _ if source.starts_with(|first: char| first.is_ascii_digit()) => {
                Some("invalid decimal literal".to_owned())
            }
            _ => None,
        }
    }
}

/// A character that no token begins with.
pub(super) fn character(character: char) -> Option<String> {
    let code = u32::from(character);
    if character.is_ascii() && !character.is_control() {
        return None;
    }
    // CPython asks its own tables; spaces, controls and formats are what occurs.
    let invisible = character.is_control()
        || character.is_whitespace()
        || matches!(code, 0xad | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xfeff | 0xe000..=0xf8ff);
    Some(if invisible {
        format!("invalid non-printable character U+{code:04X}")
    } else {
        format!("invalid character '{character}' (U+{code:04X})")
    })
}
