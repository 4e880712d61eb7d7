//! The header of a `.pyc` file (PEP 552).
//!
//! ```
//! use pyc_code::{Minor, pyc::{Header, Origin, Check}};
//!
//! let header = Header::new(Minor::PY313, Origin::hash_of(b"x = 1\n", Minor::PY313, Check::Checked));
//! assert_eq!(header.to_bytes(), *b"\xf3\x0d\x0d\x0a\x03\0\0\0\xe7\x86\xe2\x89\x36\x51\x12\x0e");
//! assert_eq!(Header::read(&header.to_bytes())?, (header, &[][..]));
//! # Ok::<(), pyc_code::Error>(())
//! ```

use crate::error::{Error, ErrorKind};
use crate::siphash;
use crate::version::{Minor, SourceHash};

/// Length of the header in bytes; the marshal stream follows it.
pub const HEADER_LEN: usize = 16;

/// The header of a `.pyc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    minor: Minor,
    origin: Origin,
}

/// How a `.pyc` identifies the source it was compiled from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// By the source's modification time and size, both modulo 2**32.
    Timestamp {
        /// Seconds since 1970.
        mtime: u32,
        /// Bytes.
        size: u32,
    },
    /// By the source's hash.
    Hash {
        /// The source's [`source_hash`]; in an unchecked file it can be anything.
        hash: [u8; 8],
        /// Whether Python compares the hash with the source.
        check: Check,
    },
}

/// Whether an import compares the hash in the header with the source's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The source is hashed, and a stale `.pyc` is replaced.
    Checked,
    /// The `.pyc` is used without looking at the source.
    Unchecked,
}

/// Flag bits of the second word.
const HASH_BASED: u32 = 1;
const CHECK_SOURCE: u32 = 2;

impl Header {
    /// The header of a file for this version.
    #[must_use]
    pub const fn new(minor: Minor, origin: Origin) -> Self {
        Self { minor, origin }
    }

    /// Reads the header of `file` and returns it with the rest, the marshal stream.
    pub fn read(file: &[u8]) -> Result<(Self, &[u8]), Error> {
        let (head, stream) = file.split_first_chunk::<HEADER_LEN>().ok_or_else(|| {
            Error::at(ErrorKind::BadHeader("the file is shorter than 16 bytes"), file.len())
        })?;
        let word =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        if head[2..4] != *b"\r\n" {
            return Err(Error::at(ErrorKind::BadHeader("no `\\r\\n` follows the magic number"), 2));
        }
        let magic = u16::from_le_bytes([head[0], head[1]]);
        let minor =
            Minor::from_magic(magic).ok_or_else(|| Error::at(ErrorKind::UnknownMagic(magic), 0))?;
        let mut hash = [0; 8];
        hash.copy_from_slice(&head[8..]);
        let origin = match word(4) {
            0 => Origin::Timestamp { mtime: word(8), size: word(12) },
            HASH_BASED => Origin::Hash { hash, check: Check::Unchecked },
            flags if flags == HASH_BASED | CHECK_SOURCE => {
                Origin::Hash { hash, check: Check::Checked }
            }
            _ => return Err(Error::at(ErrorKind::BadHeader("unknown flags"), 4)),
        };
        Ok((Self { minor, origin }, stream))
    }

    /// The version to which the magic number belongs.
    #[must_use]
    pub const fn minor(&self) -> Minor {
        self.minor
    }

    /// How the file identifies its source.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// The encoded header.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let (flags, rest) = match self.origin {
            Origin::Timestamp { mtime, size } => {
                (0, (u64::from(size) << 32 | u64::from(mtime)).to_le_bytes())
            }
            Origin::Hash { hash, check: Check::Unchecked } => (HASH_BASED, hash),
            Origin::Hash { hash, check: Check::Checked } => (HASH_BASED | CHECK_SOURCE, hash),
        };
        let mut bytes = [0; HEADER_LEN];
        bytes[..4].copy_from_slice(&magic_bytes(self.minor));
        bytes[4..8].copy_from_slice(&flags.to_le_bytes());
        bytes[8..].copy_from_slice(&rest);
        bytes
    }
}

impl Origin {
    /// Identifies `source` by its hash.
    #[must_use]
    pub fn hash_of(source: &[u8], minor: Minor, check: Check) -> Self {
        Self::Hash { hash: source_hash(source, minor), check }
    }
}

/// The result of `importlib.util.source_hash(source)` in this version.
#[must_use]
pub fn source_hash(source: &[u8], minor: Minor) -> [u8; 8] {
    let key = u32::from_le_bytes(magic_bytes(minor)).into();
    match minor.source_hash() {
        SourceHash::SipHash13 => siphash::hash::<1, 3>(key, source),
        SourceHash::SipHash24 => siphash::hash::<2, 4>(key, source),
    }
    .to_le_bytes()
}

/// `importlib.util.MAGIC_NUMBER`
fn magic_bytes(minor: Minor) -> [u8; 4] {
    let [low, high] = minor.magic().to_le_bytes();
    [low, high, b'\r', b'\n']
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_back() {
        let hash = *b"abcdefgh";
        for minor in Minor::ALL {
            for origin in [
                Origin::Timestamp { mtime: 0x4996_02d2, size: 6 },
                Origin::Hash { hash, check: Check::Checked },
                Origin::Hash { hash, check: Check::Unchecked },
            ] {
                let header = Header::new(minor, origin);
                let mut file = header.to_bytes().to_vec();
                file.push(b'N');
                assert_eq!(Header::read(&file).unwrap(), (header, &b"N"[..]));
            }
        }
    }

    #[test]
    fn other_files_are_refused() {
        let good = Header::new(Minor::PY313, Origin::Timestamp { mtime: 0, size: 0 }).to_bytes();
        for (at, byte) in [(0, 0), (2, b'\n'), (4, 2), (4, 4), (7, 1)] {
            let mut bad = good;
            bad[at] = byte;
            assert!(Header::read(&bad).is_err(), "byte {at} is {byte}");
        }
        assert!(Header::read(&good[..15]).is_err());
    }

    /// `_imp.source_hash(int.from_bytes(MAGIC_NUMBER, "little"), b"x = 1\n")` of 3.8 and 3.13.
    #[test]
    fn source_hashes_are_pythons() {
        assert_eq!(source_hash(b"x = 1\n", Minor::PY313), *b"\xe7\x86\xe2\x89\x36\x51\x12\x0e");
        assert_eq!(source_hash(b"x = 1\n", Minor::PY38), *b"\x15\x06\xf0\x8f\x32\xbf\x3f\xf3");
    }
}
