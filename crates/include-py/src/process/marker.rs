//! The information that a process passes to the processes that it starts, in an environment
//! variable.
//!
//! ```text
//! INCLUDE_PY_PROCESS=4711 0 1764192000 0 66305:1234 9 /opt/tooltool
//!                    pid  │ started    │ device:   │ executable, then the program's sys.argv[0]
//!                         depth        reloads     length of the executable's path
//! ```

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use super::FileId;

/// The variable's name.
pub(crate) const VARIABLE: &str = "INCLUDE_PY_PROCESS";

/// Maximum lifetime in seconds of a process that started another one and then ended, to count as a
/// link in a chain of starts. A service that restarts itself isn't a chain.
const CHAIN_LINK: u64 = 60;

/// The same for a process that replaces itself, which can't multiply.
const RELOAD_LINK: u64 = 5;

/// The process that set the variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) pid: u32,
    pub(super) depth: u32,
    /// In seconds since 1970.
    pub(super) started: u64,
    pub(super) reloads: u32,
    pub(super) file: Option<FileId>,
    pub(super) executable: PathBuf,
    /// `sys.argv[0]` of the application.
    pub(super) program: OsString,
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

impl Marker {
    /// The variable's value.
    pub(super) fn text(&self) -> OsString {
        let file = self.file.map_or((0, 0), |file| (file.device, file.inode));
        let executable = self.executable.as_os_str();
        let mut text = OsString::from(format!(
            "{} {} {} {} {}:{} {} ",
            self.pid,
            self.depth,
            self.started,
            self.reloads,
            file.0,
            file.1,
            executable.len(),
        ));
        text.push(executable);
        text.push(&self.program);
        text
    }

    /// Parses [`text`](Self::text); `None` if it is invalid.
    pub(super) fn parse(text: &OsStr) -> Option<Self> {
        let mut fields = text.as_bytes().splitn(7, |&byte| byte == b' ');
        let mut field = || fields.next();
        let pid = number(field()?)?;
        let depth = number(field()?)?;
        let started = number(field()?)?;
        let reloads = number(field()?)?;
        let file = std::str::from_utf8(field()?).ok()?.split_once(':')?;
        let file = FileId { device: file.0.parse().ok()?, inode: file.1.parse().ok()? };
        let length = number(field()?)?;
        let (executable, program) = field()?.split_at_checked(length)?;
        Some(Self {
            pid,
            depth,
            started,
            reloads,
            file: (file.inode != 0).then_some(file),
            executable: OsString::from_vec(executable.to_vec()).into(),
            program: OsString::from_vec(program.to_vec()),
        })
    }

    /// Depth and reloads of a process that has received this marker. `is_ancestor` is called only
    /// for a sender that started long ago, since it has to read files.
    pub(super) fn below(
        &self,
        pid: u32,
        now: u64,
        is_ancestor: impl FnOnce(u32) -> bool,
    ) -> (u32, u32) {
        let age = now.saturating_sub(self.started);
        if pid == self.pid {
            // It has replaced itself.
            let reloads = if age < RELOAD_LINK { self.reloads.saturating_add(1) } else { 0 };
            return (self.depth, reloads);
        }
        let is_chain = age < CHAIN_LINK || is_ancestor(self.pid);
        let above = if is_chain { self.depth } else { 0 };
        (above.saturating_add(1), 0)
    }
}

fn number<N: std::str::FromStr>(bytes: &[u8]) -> Option<N> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker() -> Marker {
        Marker {
            pid: 7,
            depth: 2,
            started: 1000,
            reloads: 3,
            file: Some(FileId { device: 1, inode: 2 }),
            executable: "/opt/a b/tool".into(),
            program: OsString::from_vec(b"./t\xff l".to_vec()),
        }
    }

    #[test]
    fn written_markers_are_read_back() {
        assert_eq!(Marker::parse(&marker().text()), Some(marker()));
        let nameless = Marker { file: None, program: OsString::new(), ..marker() };
        assert_eq!(Marker::parse(&nameless.text()), Some(nameless));
    }

    #[test]
    fn other_text_is_not_read() {
        for text in ["", "1", "x 0 0 0 1:2 3 abc", "1 0 0 0 1:2 4 abc", "1 0 0 0 12 3 abc"] {
            assert_eq!(Marker::parse(OsStr::new(text)), None, "{text}");
        }
    }

    #[test]
    fn a_child_is_one_deeper_unless_its_parent_was_old_and_has_ended() {
        assert_eq!(marker().below(8, 1001, |_| false), (3, 0));
        assert_eq!(marker().below(8, 1000 + CHAIN_LINK, |_| false), (1, 0));
        assert_eq!(marker().below(8, 1000 + CHAIN_LINK, |pid| pid == 7), (3, 0));
        // A clock that was set back must not hide a chain.
        assert_eq!(marker().below(8, 10, |_| false), (3, 0));
    }

    #[test]
    fn a_process_that_replaces_itself_is_no_deeper() {
        assert_eq!(marker().below(7, 1001, |_| false), (2, 4));
        assert_eq!(marker().below(7, 1000 + RELOAD_LINK, |_| false), (2, 0));
    }
}
