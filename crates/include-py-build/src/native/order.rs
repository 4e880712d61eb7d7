//! Finds the libraries to load before a library, and their order: the ones that `ld.so` would find
//! if they were real files.
//!
//! ```text
//! a/x.abi3.so  needs liba.so.1 and libz.so.1, run path $ORIGIN/../a.libs
//! a.libs/liba.so.1  needs libb.so.2, run path $ORIGIN
//! a.libs/libb.so.2
//! ▶ a/x.abi3.so loads a.libs/libb.so.2, a.libs/liba.so.1; libz.so.1 is the system's
//! ```
//!
//! A loaded library is found by its `DT_SONAME`, wherever it was loaded from. If it is needed by
//! another name, or if two libraries need each other, both the needing and the needed library must
//! be real files. Their other dependencies and dependents can still be in memory.

use std::collections::{BTreeMap, BTreeSet};

use include_py_bundle::{NewLibrary, SYSTEM_LIBRARIES};

use super::elf::Elf;
use crate::system;

/// Libraries by their paths in the bundle.
type Objects = BTreeMap<String, Elf>;

/// What must be loaded for each library.
pub(super) fn libraries(objects: &Objects) -> Vec<NewLibrary> {
    let mut in_files = BTreeSet::new();
    let mut libraries: Vec<NewLibrary> = objects
        .keys()
        .map(|path| {
            let mut walk = Walk::new(objects);
            walk.enter(path, &[]);
            walk.loads.pop();
            in_files.append(&mut walk.in_files);
            NewLibrary { path: path.clone(), loads: walk.loads, needs_file: false }
        })
        .collect();
    for library in &mut libraries {
        library.needs_file = in_files.contains(library.path.as_str());
    }
    libraries
}

/// Libraries that aren't in the bundle: the path of the library that needs one, and its name.
pub(super) fn missing(objects: &Objects) -> BTreeSet<(String, String)> {
    let mut missing = BTreeSet::new();
    for path in objects.keys() {
        let mut walk = Walk::new(objects);
        walk.enter(path, &[]);
        missing.extend(walk.missing);
    }
    missing
}

/// A depth-first walk that starts at one library.
struct Walk<'o> {
    objects: &'o Objects,
    /// The visited libraries in postorder, which is the order of loading.
    loads: Vec<String>,
    /// The libraries that were entered, but not left yet.
    open: Vec<&'o str>,
    /// The libraries that must be real files.
    in_files: BTreeSet<&'o str>,
    /// The libraries that weren't found, and the path of the library that needs each.
    missing: Vec<(String, String)>,
}

impl<'o> Walk<'o> {
    fn new(objects: &'o Objects) -> Self {
        let (loads, open, missing) = (Vec::new(), Vec::new(), Vec::new());
        Self { objects, loads, open, in_files: BTreeSet::new(), missing }
    }

    /// `inherited` are the directories of the dependents' `DT_RPATH`s.
    fn enter(&mut self, path: &'o str, inherited: &[String]) {
        let Some(elf) = self.objects.get(path) else { return };
        self.open.push(path);
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        let own: Vec<String> = elf.rpath.iter().filter_map(|dir| within(dir, above)).collect();
        // dl-load.c: _dl_map_object, glibc 2.36
        let (search, passed) = if let Some(runpath) = &elf.runpath {
            let search = runpath.iter().filter_map(|dir| within(dir, above)).collect();
            (search, inherited.to_vec())
        } else {
            let all = [&own[..], inherited].concat();
            (all.clone(), all)
        };
        for needed in &elf.needed {
            let Some((found, object)) = self.find(&search, needed) else {
                self.missing.push((path.to_owned(), needed.clone()));
                continue;
            };
            if let Some(start) = self.open.iter().position(|open| *open == found) {
                self.in_files.extend(&self.open[start..]);
                continue;
            }
            if object.soname.as_deref() != Some(needed) {
                self.in_files.extend([path, found]);
            }
            if !self.loads.iter().any(|path| path == found) {
                self.enter(found, &passed);
            }
        }
        self.open.pop();
        self.loads.push(path.to_owned());
    }

    fn find(&self, search: &[String], name: &str) -> Option<(&'o str, &'o Elf)> {
        if name.contains('/') {
            return None;
        }
        let system = SYSTEM_LIBRARIES.to_owned();
        search.iter().chain([&system]).find_map(|dir| {
            let path = if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
            self.objects.get_key_value(&path).map(|(path, elf)| (path.as_str(), elf))
        })
    }
}

