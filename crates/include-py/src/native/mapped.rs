//! Copies a part of a mapped file within the kernel, without accessing the mapping.
//!
//! Reading a library through the mapping would count its pages as this process's memory, in
//! addition to those of the memory file. `/proc/self/maps` lists which part of a file is mapped
//! where:
//!
//! ```text
//! 5581b8a00000-5581b9c00000 r--p 00400000 fd:01 131 /opt/tool
//! ```

use std::{
    fs::{self, File},
    io,
    os::{fd::AsRawFd, unix::fs::MetadataExt},
    path::Path,
    sync::{Mutex, PoisonError},
};

const EXECUTABLE: &str = "/proc/self/exe";

/// Appends `content` to `target`, if it is part of a mapped file and the mapping isn't writable.
/// `None` if it isn't; then nothing has been done.
pub(super) fn copy(content: &[u8], target: &File) -> Option<io::Result<()>> {
    let start = content.as_ptr() as usize;
    let end = start.checked_add(content.len())?;
    let map = Map::around(start, end)?;
    let source = map.file()?;
    let offset = map.offset.checked_add(u64::try_from(start - map.start).ok()?)?;
    let mut offset = i64::try_from(offset).ok()?;
    let mut left = content.len();
    let mut first = true;
    while left > 0 {
        // SAFETY: both descriptors are open, since the files are, and `offset` is a number of ours.
        let sent = unsafe {
            libc::sendfile(target.as_raw_fd(), source.as_raw_fd(), &raw mut offset, left)
        };
        match usize::try_from(sent) {
            Ok(0) => return Some(Err(io::ErrorKind::UnexpectedEof.into())),
            Ok(sent) => left = left.saturating_sub(sent),
            Err(_) => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => {}
                // Some file systems don't support it.
                _ if first => return None,
                error => return Some(Err(error)),
            },
        }
        first = false;
    }
    Some(Ok(()))
}

/// A line of `/proc/self/maps`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Map {
    start: usize,
    end: usize,
    offset: u64,
    /// Major and minor number of the device.
    device: (u32, u32),
    inode: u64,
    path: String,
}

impl Map {
    /// The mapping that contains these addresses. The executable's mapping, which usually contains
    /// the bundles, stays as long as the process, so it is cached: the list is long if many
    /// libraries are loaded.
    fn around(start: usize, end: usize) -> Option<Self> {
        static KNOWN: Mutex<Option<Map>> = Mutex::new(None);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |map: &Self| map.start <= start && end <= map.end;
        if let Some(map) = known.clone().filter(holds) {
            return Some(map);
        }
        let maps = fs::read_to_string("/proc/self/maps").ok()?;
        let map = maps.lines().filter_map(Self::read).find(holds)?;
        if map.is_executable() {
            *known = Some(map.clone());
        }
        Some(map)
    }

    fn is_executable(&self) -> bool {
        fs::read_link(EXECUTABLE).is_ok_and(|link| link == Path::new(&self.path))
    }

    /// `None` if it is no file's mapping, or a writable one.
    fn read(line: &str) -> Option<Self> {
        let mut rest = line;
        let mut next = || {
            let (word, more) = rest.split_once(' ')?;
            rest = more.trim_start();
            Some(word)
        };
        let (start, end) = next()?.split_once('-')?;
        let permissions = next()?;
        let offset = u64::from_str_radix(next()?, 16).ok()?;
        let (major, minor) = next()?.split_once(':')?;
        let inode = next()?.parse().ok()?;
        let device = (u32::from_str_radix(major, 16).ok()?, u32::from_str_radix(minor, 16).ok()?);
        let (start, end) =
            (usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?);
        let changes = permissions.contains('w');
        let path = rest.to_owned();
        (inode != 0 && !changes).then_some(Self { start, end, offset, device, inode, path })
    }

    /// The mapped file; `None` if another file has replaced it.
    fn file(&self) -> Option<File> {
        // The executable can be opened even if its name no longer exists.
        [EXECUTABLE, &self.path].into_iter().find_map(|path| {
            let file = File::open(path).ok()?;
            let metadata = file.metadata().ok()?;
            let device = metadata.dev();
            let is_same = metadata.ino() == self.inode
                && (libc::major(device), libc::minor(device)) == self.device;
            // With stacked file systems, maps shows the device number of a lower one.
            (is_same || path == EXECUTABLE && self.is_executable()).then_some(file)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let map = Map::read("7f00-7f80 r--p 00001000 fd:01 131                  /a b/c").unwrap();
        let expected = Map {
            start: 0x7f00,
            end: 0x7f80,
            offset: 0x1000,
            device: (0xfd, 1),
            inode: 131,
            path: "/a b/c".to_owned(),
        };
        assert_eq!(map, expected);
        assert_eq!(Map::read("7f00-7f80 rw-p 00001000 fd:01 131 /a"), None);
        assert_eq!(Map::read("7f00-7f80 r--p 00000000 00:00 0 "), None);
    }

    static DATA: [u8; 5000] = [9; 5000];

    #[test]
    fn memory_that_isnt_mapped_from_a_file_isnt_copied() {
        let target = tempfile::tempfile().unwrap();
        let content = vec![1; 10];
        assert!(copy(&content, &target).is_none());
        copy(&DATA, &target).unwrap().unwrap();
        assert_eq!(target.metadata().unwrap().len(), 5000);
    }
}
