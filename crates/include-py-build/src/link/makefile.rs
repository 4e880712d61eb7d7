//! Reads from the installed `Makefile` beside the archive which libraries CPython's own modules
//! need.
//!
//! ```text
//! MODLIBS=  $(LOCALMODLIBS) $(BASEMODLIBS)      →  -lexpat -lz
//! LIBS=     -ldl -L/opt/lib -Wl,-rpath,/opt/lib →  -ldl -L/opt/lib
//! SYSLIBS=  $(LIBM) $(LIBC)                     →  -lm
//! ```
//!
//! `sysconfig` reads the same file (`sysconfig/__init__.py: _parse_makefile`, 3.13), and
//! `Makefile.pre.in: $(BUILDPYTHON)` links `python` with these three.

use std::collections::HashMap;
use std::path::PathBuf;

/// An option of the linker, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    /// `-lz`: `z`
    Library(String),
    /// `-L/opt/lib`
    Directory(PathBuf),
}

/// Maximum depth of variables in the values of variables; deeper ones refer to themselves.
const DEPTH: usize = 16;

/// The flags with which `python` is linked, in order and without duplicates.
pub(super) fn flags(makefile: &str) -> Vec<Flag> {
    let variables = variables(makefile);
    let mut words = String::new();
    for name in ["MODLIBS", "LIBS", "SYSLIBS"] {
        expand(variables.get(name).map_or("", String::as_str), &variables, DEPTH, &mut words);
        words.push(' ');
    }
    let mut flags = Vec::new();
    for word in words.split_whitespace() {
        let library = word.strip_prefix("-l").map(|name| Flag::Library(name.to_owned()));
        let directory = || word.strip_prefix("-L").map(|dir| Flag::Directory(PathBuf::from(dir)));
        flags.extend(library.or_else(directory).filter(|flag| !flags.contains(flag)));
    }
    flags
}

/// Variables by name; the last definition counts, as in make.
fn variables(makefile: &str) -> HashMap<&str, String> {
    let mut variables = HashMap::new();
    let mut lines = makefile.lines();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim_end();
        if name.is_empty() || !name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        {
            continue;
        }
        let mut whole = value.trim().to_owned();
        while let Some(part) = whole.strip_suffix('\\') {
            whole = format!("{part} {}", lines.next().unwrap_or_default().trim());
        }
        variables.insert(name, whole);
    }
    variables
}

/// Appends `text` with `$(NAME)` and `${NAME}` replaced.
fn expand(text: &str, variables: &HashMap<&str, String>, depth: usize, out: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let close = match after.as_bytes().first() {
            Some(b'(') => ')',
            Some(b'{') => '}',
            _ => {
                rest = after;
                continue;
            }
        };
        let Some((name, after)) = after[1..].split_once(close) else { return };
        if let (Some(value), true) = (variables.get(name), depth > 0) {
            expand(value, variables, depth - 1, out);
        }
        rest = after;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(makefile: &str) -> Vec<String> {
        let flags = flags(makefile);
        let show = |flag: &Flag| match flag {
            Flag::Library(name) => format!("-l{name}"),
            Flag::Directory(dir) => format!("-L{}", dir.display()),
        };
        flags.iter().map(show).collect()
    }

    #[test]
    fn modules_libraries_precede_the_interpreters() {
        let makefile = "MODLIBS=           $(LOCALMODLIBS) $(BASEMODLIBS)\n\
            VERSION=\t3.11\n\
            LIBS=\t\t-ldl -L${prefix}/lib -Wl,-rpath,/opt/lib\n\
            LIBM=\t\t-lm\n\
            prefix=\t/opt\n\
            SYSLIBS=\t$(LIBM) $(LIBC)\n\
            LOCALMODLIBS= $(MODULE_ZLIB_LDFLAGS) -lexpat \\\n\t -lz -lexpat\n\
            BASEMODLIBS=\n\
            check: all\n\t@test $$x = 1\n";
        assert_eq!(shown(makefile), ["-lexpat", "-lz", "-ldl", "-L/opt/lib", "-lm"]);
    }

    #[test]
    fn recursive_and_truncated_makefiles_are_read() {
        assert_eq!(shown("MODLIBS=$(MODLIBS) -lz $(A\nLIBS=$(B)\nB=$(B)$(B)\n"), ["-lz"]);
        assert_eq!(shown("MODLIBS=-lz \\"), ["-lz"]);
        assert_eq!(shown(""), [""; 0]);
    }
}