/// The directory in the bundle to which an entry of a run path leads, for a library in the
/// directory `origin`; `None` if it leads out of the bundle.
fn within(entry: &str, origin: &str) -> Option<String> {
    let rest = system::after_origin(entry)?;
    let mut parts: Vec<&str> = origin.split('/').filter(|part| !part.is_empty()).collect();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf(soname: &str, needed: &[&str], runpath: Option<&str>, rpath: &str) -> Elf {
        let list = |text: &str| text.split(':').map(str::to_owned).collect();
        Elf {
            soname: Some(soname.to_owned()).filter(|name| !name.is_empty()),
            needed: needed.iter().map(|name| (*name).to_owned()).collect(),
            runpath: runpath.map(list),
            rpath: list(rpath),
            ..Elf::default()
        }
    }

    /// The libraries that `path` loads, and `!` if it needs real files.
    fn loads(objects: &[(&str, Elf)], path: &str) -> String {
        let objects = objects.iter().map(|(path, elf)| ((*path).to_owned(), elf.clone())).collect();
        let libraries = libraries(&objects);
        let library = libraries.iter().find(|library| library.path == path).unwrap();
        format!("{}{}", library.loads.join(" "), if library.needs_file { "!" } else { "" })
    }

    #[test]
    fn needed_libraries_are_loaded_first() {
        let objects = [
            ("a/x.so", elf("", &["liba.so.1", "libz.so.1"], Some("$ORIGIN/../a.libs"), "")),
            ("a.libs/liba.so.1", elf("liba.so.1", &["libb.so"], Some("/usr/lib:${ORIGIN}"), "")),
            ("a.libs/libb.so", elf("libb.so", &["libc.so.6"], None, "")),
            ("a.libs/libz.so.1.2", elf("libz.so.1", &[], None, "")),
        ];
        assert_eq!(loads(&objects, "a/x.so"), "a.libs/libb.so a.libs/liba.so.1");
        assert_eq!(loads(&objects, "a.libs/libb.so"), "");
    }

    #[test]
    fn rpath_is_inherited_and_runpath_is_not() {
        // DT_RPATH is inherited, DT_RUNPATH isn't.
        let inner = elf("libi.so", &["libj.so"], None, "");
        let leaf = ("lib/libj.so", elf("libj.so", &[], None, ""));
        let objects = |outer| [("x.so", outer), ("lib/libi.so", inner.clone()), leaf.clone()];
        let old = elf("", &["libi.so"], None, "$ORIGIN/lib");
        assert_eq!(loads(&objects(old), "x.so"), "lib/libj.so lib/libi.so");
        let new = elf("", &["libi.so"], Some("$ORIGIN/lib"), "");
        assert_eq!(loads(&objects(new), "x.so"), "lib/libi.so");
        assert_eq!(within("$ORIGIN/../../x", "a"), None);
        assert_eq!(within("$ORIGINAL", "a"), None);
        assert_eq!(within("$ORIGIN/./../b//c/", "a").as_deref(), Some("b/c"));
    }

    #[test]
    fn libraries_found_only_by_location_need_files() {
        let other = [
            ("x.so", elf("", &["liba.so"], Some("$ORIGIN"), "")),
            ("liba.so", elf("liba.so.1", &[], None, "")),
            ("y.so", elf("", &["liba.so.1"], Some("$ORIGIN"), "")),
            ("z.so", elf("", &["libc.so"], Some("$ORIGIN"), "")),
            ("libc.so", elf("libc.so", &["liba.so"], Some("$ORIGIN"), "")),
        ];
        assert_eq!(loads(&other, "x.so"), "liba.so!");
        assert_eq!(loads(&other, "liba.so"), "!");
        assert_eq!(loads(&other, "z.so"), "liba.so libc.so");
        assert_eq!(loads(&other, "libc.so"), "liba.so!");
        let circle = [
            ("x.so", elf("", &["liba.so"], Some("$ORIGIN"), "")),
            ("liba.so", elf("liba.so", &["libb.so"], Some("$ORIGIN"), "")),
            ("libb.so", elf("libb.so", &["liba.so"], Some("$ORIGIN"), "")),
        ];
        assert_eq!(loads(&circle, "liba.so"), "libb.so!");
        assert_eq!(loads(&circle, "libb.so"), "liba.so!");
        assert_eq!(loads(&circle, "x.so"), "libb.so liba.so");
    }

    #[test]
    fn system_libraries_are_missing_until_added() {
        let mut objects = BTreeMap::new();
        let ssl = elf("", &["libssl.so.3", "libc.so.6"], Some("/opt/py/lib"), "");
        objects.insert("_ssl.so".to_owned(), ssl);
        let names =
            |objects: &Objects| missing(objects).into_iter().map(|(_, name)| name).collect();
        let both: Vec<String> = names(&objects);
        assert_eq!(both, ["libc.so.6", "libssl.so.3"]);
        let path = format!("{SYSTEM_LIBRARIES}/libssl.so.3");
        objects.insert(path.clone(), elf("libssl.so.3", &["libc.so.6"], None, ""));
        let rest: Vec<String> = names(&objects);
        assert!(rest.iter().all(|name| name == "libc.so.6"), "{rest:?}");
        let libraries = libraries(&objects);
        let module = libraries.iter().find(|library| library.path == "_ssl.so").unwrap();
        assert_eq!((&*module.loads, module.needs_file), (&[path][..], false));
    }
}
