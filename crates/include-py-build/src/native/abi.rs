//! Which Python and machine an extension module is for, judged by its name and its content.
//!
//! | file, for CPython 3.13 on Linux with glibc, x86-64 | |
//! |---|---|
//! | `x.cpython-313-x86_64-linux-gnu.so`, `x.abi3.so` | fits |
//! | `x.so` that exports `PyInit_x` | fits; `import` accepts the plain suffix |
//! | `x.cpython-312-x86_64-linux-gnu.so`, `x.pyd`, `x.cpython-313-darwin.so` | doesn't fit |
//! | `libx.so`, `libx.so.1`, `libx.dylib` | data: a library for `ctypes` or another program |

use std::path::Path;

use super::elf::Elf;

/// The Python and the machine that a bundle is for.
#[derive(Clone, Debug)]
pub(crate) struct Abi {
    /// `(3, 13)`
    version: (u8, u8),
    /// The suffixes of `_imp.extension_suffixes()`, in its order.
    suffixes: Vec<String>,
    machine: System,
}

/// The system that the program runs on, in Rust's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct System {
    /// `x86_64`
    pub(crate) arch: String,
    /// `linux`
    pub(crate) os: String,
    /// `gnu`
    pub(crate) env: String,
}

/// The kind of a file, judged by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name<'n> {
    /// A module for the target; `rank` is the index of its suffix.
    Fits { module: &'n str, rank: usize },
    /// A module for another Python or machine, and why it doesn't fit.
    Unfit { module: &'n str, reason: String },
    /// Not a module.
    Other,
}

impl Abi {
    /// `noted` is the suffix of extension modules that the interpreter's build recorded.
    pub(crate) fn new(version: (u8, u8), noted: Option<String>, machine: System) -> Self {
        let (major, minor) = version;
        let computed = format!(".cpython-{major}{minor}-{}.so", machine.triplet());
        // A cross build may have found the build machine's Python.
        let end = format!("-{}.so", machine.triplet());
        let own = noted.filter(|suffix| suffix.ends_with(&end)).unwrap_or(computed);
        // Free-threaded builds have no stable ABI (PEP 703).
        let free_threaded = own.starts_with(&format!(".cpython-{major}{minor}t"));
        let stable = (!free_threaded).then(|| ".abi3.so".to_owned());
        let suffixes = [own].into_iter().chain(stable).chain([".so".to_owned()]).collect();
        Self { version, suffixes, machine }
    }

    /// The same for a bundle that further Pythons use as well. Modules for only one of them don't
    /// fit then.
    pub(crate) fn shared(mut self) -> Self {
        self.suffixes.retain(|suffix| !suffix.starts_with(".cpython-"));
        self
    }

    /// `x86_64`
    pub(super) fn arch(&self) -> &str {
        &self.machine.arch
    }

    /// Classifies the file `name` at `path`.
    pub(crate) fn classify<'n>(&self, name: &'n str, path: &Path) -> Name<'n> {
        let Some(dot) = name.find('.') else { return Name::Other };
        let (module, suffix) = name.split_at(dot);
        if module.is_empty() {
            return Name::Other;
        }
        let tag = suffix.strip_suffix(".so").or_else(|| suffix.strip_suffix(".pyd"));
        let Some(tag) = tag.map(|tag| tag.trim_start_matches('.')) else { return Name::Other };
        let windows = suffix.strip_suffix(".pyd").is_some();
        let known = windows
            || tag == "abi3"
            || tag.starts_with("cpython-")
            || tag.starts_with("pypy")
            || (tag.is_empty() && exports(path, module));
        if !known {
            return Name::Other;
        }
        if self.machine.os != "linux" {
            let reason = "machine code is loaded from a bundle on Linux only so far: leave it out \
                          with `Bundle::exclude`, or unpack the package with `Options::unpacked`";
            return Name::Unfit { module, reason: reason.to_owned() };
        }
        if let Some(rank) = self.suffixes.iter().position(|one| one == suffix) {
            return Name::Fits { module, rank };
        }
        let reason = format!("{}: {}", self.other(tag, suffix), self.remedy());
        Name::Unfit { module, reason }
    }

    /// Reads a file that the target can load; otherwise the error is the reason, as the end of a
    /// sentence.
    pub(super) fn read(&self, content: &[u8]) -> Result<Elf, String> {
        let elf = Elf::read(content)?;
        self.check(&elf)?;
        Ok(elf)
    }

    fn check(&self, elf: &Elf) -> Result<(), String> {
        let (wanted, arch) = (self.machine.elf(), &self.machine.arch);
        if wanted.is_some_and(|wanted| wanted != (elf.machine, elf.bits)) {
            let other = elf.machine_name();
            return Err(format!("it is for {other}, and the program is for {arch}"));
        }
        let musl = elf
            .needed
            .iter()
            .any(|name| name.starts_with("libc.musl-") || name.starts_with("ld-musl-"));
        let glibc = elf.needed.iter().any(|name| name == "libc.so.6");
        match self.machine.env.as_str() {
            "gnu" if musl => Err("it is for musl, and the program is for glibc".to_owned()),
            "musl" if glibc => Err("it is for glibc, and the program is for musl".to_owned()),
            _ => Ok(()),
        }
    }

    /// What to do about a file that doesn't fit.
    pub(super) fn remedy(&self) -> String {
        let (major, minor) = self.version;
        format!(
            "install the package again with `python{major}.{minor} -m pip install --target`, or leave \
             the file out with `Bundle::exclude`"
        )
    }

    /// The reason why a file with this tag and suffix doesn't fit, which names its Python or
    /// system.
    fn other(&self, tag: &str, suffix: &str) -> String {
        let (major, minor) = self.version;
        let own = match self.suffixes[0].strip_prefix(".cpython-") {
            Some(own) => own.trim_end_matches(".so").to_owned(),
            None => {
                return "the bundle is for several Pythons, and it is for only one of them"
                    .to_owned();
            }
        };
        if suffix.strip_suffix(".pyd").is_some() {
            return "it is for Windows, and the program is for Linux".to_owned();
        }
        if tag == "abi3" {
            return "a free-threaded Python has no stable ABI".to_owned();
        }
        let Some(theirs) = tag.strip_prefix("cpython-") else {
            return "it is for PyPy, and the program has CPython".to_owned();
        };
        let (python, machine) = theirs.split_once('-').unwrap_or((theirs, ""));
        let (own_python, own_machine) = own.split_once('-').unwrap_or((&own, ""));
        if python == own_python {
            return format!("it is for {machine}, and the program is for {own_machine}");
        }
        let digits = python.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let flags = &python[digits.len()..];
        let shown = match digits.split_at_checked(1) {
            Some((major, minor)) => format!("{major}.{minor}{flags}"),
            None => python.to_owned(),
        };
        let own_flags = own_python.trim_start_matches(|c: char| c.is_ascii_digit());
        format!("it is for CPython {shown}, and the program has {major}.{minor}{own_flags}")
    }
}

