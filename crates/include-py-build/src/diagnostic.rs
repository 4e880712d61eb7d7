//! Shows an error in a Python file as rustc shows one in a Rust file.
//!
//! ```text
//! error: python/app/bad.py:3:9: invalid syntax
//!   |
//! 3 |     x = = 1
//!   |         ^
//! ```

use std::path::Path;

use crate::error::{ErrorKind, Problem};
use crate::worker::SyntaxError;

/// A tab is shown as so many spaces, as rustc does.
const TAB: usize = 4;

/// A longer line is cut to this number of columns around the error.
const WIDTH: usize = 120;

/// A syntax error in the module from `path`.
pub(crate) fn syntax(path: &Path, error: &SyntaxError) -> Problem {
    let path = path.display();
    let kind = match error.kind.as_str() {
        // Their messages say what they are: "unexpected indent", "inconsistent use of tabs".
        "SyntaxError" | "IndentationError" | "TabError" => String::new(),
        other => format!("{other}: "),
    };
    let message = format!("{kind}{}", error.message);
    // A file that can't be decoded has line 0, or none.
    let Some(line) = error.line.filter(|&line| line > 0) else {
        return Problem::new(ErrorKind::Compile, format!("{path}: {message}")).help(ENCODING);
    };
    let text = error.text.trim_end_matches(['\n', '\r']);
    // A form feed moves no caret, and a text of several lines has its error in the first.
    let text = text.split(['\n', '\x0c']).next().unwrap_or_default();
    // Of a string that can't be decoded, each version names another column. (An error in an escape
    // names the codec `unicodeescape`.)
    let undecodable = message.contains("'utf-8' codec can't decode");
    let Some(column) = error.column.filter(|&column| column > 0 && !undecodable) else {
        let problem = Problem::new(ErrorKind::Compile, format!("{path}:{line}: {message}"));
        return if undecodable || text.is_empty() { problem.help(ENCODING) } else { problem };
    };
    let heading = format!("{path}:{line}:{column}: {message}");
    if text.trim().is_empty() {
        return Problem::new(ErrorKind::Compile, heading);
    }
    let end = match (error.end_line, error.end_column) {
        (Some(end_line), _) if end_line > line => usize::MAX,
        (Some(end_line), Some(end)) if end_line == line => end,
        _ => column + 1,
    };
    let Excerpt { line: shown, indent, width } = excerpt(text, column - 1, end.max(column + 1) - 1);
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let (space, carets) = (" ".repeat(indent), "^".repeat(width));
    Problem::new(
        ErrorKind::Compile,
        format!("{heading}\n{margin} |\n{number} | {shown}\n{margin} | {space}{carets}"),
    )
}

/// Another exception while the module from `path` was compiled.
pub(crate) fn exception(path: &Path, kind: &str, message: &str) -> Problem {
    let path = path.display();
    let problem = |text: String| Problem::new(ErrorKind::Compile, text);
    match kind {
        // ast.c and marshal.c limit the depth; no interpreter can compile the file.
        "RecursionError" | "MemoryError" => {
            let message = if message.is_empty() { "out of memory" } else { message };
            problem(format!("{path}: {kind}: {message}"))
                .help("make the file's deepest expression less deep, or split the file")
        }
        // Before 3.12, the only one is a NUL in the source.
        "ValueError" => problem(format!("{path}: {message}")).help(ENCODING),
        _ => problem(format!("{path}: {kind}: {message}")),
    }
}

/// The compiler contradicts itself about the module from `path`.
pub(crate) fn lost(path: &Path, message: &str) -> Problem {
    let problem = Problem::new(ErrorKind::Compile, format!("{}: {message}", path.display()));
    problem.help("until it is mended, have CPython compile: `.backend(Backend::Interpreter)`")
}

const ENCODING: &str = "save the file as UTF-8 without NUL bytes, or declare its encoding in the \
                        first line: `# -*- coding: latin-1 -*-`";

/// A line as it is shown, and the underline below it, in columns.
#[derive(Debug, PartialEq, Eq)]
struct Excerpt {
    line: String,
    indent: usize,
    width: usize,
}

