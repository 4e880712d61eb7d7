//! The places where installations have libpython's archive, and the archives of other libraries.
//!
//! ```text
//! /usr/lib/python3.11/config-3.11-x86_64-linux-gnu/libpython3.11-pic.a   Debian's, at any address
//!                                                  libpython3.11.a       at a fixed one
//! /opt/py/lib/python3.13/config-3.13-x86_64-linux-gnu/libpython3.13.a    `make install`'s
//! /opt/py/lib/libpython3.13.a                                            of a build without a shared one
//! ```

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::archive::{self, Code};
use super::makefile::Flag;
use super::{Linkage, Platform, Wanted};

/// The existing directories that may contain the archive.
pub(super) fn places(wanted: Wanted<'_>) -> Vec<PathBuf> {
    let version = wanted.name.strip_prefix("python").unwrap_or(wanted.name);
    // The target's directory, if `Bundle::interpreter` is the build machine's.
    let beside = wanted.library_dir.map(|dir| dir.join(wanted.name));
    let libraries = wanted.stdlib_dir.map(Path::to_owned).into_iter().chain(beside);
    let mut places: Vec<PathBuf> = Vec::new();
    for library in libraries {
        for place in configurations(&library, version) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    places.extend(wanted.library_dir.filter(|dir| dir.is_dir()).map(Path::to_owned));
    places
}

/// Directories such as `config-3.13-x86_64-linux-gnu`, sorted; several architectures can be
/// installed.
fn configurations(library: &Path, version: &str) -> Vec<PathBuf> {
    let is_one = |name: &str| {
        let rest = name.strip_prefix("config-").and_then(|name| name.strip_prefix(version));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let entries = WalkDir::new(library).min_depth(1).max_depth(1).sort_by_file_name();
    let entries = entries.into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_one))
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// The existing archives, the best first.
pub(super) fn archives(places: &[PathBuf], name: &str) -> Vec<PathBuf> {
    let files = [format!("lib{name}-pic.a"), format!("lib{name}.a")];
    let paths = files.iter().flat_map(|file| places.iter().map(move |place| place.join(file)));
    paths.filter(|path| path.is_file()).collect()
}

/// Libraries that every system with a shared C library has, GNU or musl.
const C_LIBRARY: &[&str] = &["c", "dl", "m", "pthread", "resolv", "rt", "util"];

/// Links the libraries that libpython's own modules need, statically if there are suitable
/// archives.
pub(super) fn add_libraries(
    linkage: &mut Linkage,
    flags: &[Flag],
    code: Code,
    platform: &Platform,
) {
    let named = flags.iter().filter_map(|flag| match flag {
        Flag::Directory(dir) => Some(dir.clone()).filter(|dir| dir.is_absolute()),
        Flag::Library(_) => None,
    });
    let mut dirs: Vec<PathBuf> = named.collect();
    for root in ["/usr/lib", "/lib"] {
        dirs.push(Path::new(root).join(format!("{}-linux-gnu", platform.arch)));
    }
    dirs.extend(["/usr/lib64", "/usr/local/lib", "/usr/lib"].map(PathBuf::from));
    let libraries = flags.iter().filter_map(|flag| match flag {
        Flag::Library(name) => Some(name),
        Flag::Directory(_) => None,
    });
    for name in libraries {
        if C_LIBRARY.contains(&name.as_str()) {
            linkage.lines.push(format!("cargo::rustc-link-lib=dylib={name}"));
            continue;
        }
        let paths = dirs.iter().map(|dir| dir.join(format!("lib{name}.a")));
        let fits = |path: &PathBuf| {
            path.is_file()
                && archive::read(path).is_ok_and(|found| {
                    found.arch.is_none_or(|arch| arch == platform.arch)
                        && (found.code == Code::AnyAddress || code == Code::FixedAddress)
                })
        };
        if let Some(dir) = paths.filter(fits).find_map(|path| path.parent().map(Path::to_owned)) {
            linkage.lines.push(format!("cargo::rustc-link-search=native={}", dir.display()));
            linkage.lines.push(format!("cargo::rustc-link-lib=static:-bundle={name}"));
        } else {
            linkage.lines.push(format!("cargo::rustc-link-lib=dylib={name}"));
            linkage.needed.push(name.clone());
        }
    }
}
