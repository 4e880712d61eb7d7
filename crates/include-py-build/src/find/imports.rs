//! Finds the names in a module's text: modules in import statements, and dotted names in strings.
//!
//! ```text
//! from .views import home          imports `app.views` and `app.views.home`, in package `app`
//! load("app.plugins.one:main")     has the string `app.plugins.one`
//! # see app.skeleton               names nothing, nor does a docstring
//! ```
//!
//! This is a scanner and no parser. It must accept any text, but needs to be right only for valid
//! Python.

use std::collections::HashSet;

/// The names in a module's text, each with its parents: `app.views.home`, `app.views`, `app`.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) imported: HashSet<String>,
    pub(super) in_strings: HashSet<String>,
}

impl Names {
    /// Reads a text; `package` is the package from which its relative imports start.
    pub(super) fn of(text: &[u8], package: &str) -> Self {
        let mut names = Self::default();
        let mut statement = Vec::new();
        let mut depth = 0_usize;
        let mut scanner = Scanner { text, at: 0 };
        while let Some(token) = scanner.next() {
            match token {
                Token::Mark(b'\n' | b';' | b':') if depth == 0 => {
                    names.take_statement(&statement, package);
                    statement.clear();
                    continue;
                }
                Token::Mark(b'\n') => continue,
                Token::Mark(b'(' | b'[' | b'{') => depth += 1,
                Token::Mark(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                // A string that begins a statement is a docstring.
                Token::Text(text) if !statement.is_empty() => names.take_text(text),
                _ => {}
            }
            // Only import statements are examined; other statements can be long and aren't kept.
            if statement.is_empty() || is_import(&statement) {
                statement.push(token);
            }
        }
        names.take_statement(&statement, package);
        names
    }

    /// Examines a statement: `import a.b as c, d`, `from .a import b as c, d`, or anything else.
    fn take_statement(&mut self, statement: &[Token<'_>], package: &str) {
        match statement {
            [Token::Word(b"import"), rest @ ..] => {
                for name in rest.split(|token| *token == Token::Mark(b',')) {
                    insert(&mut self.imported, &dotted(name).1);
                }
            }
            [Token::Word(b"from"), rest @ ..] => {
                let is_import = |token: &Token<'_>| *token == Token::Word(b"import");
                let Some(end) = rest.iter().position(is_import) else { return };
                let (level, name) = dotted(&rest[..end]);
                let Some(base) = absolute(package, level, &name) else { return };
                insert(&mut self.imported, &base);
                for name in rest[end + 1..].split(|token| *token == Token::Mark(b',')) {
                    let name = dotted(name).1;
                    if !name.is_empty() {
                        self.imported.insert(join(&base, &name));
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the dotted names in a string.
    fn take_text(&mut self, text: &[u8]) {
        for name in text.split(|&byte| !is_word(byte) && byte != b'.') {
            // A longer string is data and no module name, since it exceeds any path.
            if name.contains(&b'.') && name.len() < 4096 {
                if let Ok(name) = std::str::from_utf8(name) {
                    insert(&mut self.in_strings, name.trim_matches('.'));
                }
            }
        }
    }
}

fn is_import(statement: &[Token<'_>]) -> bool {
    matches!(statement[0], Token::Word(b"import" | b"from"))
}

/// The number of leading dots, and the name. Stops before `as`.
fn dotted(tokens: &[Token<'_>]) -> (usize, String) {
    let (mut level, mut name) = (0, String::new());
    for token in tokens {
        match token {
            Token::Word(b"as") => break,
            Token::Word(word) => name.push_str(&String::from_utf8_lossy(word)),
            Token::Mark(b'.') if name.is_empty() => level += 1,
            Token::Mark(b'.') => name.push('.'),
            _ => {}
        }
    }
    (level, name)
}

/// The full name of a relative import; `None` if it leaves the outermost package.
fn absolute(package: &str, level: usize, name: &str) -> Option<String> {
    let Some(up) = level.checked_sub(1) else { return Some(name.to_owned()) };
    let mut base = Some(package);
    for _ in 0..up {
        base = base.and_then(|base| Some(base.rsplit_once('.')?.0));
    }
    Some(join(base?, name))
}

fn join(base: &str, name: &str) -> String {
    if base.is_empty() || name.is_empty() {
        format!("{base}{name}")
    } else {
        format!("{base}.{name}")
    }
}

/// Adds a name and its parents.
fn insert(names: &mut HashSet<String>, name: &str) {
    let mut name = name;
    while !name.is_empty() && names.insert(name.to_owned()) {
        name = name.rsplit_once('.').map_or("", |(package, _)| package);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    /// An identifier, a keyword or a number.
    Word(&'t [u8]),
    /// What is between a string's quotes.
    Text(&'t [u8]),
    /// Any other character except space. A newline is one, unless a backslash precedes it.
    Mark(u8),
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Scanner<'t> {
    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = &self.text[self.at..];
            let (token, length) = match *rest {
                [] => return None,
                [b' ' | b'\t' | b'\r' | b'\x0c', ..] => (None, 1),
                [b'\\', b'\r', b'\n', ..] => (None, 3),
                [b'\\', b'\n', ..] => (None, 2),
                [b'#', ..] => (None, length(rest, |byte| byte != b'\n')),
                [quote @ (b'"' | b'\''), ..] => {
                    let (text, length) = string(rest, quote);
                    (Some(Token::Text(text)), length)
                }
                [byte, ..] if is_word(byte) => {
                    let length = length(rest, is_word);
                    let is_prefix = length <= 2 && matches!(rest.get(length), Some(b'"' | b'\''));
                    ((!is_prefix).then_some(Token::Word(&rest[..length])), length)
                }
                [byte, ..] => (Some(Token::Mark(byte)), 1),
            };
            self.at += length;
            if token.is_some() {
                return token;
            }
        }
    }
}

/// The text between the quotes at the start of `rest`, and its length with them.
fn string(rest: &[u8], quote: u8) -> (&[u8], usize) {
    let triple = rest.starts_with(&[quote; 3]);
    let marks = if triple { 3 } else { 1 };
    let mut at = marks;
    while at < rest.len() {
        match rest[at] {
            // In raw strings, too, a backslash keeps a quote from ending the string.
            b'\\' => at += 2,
            b'\n' if !triple => return (&rest[marks..at], at),
            byte if byte == quote && (!triple || rest[at..].starts_with(&[quote; 3])) => {
                return (&rest[marks..at], at + marks);
            }
            _ => at += 1,
        }
    }
    (&rest[marks.min(rest.len())..], rest.len())
}

/// Number of bytes of a kind at the start.
fn length(text: &[u8], is: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&byte| !is(byte)).unwrap_or(text.len())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the names that a text in package `app.sub` imports and has in strings, without
    /// parents.
    #[track_caller]
    fn check(text: &str, imported: &[&str], in_strings: &[&str]) {
        let names = Names::of(text.as_bytes(), "app.sub");
        let innermost = |all: &HashSet<String>| {
            let is_package = |name: &str| all.iter().any(|n| n.starts_with(&format!("{name}.")));
            let mut names: Vec<_> = all.iter().filter(|name| !is_package(name)).cloned().collect();
            names.sort();
            names
        };
        assert_eq!(innermost(&names.imported), imported, "{text}");
        assert_eq!(innermost(&names.in_strings), in_strings, "{text}");
    }

    #[test]
    fn import_statements_are_resolved() {
        check("import a.b as c, d\n", &["a.b", "d"], &[]);
        check("from .x import y as z, w", &["app.sub.x.w", "app.sub.x.y"], &[]);
        check("from .. import (\n  a, # one\n  b,\n)\nc", &["app.a", "app.b"], &[]);
        check("from ... import a\nfrom .... import b", &[], &[]);
        check("from f \\\r\n  import g; import h", &["f.g", "h"], &[]);
        check("if x: import a\nelse:\n\timport b", &["a", "b"], &[]);
        check("from a import *", &["a"], &[]);
        check("x = [\n1,\nimport_a]\nimportant = from_b\nx.import_ = 1", &[], &[]);
    }

    #[test]
    fn comments_and_docstrings_name_nothing() {
        check("# import a\nx = 1  # from b import c\n", &[], &[]);
        check("\"\"\"Makes one\nfrom the template.\nimport app.x\n\"\"\"\nimport a", &["a"], &[]);
        check("x = '''\nimport a\n'''\nimport b # '''", &["b"], &[]);
    }

    #[test]
    fn strings_with_dots_are_module_names() {
        check("f('app.plugins.one:main', r\"\\x.y\")", &[], &["app.plugins.one", "x.y"]);
        check("f(b'a.b', 'one')\n'c.d'\n", &[], &["a.b"]);
        check("x = 'a\\'b.c'\ny = '\nimport d", &["d"], &["b.c"]);
    }

    #[test]
    fn the_scan_of_any_text_ends() {
        for text in
            ["'", "'''", "\\", "'\\", "from", "import", "((", "))", "\u{feff}x", "from .", "'''\\"]
        {
            let _ = Names::of(text.as_bytes(), "");
        }
    }
}
