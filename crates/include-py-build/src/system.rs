//! Finds shared libraries as this machine's dynamic loader does, and knows their properties.
//!
//! | step | as `dl-load.c: _dl_map_object`, glibc 2.36 |
//! |---|---|
//! | 1 | the run path of the library that needs it, with `$ORIGIN` replaced |
//! | 2 | `/etc/ld.so.cache` |
//! | 3 | the loader's own directories |
//!
//! `LD_LIBRARY_PATH` is ignored, so that the bundle's content doesn't depend on who builds it.

mod cache;
mod known;
mod libraries;

use std::io::Read;
use std::path::{Path, PathBuf};

use cache::Cache;
pub use libraries::{SystemLibraries, SystemLibrary};

/// Where this machine's loader looks for libraries of one architecture.
#[derive(Debug)]
pub(crate) struct Loader {
    cache: Cache,
    directories: Vec<PathBuf>,
    arch: String,
}

impl Loader {
    /// The loader for programs of the architecture that Cargo calls `arch`.
    pub(crate) fn new(arch: &str) -> Self {
        let content = crate::fs::read_previous(Path::new("/etc/ld.so.cache"));
        Self::with(Cache::parse(&content.unwrap_or_default()), Path::new("/"), arch)
    }

    fn with(cache: Cache, root: &Path, arch: &str) -> Self {
        let multiarch = format!("{arch}-linux-gnu");
        let own = ["lib", "usr/lib"].map(|dir| root.join(dir).join(&multiarch));
        let others = ["lib64", "usr/lib64", "lib", "usr/lib"].map(|dir| root.join(dir));
        let directories = own.into_iter().chain(others).collect();
        Self { cache, directories, arch: arch.to_owned() }
    }

    /// Finds the library `name` for a library in `origin` with these run paths.
    pub(crate) fn find(&self, name: &str, origin: &Path, run_paths: &[String]) -> Option<PathBuf> {
        let run_paths = run_paths.iter().filter_map(|path| expand(path, origin));
        let near = run_paths.map(|dir| dir.join(name));
        let cached = self.cache.paths(name).map(Path::to_owned);
        let usual = self.directories.iter().map(|dir| dir.join(name));
        near.chain(cached).chain(usual).find(|path| self.is_ours(path))
    }

    /// The names of the installed libraries that a name with or without a version means:
    /// `libmagic.so.1` for `libmagic`, and also for `libmagic.so`.
    pub(crate) fn names(&self, given: &str) -> Vec<String> {
        if self.find(given, Path::new("/"), &[]).is_some() && is_versioned(given) {
            return vec![given.to_owned()];
        }
        let stem = given.strip_suffix(".so").unwrap_or(given);
        let start = format!("{stem}.so");
        let means =
            |name: &str| name.strip_prefix(&start).is_some_and(|rest| rest.starts_with('.'));
        let names = self.cache.names().filter(|name| means(name));
        let mut names: Vec<_> = names
            .filter(|name| self.find(name, Path::new("/"), &[]).is_some())
            .map(str::to_owned)
            .collect();
        if names.is_empty() && self.find(given, Path::new("/"), &[]).is_some() {
            names.push(given.to_owned());
        }
        names.sort_unstable();
        names
    }

    /// Whether the file is a library for this architecture. Others of the same name may be
    /// installed.
    fn is_ours(&self, path: &Path) -> bool {
        let mut header = [0; 20];
        let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut header));
        read.is_ok() && crate::link::machine(&header).is_some_and(|arch| arch == self.arch)
    }
}

/// Whether a library's name has a version, as `libmagic.so.1` has.
fn is_versioned(name: &str) -> bool {
    name.split_once(".so.").is_some_and(|(_, version)| !version.is_empty())
}

