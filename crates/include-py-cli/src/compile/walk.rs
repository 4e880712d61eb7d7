//! Which files are compiled, and what is said while they are looked for.
//!
//! `src/` gives `Say("Listing 'src/'...")`, then its files by name with each directory in its place.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::arguments::{Arguments, Quiet, Renaming};
use super::names;
use super::report::quoted;

/// One step, in the order in which `compileall` goes.
#[derive(Debug)]
pub(super) enum Event {
    /// Something to print.
    Say(String),
    /// A file to compile, under these names.
    File(PathBuf, Renaming),
}

/// All steps; none if the list of files can't be read, which has been said.
pub(super) fn events(arguments: &Arguments) -> io::Result<Option<Vec<Event>>> {
    let mut paths = arguments.paths.clone();
    if let Some(list) = &arguments.list {
        let Ok(more) = listed(list) else {
            if arguments.quiet < Quiet::All {
                writeln!(io::stdout(), "Error reading file list {}", names::shown(list))?;
            }
            return Ok(None);
        };
        paths.extend(more);
    }
    let mut events = Vec::new();
    if let Some(notice) = arguments.notice.filter(|_| arguments.quiet < Quiet::All) {
        events.push(Event::Say(notice.to_owned()));
    }
    for path in &paths {
        if path.is_file() {
            events.push(Event::File(path.clone(), arguments.renaming.clone()));
            continue;
        }
        // A directory's `-d` replaces the directory itself (`compileall.py: compile_dir`, 3.13).
        let renaming = match &arguments.renaming.directory {
            Some(directory) => Renaming {
                directory: None,
                strip: Some(path.clone().into_os_string()),
                prepend: Some(directory.clone()),
            },
            None => arguments.renaming.clone(),
        };
        let walk = Walk { quiet: arguments.quiet, renaming, events: &mut events };
        walk.directory(path, arguments.depth);
    }
    Ok(Some(events))
}

fn listed(list: &Path) -> io::Result<Vec<PathBuf>> {
    let mut text = Vec::new();
    if list == Path::new("-") {
        io::stdin().lock().read_to_end(&mut text)?;
    } else {
        fs::File::open(list)?.read_to_end(&mut text)?;
    }
    let lines = text.strip_suffix(b"\n").unwrap_or(&text).split(|&byte| byte == b'\n');
    Ok(if text.is_empty() {
        Vec::new()
    } else {
        lines.map(|line| path(line.trim_ascii())).collect()
    })
}

/// A path as the system has it.
#[cfg(unix)]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;

    std::ffi::OsStr::from_bytes(bytes).into()
}

/// A path as the system has it.
#[cfg(not(unix))]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).as_ref().into()
}

struct Walk<'e> {
    quiet: Quiet,
    renaming: Renaming,
    events: &'e mut Vec<Event>,
}

impl Walk<'_> {
    /// Goes through a directory with a stack of its own, so that depth costs no call stack.
    fn directory(self, root: &Path, depth: Option<u32>) {
        // What is still to be visited, the next on top.
        let mut open = vec![(root.to_owned(), depth, true)];
        while let Some((path, depth, is_directory)) = open.pop() {
            if !is_directory {
                self.events.push(Event::File(path, self.renaming.clone()));
                continue;
            }
            let shown = quoted(path.as_os_str().as_encoded_bytes());
            if self.quiet == Quiet::No {
                self.events.push(Event::Say(format!("Listing {shown}...")));
            }
            let entries: Result<Vec<_>, _> = WalkDir::new(&path)
                .min_depth(1)
                .max_depth(1)
                .sort_by_file_name()
                .into_iter()
                .collect();
            let Ok(entries) = entries else {
                if self.quiet < Quiet::All {
                    self.events.push(Event::Say(format!("Can't list {shown}")));
                }
                continue;
            };
            let inside = entries
                .into_iter()
                .rev()
                .filter(|entry| entry.file_name() != "__pycache__")
                .filter_map(|entry| visit(entry, depth));
            open.extend(inside);
        }
    }
}

/// A file, or a directory that is to be gone into.
fn visit(entry: DirEntry, depth: Option<u32>) -> Option<(PathBuf, Option<u32>, bool)> {
    // The directory says what its entries are; only where links lead must be asked.
    let is_link = entry.path_is_symlink();
    let kind =
        if is_link { fs::metadata(entry.path()).ok()?.file_type() } else { entry.file_type() };
    if kind.is_file() {
        return Some((entry.into_path(), depth, false));
    }
    // Pipes, sockets and devices have no end, or wait for somebody who writes.
    if !kind.is_dir() {
        return None;
    }
    let below = match depth {
        Some(0) => return None,
        Some(depth) => Some(depth - 1),
        None => None,
    };
    (!is_link).then(|| (entry.into_path(), below, true))
}
