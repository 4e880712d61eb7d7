//! Tokens and the tokenizer's errors, as in 3.13.0.

use super::*;
use crate::location::Column;

fn tokens(text: &str) -> Vec<(Token, String)> {
    let tokens = Tokens::of(text);
    assert_eq!(tokens.fault, None, "{text}");
    let of = |item: &Item| tokens.text[item.start as usize..item.end as usize].to_owned();
    tokens.list.iter().map(|item| (item.token, of(item))).collect()
}

/// Line, columns from 1, and message of the error.
fn fault(text: &str) -> (i32, i32, i32, String) {
    let tokens = Tokens::of(text);
    let fault = tokens.fault().unwrap();
    let at = fault.location;
    (at.line.number(), offset(at.column), offset(at.end_column), fault.message.clone())
}

/// The column from 1, 0 for none.
fn offset(column: Column) -> i32 {
    column.get().map_or(0, |column| column + 1)
}

#[test]
fn joined_strings_are_many_tokens() {
    use Token::{Colon, Exclamation, Joined, JoinedEnd, LeftBrace, Middle, Name, RightBrace};
    let expected = [
        (Joined, "f'"),
        (Middle, "a{{"),
        (Middle, "\\N{BULLET}"),
        (LeftBrace, "{"),
        (Name, "x"),
        (Exclamation, "!"),
        (Name, "r"),
        (Colon, ":"),
        (Middle, ">"),
        (LeftBrace, "{"),
        (Name, "w"),
        (RightBrace, "}"),
        (Middle, ""),
        (RightBrace, "}"),
        (JoinedEnd, "'"),
    ];
    let found = tokens(r"f'a{{\N{BULLET}{x!r:>{w}}'");
    let found: Vec<_> = found.iter().map(|(token, text)| (*token, &**text)).collect();
    assert_eq!(found[..15], expected);
}

#[test]
fn invalid_tokens_end_the_list() {
    for (text, line, column, end, words) in [
        ("x = 'abc\n", 1, 5, 5, "unterminated string literal (detected at line 1)"),
        ("x\n'''a\nb", 2, 1, 1, "unterminated triple-quoted string literal (detected at line 3)"),
        ("x = (\n1,\n", 1, 5, 0, "'(' was never closed"),
        (
            "(\n]",
            2,
            1,
            1,
            "closing parenthesis ']' does not match opening parenthesis '(' on line 1",
        ),
        ("x)", 1, 2, 2, "unmatched ')'"),
        ("0b2", 1, 3, 3, "invalid digit '2' in binary literal"),
        ("x = 5a\n", 1, 5, 5, "invalid decimal literal"),
        ("x = \u{200b}1\n", 1, 5, 5, "invalid non-printable character U+200B"),
        ("a\u{20ac}b", 1, 2, 2, "invalid character '\u{20ac}' (U+20AC)"),
        ("f'{a'", 1, 5, 5, "f-string: expecting '}'"),
        ("f'}'", 1, 3, 3, "f-string: single '}' is not allowed"),
        ("f'{)}'", 1, 4, 4, "f-string: unmatched ')'"),
        ("x \\a", 1, 4, 0, "unexpected character after line continuation character"),
        ("x \\", 1, 4, 0, "unexpected EOF while parsing"),
        ("if 1:\n  x\n \ty\n", 3, 1, 0, "inconsistent use of tabs and spaces in indentation"),
        ("if 1:\n  x\n y\n", 3, 3, 0, "unindent does not match any outer indentation level"),
    ] {
        assert_eq!(fault(text), (line, column, end, words.to_owned()), "{text:?}");
    }
}

#[test]
fn later_faults_count_more_if_the_tokenizer_raises_them() {
    let over = |text: &str, line| {
        let tokens = Tokens::of(text);
        tokens.fault_over(Line::new(line)).map(|fault| fault.message.clone())
    };
    assert_eq!(over("x = $\n)", 1), Some("unmatched ')'".to_owned()));
    assert_eq!(over("x = (\n$\n", 2), Some("'(' was never closed".to_owned()));
    assert_eq!(over("$\n(", 1), None);
    assert_eq!(over("if 1:\n  x $\n y", 2), None);
}

#[test]
fn places_are_those_of_cpython() {
    let tokens = Tokens::of("if x:\n  y");
    let newline = &tokens.list[3];
    assert_eq!(newline.at, Location::new(1, 1, 5, 6));
    assert_eq!(newline.level, 0);
    let end = tokens.list.last().unwrap();
    assert_eq!((end.token, end.at.line), (Token::EndOfFile, Line::new(2)));
}
