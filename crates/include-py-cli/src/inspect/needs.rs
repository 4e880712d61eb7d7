//! The system libraries that all machine code in a file needs.
//!
//! `libc.so.6` is listed with `GLIBC_2.34`, the newest version that is needed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::elf::Elf;

/// Collects requirements and the libraries that are part of the file itself.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// The symbol versions needed from each library.
    libraries: BTreeMap<String, BTreeSet<String>>,
    own: BTreeSet<String>,
}

impl Needs {
    /// Adds the requirements of a file; returns its headers if it is machine code.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Option<Elf> {
        let elf = Elf::read(bytes)?;
        for name in &elf.needed {
            self.libraries.entry(name.clone()).or_default();
        }
        for (library, version) in &elf.versions {
            self.libraries.entry(library.clone()).or_default().insert(version.clone());
        }
        self.own.extend(elf.soname.clone());
        Some(elf)
    }

    /// The libraries that aren't part of the file, each with the newest version of each family.
    pub(super) fn unmet(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        let foreign = self.libraries.iter().filter(|(name, _)| !self.own.contains(*name));
        foreign.map(|(name, versions)| (name.as_str(), newest(versions)))
    }

    /// The minimum version of glibc, such as `2.34`.
    pub(super) fn glibc(&self) -> Option<&str> {
        let versions = self.libraries.values().flatten();
        let glibc = versions.filter_map(|version| version.strip_prefix("GLIBC_"));
        let numbered = glibc.filter(|version| version.starts_with(|c: char| c.is_ascii_digit()));
        numbered.max_by(|a, b| compare(a, b))
    }
}

/// The newest version of each family: `GLIBC_2.34` from `GLIBC_2.4`, `GLIBC_2.34`, `GLIBC_PRIVATE`.
/// The family is the part before the number.
fn newest(versions: &BTreeSet<String>) -> Vec<&str> {
    let mut families: BTreeMap<&str, &str> = BTreeMap::new();
    for version in versions {
        let family = version.rfind('_').map_or("", |end| &version[..end]);
        let number = version.trim_start_matches(family).trim_start_matches('_');
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            families.insert(version, version);
            continue;
        }
        let newest = families.entry(family).or_insert(version);
        if compare(newest, version) == Ordering::Less {
            *newest = version;
        }
    }
    families.into_values().collect()
}

/// Compares versions number by number.
fn compare(a: &str, b: &str) -> Ordering {
    let numbers = |text: &str| -> Vec<u32> {
        let number = text.rsplit('_').next().unwrap_or_default();
        number.split('.').map_while(|part| part.parse().ok()).collect()
    };
    numbers(a).cmp(&numbers(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_of_each_family_counts() {
        let versions = ["GLIBCXX_3.4.9", "GLIBCXX_3.4.21", "CXXABI_1.3", "GLIBC_PRIVATE"];
        let versions = versions.map(str::to_owned).into_iter().collect();
        assert_eq!(newest(&versions), ["CXXABI_1.3", "GLIBCXX_3.4.21", "GLIBC_PRIVATE"]);
    }

    #[test]
    fn libraries_among_the_files_are_not_needs() {
        let mut needs = Needs::default();
        let set = |versions: &[&str]| versions.iter().map(|&one| one.to_owned()).collect();
        needs.libraries.insert("libc.so.6".to_owned(), set(&["GLIBC_2.4", "GLIBC_2.34"]));
        needs.libraries.insert("libm.so.6".to_owned(), set(&["GLIBC_2.29"]));
        needs.libraries.insert("libz.so.1".to_owned(), set(&[]));
        needs.own.insert("libz.so.1".to_owned());
        let shown: Vec<_> = needs.unmet().collect();
        assert_eq!(shown, [("libc.so.6", vec!["GLIBC_2.34"]), ("libm.so.6", vec!["GLIBC_2.29"])]);
        assert_eq!(needs.glibc(), Some("2.34"));
        assert_eq!(Needs::default().glibc(), None);
    }
}