impl System {
    /// The system of the running program.
    pub(crate) fn own() -> Self {
        let env = if cfg!(target_env = "musl") { "musl" } else { "gnu" };
        Self {
            arch: std::env::consts::ARCH.to_owned(),
            os: std::env::consts::OS.to_owned(),
            env: env.to_owned(),
        }
    }

    /// The platform triplet, as CPython's `PLATFORM_TRIPLET` (`Misc/platform_triplet.c`, 3.13).
    fn triplet(&self) -> String {
        let arch = match self.arch.as_str() {
            "x86" => "i386",
            "powerpc64" => "powerpc64le",
            "riscv64gc" => "riscv64",
            arch => arch,
        };
        match self.arch.as_str() {
            "arm" => format!("arm-linux-{}eabihf", self.env),
            _ => format!("{arch}-linux-{}", self.env),
        }
    }

    /// `e_machine` and the number of bits; `None` for an unknown machine.
    fn elf(&self) -> Option<(u16, u8)> {
        Some(match self.arch.as_str() {
            "x86_64" => (62, 64),
            "x86" => (3, 32),
            "aarch64" => (183, 64),
            "arm" => (40, 32),
            "powerpc64" => (21, 64),
            "s390x" => (22, 64),
            "riscv64" | "riscv64gc" => (243, 64),
            _ => return None,
        })
    }
}

