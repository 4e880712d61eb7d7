//! Encodes numbers, texts and digests: little-endian, with a length before data of variable length.
//!
//! `out.text("ab")` writes `02 00 00 00 61 62`, and `input.text()` reads it.

use include_py_bundle::Payload;

use super::{Digest, Stamp};

#[derive(Debug, Default)]
pub(super) struct Output(pub(super) Vec<u8>);

/// Reads what [`Output`] has written; `None` if that is invalid.
#[derive(Debug)]
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl Output {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn number(&mut self, number: usize) {
        // A larger number doesn't fit into a bundle either.
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(super) fn word(&mut self, word: u64) {
        self.0.extend_from_slice(&word.to_le_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn digest(&mut self, digest: &Digest) {
        self.0.extend_from_slice(digest);
    }

    pub(super) fn stamp(&mut self, stamp: Stamp) {
        self.0.extend_from_slice(&stamp.to_bytes());
    }

    pub(super) fn payload(&mut self, payload: &Payload) {
        self.0.extend_from_slice(&payload.to_bytes());
    }

    /// Writes an option as a list with one or no item.
    pub(super) fn optional<T>(&mut self, item: Option<T>, write: impl Fn(&mut Self, T)) {
        self.number(item.is_some().into());
        if let Some(item) = item {
            write(self, item);
        }
    }
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| *byte)
    }

    pub(super) fn number(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(*self.array()?)).ok()
    }

    pub(super) fn word(&mut self) -> Option<u64> {
        self.array().map(|word| u64::from_le_bytes(*word))
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.number()?;
        self.take(count)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn digest(&mut self) -> Option<Digest> {
        self.array().copied()
    }

    pub(super) fn stamp(&mut self) -> Option<Stamp> {
        self.array().map(Stamp::from_bytes)
    }

    pub(super) fn payload(&mut self) -> Option<Payload> {
        Payload::from_bytes(self.array()?)
    }

    /// Reads a list of items that `one` reads.
    pub(super) fn list<T>(&mut self, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        // Limits the allocation in case the number is wrong.
        let mut list = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            list.push(one(self)?);
        }
        Some(list)
    }
}
