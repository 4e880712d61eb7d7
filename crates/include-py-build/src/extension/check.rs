//! Checks extension modules before anything is compiled.
//!
//! `app._fast` needs a package `app`, and no module `app._fast` in Python.

use std::collections::BTreeSet;

use super::Extension;
use super::object::Language;
use crate::error::{ErrorKind, Problem};
use crate::find::Module;

/// Reports invalid extension modules; `modules` are those that were found, in Python or machine
/// code.
pub(crate) fn check(extensions: &[Extension], modules: &[Module], problems: &mut Vec<Problem>) {
    let mut names = BTreeSet::new();
    for extension in extensions {
        let name = &extension.name;
        if !names.insert(name) {
            problems.push(
                Problem::new(
                    ErrorKind::Option,
                    format!("two extension modules are named `{name}`"),
                )
                .help("give one of them another name, or all sources to one `Bundle::extension`"),
            );
            continue;
        }
        if !name.split('.').all(is_identifier) {
            problems.push(
                Problem::new(ErrorKind::Option, format!("`{name}` can't be an extension module's name"))
                    .help("use ASCII letters, digits and `_`, as in `Bundle::extension(\"app._fast\", …)`"),
            );
            continue;
        }
        sources(extension, problems);
        among(extension, modules, extensions, problems);
    }
}

fn is_identifier(part: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    part.chars().all(inside) && part.starts_with(|first: char| !first.is_ascii_digit())
}

fn sources(extension: &Extension, problems: &mut Vec<Problem>) {
    let name = &extension.name;
    if extension.sources.is_empty() {
        problems.push(
            Problem::new(
                ErrorKind::Option,
                format!("the extension module `{name}` has no sources"),
            )
            .help(format!("name its C files: `.extension(\"{name}\", [\"src/fast.c\"])`")),
        );
    }
    for source in &extension.sources {
        let shown = source.display();
        let problem = if source.extension().is_some_and(|suffix| suffix == "pyx") {
            Problem::new(ErrorKind::Option, format!("`{shown}` is Cython's, not C"))
                .help(format!("run `cython -3 {shown}`, and name the file that it writes"))
        } else if Language::of(source).is_none() {
            Problem::new(ErrorKind::Option, format!("`{shown}` isn't a C or C++ file by its name"))
                .help("name files that end in `.c`, `.cc`, `.cpp`, `.cxx`, `.s` or `.S`")
        } else if !source.is_file() {
            let text =
                format!("the source `{shown}` of the extension module `{name}` doesn't exist");
            Problem::new(ErrorKind::Source, text)
                .help("create it, or correct the path given to `Bundle::extension`")
                .note("a relative path starts at the directory of the package's `Cargo.toml`")
        } else {
            continue;
        };
        problems.push(problem);
    }
}

/// Checks the module's name against the bundle's modules.
fn among(
    extension: &Extension,
    modules: &[Module],
    extensions: &[Extension],
    problems: &mut Vec<Problem>,
) {
    let name = &extension.name;
    let within = format!("{name}.");
    if let Some(twin) =
        modules.iter().find(|one| one.name == *name || one.name.starts_with(&within))
    {
        problems.push(
            Problem::new(
                ErrorKind::Source,
                format!("the extension module `{name}` would hide the module `{}`", twin.name),
            )
            .note(format!("`{}`", twin.source.display()))
            .help("rename one of them, or leave the Python module out with `Bundle::exclude`"),
        );
    }
    let Some((parent, _)) = name.rsplit_once('.') else { return };
    let package = modules.iter().find(|module| module.name == parent);
    let problem = match package {
        Some(module) if module.is_package() => return,
        Some(module) => Problem::new(
            ErrorKind::Source,
            format!("`{name}` can't be imported: `{parent}` isn't a package"),
        )
        .note(format!("`{}`", module.source.display())),
        None if extensions.iter().any(|other| other.name == parent) => Problem::new(
            ErrorKind::Source,
            format!("`{name}` can't be imported: `{parent}` is an extension module, not a package"),
        ),
        None => Problem::new(
            ErrorKind::Source,
            format!("`{name}` can't be imported: the bundle has no package `{parent}`"),
        ),
    };
    problems.push(problem.help(format!(
        "add `{}/__init__.py` to a source, or correct the name given to `Bundle::extension`",
        parent.replace('.', "/")
    )));
}

