//! The bytes of a bundle, kept together with the view of them.
//!
//! | bytes | where they come from | digest |
//! |---|---|---|
//! | [`Memory::Static`] | the binary's read-only memory ([`App`](crate::App)) | trusted, like the code beside them |
//! | [`Memory::Owned`], [`Memory::Mapped`] | a file or the program ([`Volume`](crate::Volume)) | checked before anything is read |
//!
//! *Invariant:* everything that reads a bundle holds its `Content`, or a `Mount` that does, so the
//! bytes outlive all payloads. Python's objects hold a `Mount` each.

use std::fmt;

use include_py_bundle::{Bundle, Error};
use memmap2::Mmap;

/// An opened bundle that owns its bytes, or borrows them from the binary.
pub(crate) struct Content {
    /// A view of `memory`. Its real lifetime is that of `memory`, so it leaves this file only with
    /// the lifetime of `&self`.
    bundle: Bundle<'static>,
    memory: Memory,
}

/// Keeps the bytes alive and in place.
#[expect(dead_code, reason = "held, and read through the bundle only")]
enum Memory {
    Static,
    Owned(Vec<u8>),
    Mapped(Mmap),
}

impl Content {
    /// A bundle in the binary. Its header is checked, but not its digest.
    pub(crate) fn linked(bytes: &'static [u8]) -> Result<Self, Error> {
        Ok(Self { bundle: Bundle::open(bytes)?, memory: Memory::Static })
    }

    /// A bundle in owned memory, verified.
    pub(crate) fn owned(bytes: Vec<u8>) -> Result<Self, Error> {
        // SAFETY: the vector's buffer stays where it is until `memory` is dropped, and nobody
        // changes it.
        let view = unsafe { detached(&bytes) };
        Ok(Self { bundle: verified(view)?, memory: Memory::Owned(bytes) })
    }

    /// A bundle in a mapped file, verified.
    pub(crate) fn mapped(map: Mmap) -> Result<Self, Error> {
        // SAFETY: the mapping stays where it is until `memory` is dropped; that the file doesn't
        // change meanwhile is what the caller of `Volume::map` promised.
        let view = unsafe { detached(&map) };
        Ok(Self { bundle: verified(view)?, memory: Memory::Mapped(map) })
    }

    pub(crate) fn bundle(&self) -> Bundle<'_> {
        self.bundle
    }

    /// Whether both use the same memory, which means that they are the same bundle.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.bundle.bytes(), other.bundle.bytes())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = match &self.memory {
            Memory::Static => "in the binary",
            Memory::Owned(_) => "in memory",
            Memory::Mapped(_) => "mapped",
        };
        f.debug_tuple("Content").field(&self.bundle).field(&memory).finish()
    }
}

/// Opens and verifies a bundle: first the digest, then the whole structure.
fn verified(bytes: &[u8]) -> Result<Bundle<'_>, Error> {
    let bundle = Bundle::open(bytes)?;
    bundle.verify()?;
    Ok(bundle)
}

/// The same bytes with an unchecked lifetime.
///
/// # Safety
///
/// They must neither move nor change as long as the result is used.
unsafe fn detached(bytes: &[u8]) -> &'static [u8] {
    // SAFETY: pointer and length are those of a slice, and the caller keeps it alive.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) }
}

#[cfg(test)]
mod tests {
    use include_py_bundle::{Builder, ErrorKind, Target};

    use super::*;

    fn bytes() -> Vec<u8> {
        let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
        builder.file("a.txt", &b"content"[..]);
        builder.finish().unwrap()
    }

    #[test]
    fn owned_bytes_are_verified() {
        assert_eq!(Content::owned(bytes()).unwrap().bundle().name(), "app");
        let mut damaged = bytes();
        let last = damaged.len() - 20;
        damaged[last] ^= 1;
        assert_eq!(Content::owned(damaged).unwrap_err().kind(), ErrorKind::Digest);
    }

    #[test]
    fn equal_bytes_elsewhere_are_another_bundle() {
        let (one, two) = (Content::owned(bytes()).unwrap(), Content::owned(bytes()).unwrap());
        assert!(one.is(&one) && !one.is(&two));
    }
}