/// The rest of a run path after `$ORIGIN`, the library's own directory: `/../lib`, or nothing.
pub(crate) fn after_origin(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("$ORIGIN").or_else(|| path.strip_prefix("${ORIGIN}"))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// A run path as a directory; `None` if it depends on the processor (`$PLATFORM`) or the current
/// directory.
fn expand(path: &str, origin: &Path) -> Option<PathBuf> {
    let expanded = match after_origin(path) {
        Some(rest) => PathBuf::from(format!("{}{rest}", origin.display())),
        None => PathBuf::from(path),
    };
    (expanded.is_absolute() && !path.get(1..).is_some_and(|path| path.contains('$')))
        .then_some(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory with files that start as libraries for a machine do.
    fn libraries(files: &[(&str, u8)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, machine) in files {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let mut header = *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\0\0";
            header[18] = *machine;
            std::fs::write(path, header).unwrap();
        }
        dir
    }

    const X86_64: u8 = 62;
    const AARCH64: u8 = 183;

    #[test]
    fn the_run_path_comes_first_and_only_this_architecture_counts() {
        let dir = libraries(&[
            ("opt/lib/liba.so.1", X86_64),
            ("opt/python/lib-dynload/x.so", X86_64),
            ("usr/lib/x86_64-linux-gnu/liba.so.1", X86_64),
            ("opt/lib/libb.so.1", AARCH64),
            ("usr/lib64/libb.so.1", X86_64),
        ]);
        let loader = Loader::with(Cache::default(), dir.path(), "x86_64");
        let find = |name, run_paths: &[&str]| {
            let run_paths: Vec<_> = run_paths.iter().map(|&path| path.to_owned()).collect();
            let found =
                loader.find(name, &dir.path().join("opt/python/lib-dynload"), &run_paths)?;
            Some(std::fs::canonicalize(found).unwrap())
        };
        let path = |name: &str| Some(std::fs::canonicalize(dir.path().join(name)).unwrap());
        assert_eq!(find("liba.so.1", &["$ORIGIN/../../lib"]), path("opt/lib/liba.so.1"));
        assert_eq!(find("liba.so.1", &[]), path("usr/lib/x86_64-linux-gnu/liba.so.1"));
        assert_eq!(find("libb.so.1", &["${ORIGIN}/../../lib"]), path("usr/lib64/libb.so.1"));
        assert_eq!(find("libc.so.1", &["$ORIGIN"]), None);
    }

    #[test]
    fn a_library_is_named_with_and_without_its_version() {
        let dir = libraries(&[
            ("usr/lib/liba.so.1", X86_64),
            ("usr/lib/liba-extra.so.1", X86_64),
            ("usr/lib/libb.so.1", X86_64),
            ("usr/lib/libb.so.2", X86_64),
            ("usr/lib/libc.so.3", AARCH64),
            ("usr/lib/libplain.so", X86_64),
            ("usr/lib/libuncached.so.7", X86_64),
        ]);
        let path = |name: &str| dir.path().join("usr/lib").join(name);
        let cached =
            ["liba.so.1", "liba-extra.so.1", "libb.so.1", "libb.so.2", "libc.so.3", "libgone.so.1"];
        let loader =
            Loader::with(Cache::of(cached.map(|name| (name, path(name)))), dir.path(), "x86_64");
        for given in ["liba", "liba.so", "liba.so.1"] {
            assert_eq!(loader.names(given), ["liba.so.1"], "{given}");
        }
        assert_eq!(loader.names("libb"), ["libb.so.1", "libb.so.2"]);
        assert_eq!(loader.names("libb.so.2"), ["libb.so.2"]);
        assert_eq!(loader.names("libplain.so"), ["libplain.so"]);
        assert_eq!(loader.names("libuncached.so.7"), ["libuncached.so.7"]);
        for given in ["libc", "libc.so.3", "libgone", "a"] {
            assert_eq!(loader.names(given), [""; 0], "{given}");
        }
    }

    #[test]
    fn a_run_path_is_a_directory_or_nothing() {
        let expand = |path| expand(path, Path::new("/o"));
        assert_eq!(expand("$ORIGIN").unwrap(), Path::new("/o"));
        assert_eq!(expand("${ORIGIN}/../lib").unwrap(), Path::new("/o/../lib"));
        assert_eq!(expand("/opt/lib").unwrap(), Path::new("/opt/lib"));
        for path in ["", "lib", "$ORIGINAL", "$LIB/x", "/opt/$PLATFORM", "$ORIGIN/$LIB"] {
            assert_eq!(expand(path), None, "{path}");
        }
    }

    #[test]
    fn this_machines_own_libraries_are_found() {
        let loader = Loader::new(std::env::consts::ARCH);
        // The libraries with which this test itself is linked.
        if cfg!(all(target_os = "linux", target_env = "gnu")) {
            assert!(loader.find("libc.so.6", Path::new("/"), &[]).is_some());
        }
    }
}
