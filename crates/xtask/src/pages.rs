//! Builds and runs the programs in the documentation, exactly as it shows them.
//!
//! ```text
//! README.md, docs/guide/getting-started.md, docs/guide/tutorial.md
//!   the `toml` block                 ─▶ Cargo.toml, with our crates in place of the registry's
//!   the `rust` block with a Bundle   ─▶ build.rs
//!   the `rust` block with the macro  ─▶ src/main.rs
//!   the `python` block               ─▶ python/…
//!   the `text` block with pins       ─▶ requirements.txt, installed into vendor/
//! ```

use std::path::Path;
use std::process::{Command, Stdio};

use testbed::project;

use crate::markdown::{Line, lines};

/// A page whose code blocks form a program.
struct Page {
    path: &'static str,
    /// The program's name, which must be unique so that programs don't overwrite each other.
    name: &'static str,
    /// The path of its Python module.
    module: &'static str,
    /// The Python code, if the page shows none.
    python: Option<&'static str>,
    /// Whether the page shows pinned requirements, which `build.rs` bundles from `vendor`.
    packages: Packages,
    /// What the program must print; `{version}` is the interpreter's version, `3.13.0`.
    prints: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Packages {
    None,
    Pinned,
}

const PAGES: &[Page] = &[
    Page {
        path: "README.md",
        name: "page-readme",
        module: "python/app/cli.py",
        python: Some("def main():\n    print('from', __file__)\n"),
        packages: Packages::None,
        prints: "app/cli.py",
    },
    Page {
        path: "docs/guide/getting-started.md",
        name: "page-getting-started",
        module: "python/hello/__init__.py",
        python: None,
        packages: Packages::None,
        prints: "hello/__init__.py, Python {version}",
    },
    Page {
        path: "docs/guide/tutorial.md",
        name: "page-tutorial",
        module: "python/invoices/__init__.py",
        python: None,
        packages: Packages::Pinned,
        prints: "owed: 26.20, by pydantic ",
    },
];

/// Builds and runs each page's program below Cargo's target directory.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| format!("can't find xtask: {error}"))?;
    // The program is target/debug/xtask, so artefacts of the workspace are reused.
    let target = program.ancestors().nth(2).ok_or("xtask isn't in a target directory")?;
    for page in PAGES {
        let directory = target.join("pages").join(page.name);
        page.write(root, &directory).map_err(|fault| format!("`{}`: {fault}", page.path))?;
        if page.packages == Packages::Pinned {
            page.install(root, &directory).map_err(|fault| format!("`{}`: {fault}", page.path))?;
        }
        page.run(&directory, target).map_err(|fault| format!("`{}`: {fault}", page.path))?;
        println!("pages: the program of `{}` runs", page.path);
    }
    Ok(())
}

impl Page {
    fn write(&self, root: &Path, directory: &Path) -> Result<(), String> {
        let text = read(&root.join(self.path))?;
        let block = |language: &str, with: &str| block(&text, language, with);
        let python = match self.python {
            Some(python) => python.to_owned(),
            None => block("python", "def main")?,
        };
        let files = [
            ("Cargo.toml", manifest(self.name, &block("toml", "[build-dependencies]")?, root)?),
            ("Cargo.lock", read(&root.join("Cargo.lock"))?),
            ("build.rs", block("rust", "include_py_build::Bundle")?),
            ("src/main.rs", block("rust", "include_py::include_py!")?),
            (self.module, python),
        ];
        files.iter().try_for_each(|(path, text)| write(&directory.join(path), text))?;
        project::link_crates(root, directory)
    }

    /// Installs the page's pinned requirements; this needs the network.
    fn install(&self, root: &Path, directory: &Path) -> Result<(), String> {
        let text = read(&root.join(self.path))?;
        install(&block(&text, "text", "==")?, directory)
    }

