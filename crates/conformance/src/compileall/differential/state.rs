//! The content of a tree: names, types, modes, owners, hard links and contents.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use pyc_code::marshal;
use pyc_code::pyc::{HEADER_LEN, Header};

/// A tree, by paths below its root.
pub(super) struct State(BTreeMap<PathBuf, Entry>);

#[derive(PartialEq, Eq)]
struct Entry {
    kind: &'static str,
    /// Permissions, owner and group.
    rights: (u32, u32, u32),
    /// The first name of a file with several names.
    twin: Option<PathBuf>,
    header: Vec<u8>,
    content: Vec<u8>,
}

impl State {
    pub(super) fn of(root: &Path) -> Result<Self, String> {
        let (mut entries, mut inodes) = (BTreeMap::new(), BTreeMap::new());
        for found in walkdir::WalkDir::new(root).min_depth(1).sort_by_file_name() {
            let found = found.map_err(|error| error.to_string())?;
            let path = found.path().strip_prefix(root).unwrap_or(found.path()).to_owned();
            let metadata = found.metadata().map_err(|error| error.to_string())?;
            let kind = metadata.file_type();
            let failed = |error: std::io::Error| format!("{}: {error}", found.path().display());
            let (name, content) = if kind.is_symlink() {
                let target = fs::read_link(found.path()).map_err(failed)?;
                ("link", target.as_os_str().as_bytes().to_vec())
            } else if kind.is_dir() {
                ("directory", Vec::new())
            } else if kind.is_fifo() {
                ("pipe", Vec::new())
            } else {
                ("file", fs::read(found.path()).map_err(failed)?)
            };
            let twin = (name == "file" && metadata.nlink() > 1)
                .then(|| inodes.entry(metadata.ino()).or_insert_with(|| path.clone()).clone());
            let (header, content) = canonical(&path, content);
            let rights = (metadata.mode() & 0o7777, metadata.uid(), metadata.gid());
            entries.insert(path, Entry { kind: name, rights, twin, header, content });
        }
        Ok(Self(entries))
    }

    /// The differences of the other tree, as text.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let mut all = Vec::new();
        for (path, theirs) in &self.0 {
            let shown = path.display();
            match other.0.get(path) {
                None => all.push(format!("{shown} is missing")),
                Some(ours) if ours == theirs => {}
                Some(ours) => all.push(format!("{shown}: {}", difference(theirs, ours))),
            }
        }
        let only_ours = other.0.keys().filter(|path| !self.0.contains_key(*path));
        all.extend(only_ours.map(|path| format!("{} is there", path.display())));
        all
    }
}

fn difference(theirs: &Entry, ours: &Entry) -> String {
    if theirs.kind != ours.kind {
        format!("a {}, not a {}", ours.kind, theirs.kind)
    } else if theirs.rights != ours.rights {
        let shown = |(mode, owner, group): (u32, u32, u32)| format!("{mode:o} of {owner}:{group}");
        format!("rights {}, not {}", shown(ours.rights), shown(theirs.rights))
    } else if theirs.twin != ours.twin {
        format!("the same file as {:?}, not {:?}", ours.twin, theirs.twin)
    } else if theirs.header != ours.header {
        format!("header {:02x?}, not {:02x?}", ours.header, theirs.header)
    } else {
        "the code differs".to_owned()
    }
}

/// The header of a `.pyc` and its content in canonical form; for other files, an empty header and
/// the content.
fn canonical(path: &Path, content: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let is_pyc = path.as_os_str().as_bytes().ends_with(b".pyc");
    let read = Header::read(&content).ok().filter(|_| is_pyc);
    let stream = read.and_then(|(header, stream)| marshal::canonical(stream, header.minor()).ok());
    match stream {
        Some(stream) => (content[..HEADER_LEN].to_vec(), stream),
        None => (Vec::new(), content),
    }
}