/// Whether the file contains the name of the function that CPython calls in the module (PEP 489). A
/// file that can't be read counts as what its name says.
fn exports(path: &Path, module: &str) -> bool {
    let Ok(content) = std::fs::read(path) else { return true };
    // Names that aren't ASCII are encoded in Punycode.
    let function =
        if module.is_ascii() { format!("PyInit_{module}\0") } else { "PyInitU_".to_owned() };
    memchr::memmem::find(&content, function.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(arch: &str, os: &str, env: &str) -> System {
        System { arch: arch.to_owned(), os: os.to_owned(), env: env.to_owned() }
    }

    fn abi(noted: &str) -> Abi {
        let noted = Some(noted.to_owned()).filter(|noted| !noted.is_empty());
        Abi::new((3, 13), noted, machine("x86_64", "linux", "gnu"))
    }

    fn rank(abi: &Abi, name: &str, content: &str) -> Option<usize> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        match abi.classify(name, &path) {
            Name::Fits { rank, .. } => Some(rank),
            _ => None,
        }
    }

    #[test]
    fn the_targets_own_suffixes_fit_in_their_order() {
        let abi = abi("");
        assert_eq!(rank(&abi, "a.cpython-313-x86_64-linux-gnu.so", ""), Some(0));
        assert_eq!(rank(&abi, "a.abi3.so", ""), Some(1));
        assert_eq!(rank(&abi, "a.so", "\x7fELF PyInit_a\0"), Some(2));
        assert_eq!(rank(&abi, "é.so", "PyInitU_9ca\0"), Some(2));
        let debug = self::abi(".cpython-313d-x86_64-linux-gnu.so");
        assert_eq!(rank(&debug, "a.cpython-313d-x86_64-linux-gnu.so", ""), Some(0));
        // A Python that a cross build found on its own machine.
        let cross = self::abi(".cpython-313-darwin.so");
        assert_eq!(rank(&cross, "a.cpython-313-x86_64-linux-gnu.so", ""), Some(0));
    }

    #[test]
    fn libraries_are_not_modules() {
        let abi = abi("");
        for name in ["liba.so", "liba.so.1", "a.py", "a.1.so", ".so", "liba.dylib", "a"] {
            assert_eq!(abi.classify(name, Path::new("/nowhere/else.txt")), {
                // Unreadable: by its name it could be a module.
                if name == "liba.so" { Name::Fits { module: "liba", rank: 2 } } else { Name::Other }
            });
        }
        assert_eq!(rank(&abi, "a.so", "PyInit_ab\0"), None);
    }

    #[test]
    fn modules_for_other_pythons_and_systems_are_named_as_such() {
        let reason = |abi: &Abi, name: &str| match abi.classify(name, Path::new("")) {
            Name::Unfit { reason, .. } => reason.split_once(": ").unwrap().0.to_owned(),
            other => panic!("{name}: {other:?}"),
        };
        let own = abi("");
        for (name, expected) in [
            (
                "a.cpython-312-x86_64-linux-gnu.so",
                "it is for CPython 3.12, and the program has 3.13",
            ),
            (
                "a.cpython-313t-x86_64-linux-gnu.so",
                "it is for CPython 3.13t, and the program has 3.13",
            ),
            (
                "a.cpython-313-aarch64-linux-gnu.so",
                "it is for aarch64-linux-gnu, and the program is for x86_64-linux-gnu",
            ),
            (
                "a.cpython-313-x86_64-linux-musl.so",
                "it is for x86_64-linux-musl, and the program is for x86_64-linux-gnu",
            ),
            (
                "a.cpython-313-darwin.so",
                "it is for darwin, and the program is for x86_64-linux-gnu",
            ),
            ("a.pyd", "it is for Windows, and the program is for Linux"),
            ("a.cp313-win_amd64.pyd", "it is for Windows, and the program is for Linux"),
            ("a.pypy310-pp73-x86_64-linux-gnu.so", "it is for PyPy, and the program has CPython"),
        ] {
            assert_eq!(reason(&own, name), expected, "{name}");
        }
        let free = abi(".cpython-313t-x86_64-linux-gnu.so");
        assert_eq!(reason(&free, "a.abi3.so"), "a free-threaded Python has no stable ABI");
        let shared = abi("").shared();
        assert_eq!(
            reason(&shared, "a.cpython-313-x86_64-linux-gnu.so"),
            "the bundle is for several Pythons, and it is for only one of them"
        );
        let apple = Abi::new((3, 13), None, machine("aarch64", "macos", ""));
        assert!(reason(&apple, "a.abi3.so").ends_with("on Linux only so far"));
    }
}
