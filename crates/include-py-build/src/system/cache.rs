//! Reads `/etc/ld.so.cache`, which lists installed libraries.
//!
//! ```text
//! "glibc-ld.so.cache1.1"  entries u32  strings u32  flags u8  pad[3]  extensions u32  unused[12]
//! then each entry:        flags i32   name u32   path u32   os u32   hwcap u64
//! ```
//!
//! Numbers have the machine's byte order, and offsets count from the magic (`cache.h`, glibc 2.36).
//! Older systems have a cache in another format before it, so the magic is searched for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
const HEADER: usize = 48;
const ENTRY: usize = 24;

/// Paths by library name.
#[derive(Debug, Default)]
pub(super) struct Cache {
    paths: HashMap<String, Vec<PathBuf>>,
}

impl Cache {
    /// Parses a cache. A damaged one gives what can be read, and any other file gives nothing.
    pub(super) fn parse(content: &[u8]) -> Self {
        let start = memchr::memmem::find(content, MAGIC);
        let content = start.and_then(|start| content.get(start..)).unwrap_or_default();
        let mut cache = Self::default();
        let count = number(content, 20).unwrap_or(0);
        let entries = content.get(HEADER..).unwrap_or_default().chunks_exact(ENTRY);
        for entry in entries.take(count) {
            // Builds for newer processors have a capability; generic builds have none.
            if entry[16..24] != [0; 8] {
                continue;
            }
            let string = |at| Some(text(content.get(number(entry, at)?..)?)?.to_owned());
            if let (Some(name), Some(path)) = (string(4), string(8)) {
                cache.paths.entry(name).or_default().push(PathBuf::from(path));
            }
        }
        cache
    }

    /// A cache with these names and paths.
    #[cfg(test)]
    pub(super) fn of<'a>(entries: impl IntoIterator<Item = (&'a str, PathBuf)>) -> Self {
        let entries = entries.into_iter().map(|(name, path)| (name.to_owned(), vec![path]));
        Self { paths: entries.collect() }
    }

    /// The names of all libraries, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.paths.keys().map(String::as_str)
    }

    /// The libraries of this name, for all architectures.
    pub(super) fn paths(&self, name: &str) -> impl Iterator<Item = &Path> {
        self.paths.get(name).into_iter().flatten().map(PathBuf::as_path)
    }
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 4)?;
    let number = u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    usize::try_from(number).ok()
}

fn text(bytes: &[u8]) -> Option<&str> {
    let end = memchr::memchr(0, bytes)?;
    std::str::from_utf8(&bytes[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cache with these names, paths and capabilities (0 for none), after `before`.
    fn cache(before: &[u8], entries: &[(&str, &str, u64)]) -> Vec<u8> {
        let mut strings = Vec::new();
        let mut table = Vec::new();
        let base = HEADER + entries.len() * ENTRY;
        let mut add = |text: &str| {
            let at = u32::try_from(base + strings.len()).unwrap();
            strings.extend(text.bytes().chain([0]));
            at.to_ne_bytes()
        };
        for (name, path, capability) in entries {
            table.extend(0x0303_u32.to_ne_bytes());
            table.extend(add(name));
            table.extend(add(path));
            table.extend([0; 4]);
            table.extend(capability.to_ne_bytes());
        }
        let count = u32::try_from(entries.len()).unwrap();
        let mut bytes = before.to_vec();
        bytes.extend(MAGIC);
        bytes.extend(count.to_ne_bytes());
        bytes.resize(before.len() + HEADER, 0);
        bytes.extend(table);
        bytes.extend(strings);
        bytes
    }

    fn paths(content: &[u8], name: &str) -> Vec<String> {
        let cache = Cache::parse(content);
        cache.paths(name).map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn libraries_have_their_paths() {
        let entries = [
            ("libz.so.1", "/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libz.so.1", 1 << 62),
            ("libz.so.1", "/lib/x86_64-linux-gnu/libz.so.1", 0),
            ("libz.so.1", "/lib32/libz.so.1", 0),
            ("libssl.so.3", "/lib/x86_64-linux-gnu/libssl.so.3", 0),
        ];
        for before in [&b""[..], b"ld.so-1.7.0\0\0\0\0\0"] {
            let content = cache(before, &entries);
            let both = ["/lib/x86_64-linux-gnu/libz.so.1", "/lib32/libz.so.1"];
            assert_eq!(paths(&content, "libz.so.1"), both);
            assert_eq!(paths(&content, "libssl.so.3"), ["/lib/x86_64-linux-gnu/libssl.so.3"]);
            assert_eq!(paths(&content, "libssl.so"), [""; 0]);
        }
    }

    #[test]
    fn damaged_caches_are_read_as_far_as_they_go() {
        let whole = cache(b"", &[("liba.so", "/a", 0), ("libb.so", "/b", 0)]);
        for end in 0..whole.len() {
            let _ = Cache::parse(&whole[..end]);
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] = 0xff;
            let _ = Cache::parse(&damaged);
        }
        assert_eq!(paths(b"not a cache", "liba.so"), [""; 0]);
    }
}
