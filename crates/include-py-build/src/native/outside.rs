//! The libraries that machine code needs and no package contains. They are found on this system,
//! and bundled or left to the target.
//!
//! ```text
//! _ssl.cpython-313-x86_64-linux-gnu.so  needs libssl.so.3, libcrypto.so.3, libc.so.6
//! ▶ include-py.libs/libssl.so.3, include-py.libs/libcrypto.so.3; libc.so.6 is the target's
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use include_py_bundle::{SYSTEM_LIBRARIES, SYSTEM_LICENCES};

use super::abi::Abi;
use super::alias;
use super::elf::Elf;
use super::order;
use crate::find::{File, Library, Origin};
use crate::source::Source;
use crate::system::{Loader, SystemLibraries, SystemLibrary};

/// The placeholder for an unknown licence; it is no valid SPDX identifier.
const UNKNOWN: &str = "unknown";

/// Adds libraries until all that can be bundled are.
pub(super) struct Collector<'a> {
    wish: &'a SystemLibraries,
    abi: &'a Abi,
    pub(super) objects: BTreeMap<String, Elf>,
    /// The original files of `objects`, to resolve `$ORIGIN`.
    origins: BTreeMap<String, PathBuf>,
    pub(super) files: Vec<(File, Source)>,
    pub(super) needed: Vec<SystemLibrary>,
    seen: BTreeSet<String>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        wish: &'a SystemLibraries,
        abi: &'a Abi,
        objects: BTreeMap<String, Elf>,
        origins: BTreeMap<String, PathBuf>,
    ) -> Self {
        let (files, needed, seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self { wish, abi, objects, origins, files, needed, seen }
    }

    pub(super) fn collect(&mut self, warnings: &mut Vec<String>) {
        if !self.wish.are_bundled() {
            return;
        }
        let loader = Loader::new(self.abi.arch());
        for given in self.wish.opened() {
            match self.open(&loader, given) {
                Ok(library) => self.needed.push(library),
                Err(warning) => warnings.push(warning),
            }
        }
        loop {
            let before = self.objects.len();
            for (by, name) in order::missing(&self.objects) {
                if self.seen.insert(name.clone()) {
                    let added = self.add(&loader, &by, &name);
                    let library = added.unwrap_or_else(|warning| {
                        warnings.extend(warning);
                        SystemLibrary::left(&name)
                    });
                    self.needed.push(library);
                }
            }
            if self.objects.len() == before {
                break;
            }
        }
        self.needed.sort();
        self.files.extend(self.licences());
        let names: Vec<&str> = self.needed.iter().map(SystemLibrary::name).collect();
        warnings.extend(self.wish.unused(&names));
    }

    /// Adds a library that code opens by the name that the user has given, with or without its
    /// version. The error is a message for the user that it isn't bundled.
    fn open(&mut self, loader: &Loader, given: &str) -> Result<SystemLibrary, String> {
        let call = format!("`SystemLibraries::also(\"{given}\")`");
        let names = loader.names(given);
        let name = match names.as_slice() {
            [name] => name.clone(),
            [] => {
                return Err(format!(
                    "{call} has no effect: there is no such library on this system; install it here, \
                     or correct its name"
                ));
            }
            several => {
                let several = several.join("`, `");
                return Err(format!(
                    "{call} has no effect: there are several such libraries on this system; name one \
                     of `{several}`"
                ));
            }
        };
        self.seen.insert(name.clone());
        self.add(loader, "", &name).map_err(|reason| {
            reason.unwrap_or_else(|| {
                format!("{call} has no effect: `{name}` belongs to the target's C library")
            })
        })
    }

    /// Adds the library `name`, which the one at `by` needs. The error is a message for the user
    /// that the target has to provide the library.
    fn add(
        &mut self,
        loader: &Loader,
        by: &str,
        name: &str,
    ) -> Result<SystemLibrary, Option<String>> {
        if !self.wish.bundles(name) {
            return Err(None);
        }
        let elf = self.objects.get(by);
        let run_paths = elf.map(|elf| elf.runpath.clone().unwrap_or_else(|| elf.rpath.clone()));
        let origin = self.origins.get(by).and_then(|path| std::fs::canonicalize(path).ok());
        let origin = origin.as_deref().and_then(Path::parent).unwrap_or(Path::new("/"));
        let path = loader.find(name, origin, &run_paths.unwrap_or_default()).ok_or_else(|| {
            format!(
                "the library `{name}`, which `{by}` needs, isn't on this system, so that the target \
                 has to have it: install it here, or say that it is the target's with \
                 `SystemLibraries::without(\"{name}\")`"
            )
        })?;
        let refused = |reason: String| {
            let path = path.display();
            let use_ = match by {
                "" => "which code opens by its name".to_owned(),
                by => format!("which `{by}` needs"),
            };
            format!("the library `{path}`, {use_}, isn't bundled, since {reason}")
        };
        let content = Source::read(&path).map_err(|error| refused(error.to_string()))?;
        let elf = self.abi.read(content.text()).map_err(refused)?;
        let library = SystemLibrary::bundled(name, &path, content.text().len());
        let own_name = elf.soname.clone().filter(|soname| soname != name && !soname.contains('/'));
        let alias = own_name.and_then(|own| Some((alias::alias(name, &own, content.text())?, own)));
        if let Some((alias, own)) = alias {
            // The library itself is added when the alias needs it.
            let elf = self.abi.read(&alias).map_err(refused)?;
            debug_assert_eq!(elf.needed, [own]);
            self.put(name, &path, elf, Source::made(&path, alias));
        } else {
            self.put(name, &path, elf, content);
        }
        Ok(library)
    }

    /// The file that lists the licence of each bundled library; `None` if there are none.
    fn licences(&self) -> Option<(File, Source)> {
        let bundled = self.needed.iter().filter(|library| library.path().is_some());
        let mut lines = String::new();
        for library in bundled {
            let licence = library.licence().unwrap_or(UNKNOWN);
            lines.extend([library.name(), " ", licence, "\n"]);
        }
        if lines.is_empty() {
            return None;
        }
        let source = PathBuf::from(SYSTEM_LICENCES);
        let content = Source::made(&source, lines.into_bytes());
        // It is generated, so there is no file to watch.
        let origin = Origin { root: usize::MAX, library: Library::Foreign };
        let file = File { path: SYSTEM_LICENCES.to_owned(), source, origin };
        Some((file, content))
    }

    /// Adds a file as the library of this name. It is at `path`, or generated from the file there.
    fn put(&mut self, name: &str, path: &Path, elf: Elf, content: Source) {
        let in_bundle = format!("{SYSTEM_LIBRARIES}/{name}");
        self.origins.insert(in_bundle.clone(), path.to_owned());
        self.objects.insert(in_bundle.clone(), elf);
        // It is in none of the user's roots.
        let origin = Origin { root: usize::MAX, library: Library::Standard };
        self.files.push((File { path: in_bundle, source: path.to_owned(), origin }, content));
    }
}
