//! The bundle's digest: SHA-256 over the tables, and over the SHA-256 of each payload.
//!
//! ```text
//! SHA-256 of   the bytes between the digest and the `code` section
//!              the SHA-256 of each payload of `code`, in order, and the padding after them
//!              the SHA-256 of each payload of `data`, in order, and the padding after them
//! ```
//!
//! A writer that knows the payloads' digests from an earlier bundle only needs to hash the tables.

use sha2::{Digest as _, Sha256};

use crate::layout::{DIGESTED_FROM, NodeRecord, Section, Span};
use crate::{Bundle, sha256};

/// The SHA-256 of a payload or of a bundle.
pub(crate) type Digest = [u8; 32];

/// The pools whose payloads are hashed one by one, in file order.
pub(crate) const HASHED_BY_PAYLOAD: [Section; 2] = [Section::Code, Section::Data];

pub(crate) fn of(payload: &[u8]) -> Digest {
    sha256(payload)
}

/// Hashes everything that the digest covers, in order.
pub(crate) struct Hasher(Sha256);

impl Hasher {
    /// `tables` are the bytes between the digest and the first pool that is hashed by payload.
    pub(crate) fn new(tables: &[u8]) -> Self {
        Self(Sha256::new_with_prefix(tables))
    }

    pub(crate) fn payload(&mut self, digest: &Digest) {
        self.0.update(digest);
    }

    /// Adds the padding after a pool.
    pub(crate) fn padding(&mut self, zeros: &[u8]) {
        self.0.update(zeros);
    }

    pub(crate) fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}

/// Computes the digest of a bundle. For a damaged bundle it is meaningless, but all of its bytes
/// are covered.
pub(crate) fn computed(bundle: &Bundle<'_>) -> Digest {
    let (bytes, starts) = (bundle.bytes(), HASHED_BY_PAYLOAD.map(|pool| bundle.part(pool).start()));
    let mut hasher = Hasher::new(bytes.get(DIGESTED_FROM..starts[0]).unwrap_or_default());
    let ends = starts.into_iter().skip(1).chain([bytes.len()]);
    for (pool, next) in HASHED_BY_PAYLOAD.into_iter().zip(ends) {
        let part = bundle.part(pool);
        for payload in payloads(part.bytes(), spans(bundle, pool)) {
            hasher.payload(&of(payload));
        }
        hasher.padding(bytes.get(part.end()..next).unwrap_or_default());
    }
    hasher.finish()
}

/// All references to a pool.
fn spans(bundle: &Bundle<'_>, pool: Section) -> Vec<Span> {
    let (codes, nodes) = (bundle.part(Section::Codes), bundle.part(Section::Nodes));
    if matches!(pool, Section::Code) {
        (0..codes.count()).filter_map(|number| codes.record(number)).collect()
    } else {
        let records = (0..nodes.count()).filter_map(|number| nodes.record::<NodeRecord>(number));
        records.map(|node| node.data).collect()
    }
}

/// The bytes of a pool, split at the start of each span.
fn payloads(pool: &[u8], spans: Vec<Span>) -> impl Iterator<Item = &[u8]> {
    let starts = spans.into_iter().filter(|span| span.length > 0).map(|span| span.offset);
    let starts = starts.filter_map(|start| usize::try_from(start).ok());
    let mut cuts: Vec<usize> = starts.filter(|start| *start < pool.len()).collect();
    cuts.push(0);
    cuts.push(pool.len());
    cuts.sort_unstable();
    cuts.dedup();
    let ends = cuts.clone().into_iter().skip(1);
    cuts.into_iter().zip(ends).filter_map(|(start, end)| pool.get(start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_split_where_spans_start() {
        let cut = |pool: &'static str, spans: &[(u32, u32)]| -> Vec<&str> {
            let span = |&(offset, length)| Span { offset, length };
            let parts = payloads(pool.as_bytes(), spans.iter().map(span).collect());
            parts.map(|part| std::str::from_utf8(part).unwrap()).collect()
        };
        assert_eq!(cut("abcdef", &[(0, 2), (2, 4), (0, 2), (0, 0)]), ["ab", "cdef"]);
        // In a damaged bundle, all bytes are still covered exactly once.
        assert_eq!(cut("abcdef", &[(4, 9), (9, 1), (1, 0)]), ["abcd", "ef"]);
        assert_eq!(cut("abc", &[]), ["abc"]);
        assert_eq!(cut("", &[(0, 0)]), [""; 0]);
    }
}