/// `from` and `to` count characters of `line`; `to` can lie behind its end.
fn excerpt(line: &str, from: usize, to: usize) -> Excerpt {
    let before: usize = line.chars().take(from).map(columns).sum();
    // Leaves room for what explains the error, which more often stands before it than behind it.
    let skipped = before.saturating_sub(WIDTH * 3 / 4);
    let mut excerpt = Excerpt { line: String::new(), indent: 0, width: 0 };
    if skipped > 0 {
        excerpt.line.push('…');
        excerpt.indent = 1;
    }
    let mut column = 0;
    for (number, character) in line.chars().enumerate() {
        let wide = columns(character);
        column += wide;
        if column <= skipped {
            continue;
        }
        if column - skipped > WIDTH {
            excerpt.line.push('…');
            break;
        }
        match character {
            '\t' => excerpt.line.push_str(&" ".repeat(TAB)),
            // It would move the caret or the cursor.
            control if control.is_control() => excerpt.line.push('\u{fffd}'),
            other => excerpt.line.push(other),
        }
        if number < from {
            excerpt.indent += wide;
        } else if number < to {
            excerpt.width += wide;
        }
    }
    // The error can be at the end of the line, where an expression goes on in vain.
    excerpt.width = excerpt.width.max(1);
    excerpt
}

/// How many columns a terminal gives a character: East Asian Width (UAX #11) in ranges.
fn columns(character: char) -> usize {
    match character {
        '\t' => TAB,
        // Combining marks, zero-width characters, variation selectors.
        '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, column: usize, end_column: usize) -> String {
        let error = SyntaxError {
            kind: "SyntaxError".to_owned(),
            message: "bad".to_owned(),
            line: Some(12),
            column: Some(column),
            end_line: Some(12),
            end_column: Some(end_column),
            text: text.to_owned(),
        };
        syntax(Path::new("a.py"), &error).message().to_owned()
    }

    #[test]
    fn the_underline_is_below_the_error() {
        assert_eq!(shown("x = = 1\n", 5, 6), "a.py:12:5: bad\n   |\n12 | x = = 1\n   |     ^");
        assert_eq!(shown("if (a b):", 5, 8), "a.py:12:5: bad\n   |\n12 | if (a b):\n   |     ^^^");
        // No end, one before the start, one behind the line.
        for end in [0, 3, 5, 6] {
            assert!(shown("x = = 1", 5, end).ends_with("|     ^"));
        }
        assert!(shown("x = = 1", 5, 99).ends_with("|     ^^^"));
        assert!(shown("f(", 3, 3).ends_with("|   ^"));
        assert!(shown("f(", 30, 31).ends_with("|   ^"));
    }

    #[test]
    fn faults_of_the_compiler_are_told_from_those_of_the_file() {
        let problem = lost(Path::new("a.py"), "the compiler lost its way");
        assert!(problem.message().starts_with("a.py: the compiler lost its way\n"));
        assert!(problem.message().contains("Backend::Interpreter"));
    }

    #[test]
    fn tabs_and_wide_characters_take_their_columns() {
        assert_eq!(
            shown("\tx\u{301} = '日本' $", 12, 13),
            "a.py:12:12: bad\n   |\n12 |     x\u{301} = '日本' $\n   |                ^"
        );
        assert_eq!(excerpt("日本", 1, 2), Excerpt { line: "日本".to_owned(), indent: 2, width: 2 });
        assert_eq!(excerpt("a\x1b[b", 2, 3).line, "a\u{fffd}[b");
    }

    #[test]
    fn a_long_line_is_cut_around_the_error() {
        let line = format!("{}$ {}", "a".repeat(500), "b".repeat(500));
        let Excerpt { line, indent, width } = excerpt(&line, 500, 501);
        let characters: Vec<char> = line.chars().collect();
        assert_eq!((characters[0], characters[indent], width), ('…', '$', 1));
        assert_eq!((*characters.last().unwrap(), characters.len()), ('…', WIDTH + 2));
    }

    #[test]
    fn without_a_place_the_message_says_what_to_do() {
        let mut error = SyntaxError {
            kind: "SyntaxError".to_owned(),
            message: "(unicode error) 'utf-8' codec can't decode byte 0xff".to_owned(),
            line: Some(0),
            column: Some(0),
            ..SyntaxError::default()
        };
        let help = "\n  = help: save the file as UTF-8 without NUL bytes, or declare its encoding \
                    in the first line: `# -*- coding: latin-1 -*-`";
        let expected = "a.py: (unicode error) 'utf-8' codec can't decode byte 0xff";
        assert_eq!(syntax(Path::new("a.py"), &error).message(), format!("{expected}{help}"));
        error.line = None;
        assert_eq!(syntax(Path::new("a.py"), &error).message(), format!("{expected}{help}"));
        assert_eq!(
            exception(
                Path::new("a.py"),
                "ValueError",
                "source code string cannot contain null bytes"
            )
            .message(),
            format!("a.py: source code string cannot contain null bytes{help}")
        );
        assert_eq!(
            exception(Path::new("a.py"), "MemoryError", "").message(),
            "a.py: MemoryError: out of memory\n  = help: make the file's deepest expression less \
             deep, or split the file"
        );
    }
}