    fn run(&self, directory: &Path, target: &Path) -> Result<(), String> {
        let output = testbed::cargo()
            .args(["run", "--quiet"])
            .env("CARGO_TARGET_DIR", target)
            .current_dir(directory)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("can't run cargo: {error}"))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            return Err(format!("its program failed: {}", output.status));
        }
        let expected = self.prints.replace("{version}", &python_version()?);
        if !printed.contains(&expected) {
            return Err(format!("its program printed `{}`, not `{expected}`", printed.trim()));
        }
        Ok(())
    }
}

/// Installs pinned requirements into `vendor`, as the page says, unless they are already installed.
fn install(requirements: &str, directory: &Path) -> Result<(), String> {
    let (list, vendor) = (directory.join("requirements.txt"), directory.join("vendor"));
    // Extension modules are for one minor version of Python.
    let installed = directory.join("installed.txt");
    let wanted = format!("{}\n{requirements}", python_version()?);
    if read(&installed).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    write(&list, requirements)?;
    // The directory may not exist.
    let _ = std::fs::remove_dir_all(&vendor);
    let status = Command::new(python())
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"])
        .args([vendor.as_path(), Path::new("--requirement"), list.as_path()])
        .status()
        .map_err(|error| format!("can't run pip: {error}"))?;
    if !status.success() {
        return Err(format!("pip failed: {status}"));
    }
    write(&installed, &wanted)
}

fn python() -> std::ffi::OsString {
    std::env::var_os("PYO3_PYTHON").unwrap_or_else(|| "python3".into())
}

/// Includes the micro version, so that a program with another libpython is detected.
fn python_version() -> Result<String, String> {
    let python = python();
    let output = Command::new(&python)
        .args(["-c", "import platform; print(platform.python_version())"])
        .output()
        .map_err(|error| format!("can't run {}: {error}", python.to_string_lossy()))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The page's dependencies, with this workspace's crates instead of released ones. With its profile
/// and the link `crates`, these aren't compiled again.
fn manifest(name: &str, dependencies: &str, root: &Path) -> Result<String, String> {
    let mut text = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n{dependencies}\n[workspace]\n\n{}\n\
         [patch.crates-io]\n",
        project::inherited(root)?
    );
    for name in ["include-py", "include-py-build", "include-py-bundle"] {
        text.push_str(&[name, " = { path = 'crates/", name, "' }\n"].concat());
    }
    Ok(text)
}

/// The page's first code block in a language that contains a text.
fn block(text: &str, language: &str, with: &str) -> Result<String, String> {
    let fault = || format!("has no `{language}` block with `{with}`");
    blocks(text, language).into_iter().find(|one| one.contains(with)).ok_or_else(fault)
}

/// The content of the page's code blocks in a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut wanted = false;
    for ((_, line), source) in lines(text).zip(text.lines()) {
        match line {
            Line::Fence(name) => {
                wanted = name == language;
                if wanted {
                    blocks.push(String::new());
                }
            }
            Line::Code if wanted && !source.starts_with("```") => {
                if let Some(block) = blocks.last_mut() {
                    block.push_str(source);
                    block.push('\n');
                }
            }
            _ => {}
        }
    }
    blocks
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("can't read {}: {error}", path.display()))
}

/// Writes the file unless it has this content already, so that Cargo doesn't rebuild.
fn write(path: &Path, text: &str) -> Result<(), String> {
    if read(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    let directory = path.parent().unwrap_or(path);
    std::fs::create_dir_all(directory)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| format!("can't write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_taken_by_language() {
        let page = "```sh\na\n```\n```rust\nb\n\nc\n```\ntext\n```rust\nd\n```\n";
        assert_eq!(blocks(page, "rust"), ["b\n\nc\n", "d\n"]);
    }

    #[test]
    fn every_page_shows_a_whole_program() {
        let directory = std::env::temp_dir().join(format!("xtask-pages-{}", std::process::id()));
        for page in PAGES {
            page.write(testbed::root(), &directory).unwrap();
            assert!(directory.join("src/main.rs").exists());
            if page.packages == Packages::Pinned {
                let text = read(&testbed::root().join(page.path)).unwrap();
                assert!(block(&text, "text", "==").is_ok());
            }
            std::fs::remove_dir_all(&directory).unwrap();
        }
    }
}