#[cfg(test)]
mod tests {
    use include_py_bundle::ModuleKind;

    use super::*;
    use crate::find::{Library, Origin, Role};

    fn module(name: &str, kind: ModuleKind) -> Module {
        Module {
            name: name.to_owned(),
            path: format!("{}.py", name.replace('.', "/")),
            kind,
            source: format!("python/{}.py", name.replace('.', "/")).into(),
            origin: Origin { root: 0, library: Library::Own },
            role: Role::Module,
        }
    }

    fn problems(extensions: &[Extension]) -> Vec<String> {
        let modules = [
            module("app", ModuleKind::Package),
            module("app.cli", ModuleKind::Module),
            module("app.native", ModuleKind::Extension),
            module("space", ModuleKind::Namespace),
            module("whole", ModuleKind::ExtensionPackage),
        ];
        let mut problems = Vec::new();
        check(extensions, &modules, &mut problems);
        problems.iter().map(|one| one.message().to_owned()).collect()
    }

    /// An existing C file.
    fn extension(name: &str) -> (tempfile::NamedTempFile, Extension) {
        let file = tempfile::Builder::new().suffix(".c").tempfile().unwrap();
        let extension = Extension::new(name, [file.path()]);
        (file, extension)
    }

    #[test]
    fn modules_in_and_beside_packages_are_valid() {
        for name in ["app._fast", "_fast", "space.fast2", "whole.fast"] {
            let (_file, extension) = extension(name);
            assert_eq!(problems(&[extension]), [""; 0], "{name}");
        }
    }

    #[test]
    fn names_that_cant_be_imported_are_reported() {
        for (name, expected) in [
            ("", "`` can't be an extension module's name"),
            ("app.2", "`app.2` can't be an extension module's name"),
            ("app._fäst", "`app._fäst` can't be an extension module's name"),
            ("app.cli", "the extension module `app.cli` would hide the module `app.cli`"),
            ("app", "the extension module `app` would hide the module `app`"),
            ("app.cli.fast", "`app.cli.fast` can't be imported: `app.cli` isn't a package"),
            (
                "app.native.fast",
                "`app.native.fast` can't be imported: `app.native` isn't a package",
            ),
            ("ap._fast", "`ap._fast` can't be imported: the bundle has no package `ap`"),
        ] {
            let (_file, extension) = extension(name);
            let found = problems(&[extension]);
            assert!(found.len() == 1 && found[0].starts_with(expected), "{name}: {found:?}");
        }
        let (_file, one) = extension("_fast");
        let (_other, inner) = extension("_fast.inner");
        let found = problems(&[one.clone(), one, inner]);
        assert!(found[0].starts_with("two extension modules are named `_fast`"), "{found:?}");
        assert!(found[1].contains("`_fast` is an extension module, not a package"), "{found:?}");
    }

    #[test]
    fn sources_that_cant_be_compiled_are_reported() {
        let bad = Extension::new("_a", ["x.pyx", "x.py", "nowhere/x.c"]);
        let expected = [
            "`x.pyx` is Cython's, not C\n  = help: run `cython -3 x.pyx`, and name the file that it writes",
            "`x.py` isn't a C or C++ file by its name\n  = help: name files that end in `.c`, `.cc`, `.cpp`, \
             `.cxx`, `.s` or `.S`",
            "the source `nowhere/x.c` of the extension module `_a` doesn't exist\n  = help: create it, or \
             correct the path given to `Bundle::extension`\n  = note: a relative path starts at the \
             directory of the package's `Cargo.toml`",
        ];
        assert_eq!(problems(&[bad]), expected);
        let none = Extension::new("_a", [""; 0]);
        assert!(problems(&[none])[0].starts_with("the extension module `_a` has no sources"));
    }
}
