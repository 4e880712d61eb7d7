//! Detects whether a file has changed since it was read, without reading it.
//!
//! | what happened | how it is detected |
//! |---|---|
//! | edited | by its size or times |
//! | edited, and its modification time set back | on Unix, by the change time of its inode |
//! | replaced by another file | on Unix, by its inode |
//! | edited directly after it was read, within one tick of the clock | the last build doesn't [trust](Stamp::is_settled) the stamp |

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The attributes of a file; equal stamps mean equal files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    size: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    /// The inode's change time in the same unit; 0 if there is none.
    changed: i64,
    /// The inode's number; 0 if there is none.
    file: u64,
}

/// A point in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(SystemTime);

impl Moment {
    pub(crate) fn now() -> Self {
        Self(SystemTime::now())
    }
}

/// Maximum time by which file timestamps can lag behind the clock: a tick, at most 10 ms
/// (`CONFIG_HZ` of Linux), doubled.
const TICK: Duration = Duration::from_millis(20);

/// The same for file systems with whole seconds; FAT stores only even ones.
const WHOLE_SECONDS: Duration = Duration::from_secs(3);

const SECOND: i64 = 1_000_000_000;

impl Stamp {
    pub(crate) const SIZE: usize = 4 * size_of::<u64>();

    pub(crate) fn of(path: &Path) -> std::io::Result<Self> {
        std::fs::metadata(path).map(|metadata| Self::new(&metadata))
    }

    pub(crate) fn new(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let (changed, file) = {
            use std::os::unix::fs::MetadataExt as _;
            (metadata.ctime() * SECOND + metadata.ctime_nsec(), metadata.ino())
        };
        #[cfg(not(unix))]
        let (changed, file) = (0, 0);
        let modified = metadata.modified().map(nanoseconds).unwrap_or_default();
        Self { size: metadata.len(), modified, changed, file }
    }

    /// The file's size in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Whether any change of the file after `start` would change its stamp. This isn't certain for
    /// a file that was changed just before, or whose times are in the future.
    pub(crate) fn is_settled(&self, start: Moment) -> bool {
        let last = if self.changed == 0 { self.modified } else { self.changed.max(self.modified) };
        let slack = if last % SECOND == 0 { WHOLE_SECONDS } else { TICK };
        start.0.checked_sub(slack).is_some_and(|start| last < nanoseconds(start))
    }

    pub(crate) fn to_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..8].copy_from_slice(&self.size.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.modified.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.changed.to_le_bytes());
        bytes[24..].copy_from_slice(&self.file.to_le_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8; Self::SIZE]) -> Self {
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[at..at + 8]);
            word
        };
        Self {
            size: u64::from_le_bytes(word(0)),
            modified: i64::from_le_bytes(word(8)),
            changed: i64::from_le_bytes(word(16)),
            file: u64::from_le_bytes(word(24)),
        }
    }
}

/// Nanoseconds since 1970; negative before. For a time out of range any number will do.
fn nanoseconds(time: SystemTime) -> i64 {
    let number = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => number(after),
        Err(before) => -number(before.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(modified: i64, changed: i64) -> Stamp {
        Stamp { size: 1, modified, changed, file: 7 }
    }

    #[test]
    fn a_stamp_survives_its_bytes() {
        let one = stamp(-3, i64::MAX);
        assert_eq!(Stamp::from_bytes(&one.to_bytes()), one);
    }

    #[test]
    fn recently_changed_files_are_not_trusted() {
        let start = Moment(UNIX_EPOCH + Duration::from_secs(100));
        let at = |milliseconds: i64| milliseconds * 1_000_000;
        assert!(stamp(at(99_900) + 1, at(99_900) + 1).is_settled(start));
        for (modified, changed) in [
            (at(99_990) + 1, at(99_990) + 1),
            // Its modification time was set back.
            (at(10_000) + 1, at(99_990) + 1),
            // Times in the future: the clock was set back.
            (at(200_000) + 1, at(10_000) + 1),
            // A file system with whole seconds.
            (at(98_000), 0),
        ] {
            assert!(!stamp(modified, changed).is_settled(start), "{modified} {changed}");
        }
        assert!(stamp(at(96_000), 0).is_settled(start));
    }
}
