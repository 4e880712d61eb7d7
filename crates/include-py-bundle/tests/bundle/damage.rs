//! Truncated, flipped, overwritten and random bytes never cause a panic.
//!
//! Each is tried as it is, and again with a corrected digest. The fuzz target does the same.

use std::collections::BTreeSet;

use include_py_bundle::{Bundle, ErrorKind};

use crate::generate::{Content, Random};
use crate::walk::{reseal, walk};

/// A small bundle with three kinds of modules, a library that needs another one, a file, a
/// distribution and two targets.
fn sample() -> Vec<u8> {
    let contents = (0..2000).map(|seed| Content::random(&mut Random::new(seed)));
    let full = contents.filter(|content| {
        let kinds = content.modules.values().map(|module| format!("{:?}", module.kind));
        kinds.collect::<BTreeSet<_>>().len() >= 3
            && content.libraries.values().any(|(loads, _)| !loads.is_empty())
            && !content.absent.is_empty()
            && content.tree.values().any(Option::is_some)
            && content.distributions.len() == 1
            && content.targets.len() == 2
            && !content.unpacked.is_empty()
    });
    full.map(|content| content.build(&mut Random::new(0))).min_by_key(Vec::len).unwrap()
}

#[test]
fn every_truncation_is_noticed() {
    let bytes = sample();
    for length in 0..bytes.len() {
        let error = Bundle::open(&bytes[..length]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated, "cut to {length} bytes");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(Bundle::open(&longer).unwrap_err().kind(), ErrorKind::Corrupt);
}

#[test]
fn every_truncation_that_claims_to_be_whole_is_walked() {
    let bytes = sample();
    for length in 56..bytes.len() {
        let mut bytes = bytes[..length].to_vec();
        bytes[48..56].copy_from_slice(&u64::try_from(length).unwrap().to_le_bytes());
        reseal(&mut bytes);
        assert!(!walk(&bytes), "cut to {length} bytes");
    }
}

#[test]
fn a_flipped_bit_is_noticed() {
    flipped_bits_are_noticed(7);
}

/// Flips every `step`-th bit.
fn flipped_bits_are_noticed(step: usize) {
    let mut bytes = sample();
    assert!(walk(&bytes));
    for bit in (0..bytes.len() * 8).step_by(step) {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(!walk(&bytes), "bit {} of byte {}", bit % 8, bit / 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn a_flipped_bit_under_a_right_digest_is_walked() {
    flipped_bits_under_a_right_digest_are_walked(7);
}

/// Flips every `step`-th bit.
fn flipped_bits_under_a_right_digest_are_walked(step: usize) {
    let sample = sample();
    for bit in (0..sample.len() * 8).step_by(step) {
        let mut bytes = sample.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        reseal(&mut bytes);
        walk(&bytes);
    }
}

#[test]
fn any_word_in_many_places_is_walked() {
    words_are_walked(3);
}

/// Overwrites every `step`-th word with other ones.
fn words_are_walked(step: usize) {
    let sample = sample();
    let length = u32::try_from(sample.len()).unwrap();
    for word in [0, 1, 7, length - 1, length, 1 << 31, u32::MAX - 1, u32::MAX] {
        for offset in (0..sample.len() - 3).step_by(4 * step) {
            let mut bytes = sample.clone();
            bytes[offset..offset + 4].copy_from_slice(&word.to_le_bytes());
            reseal(&mut bytes);
            walk(&bytes);
        }
    }
}

#[test]
fn random_bytes_are_walked() {
    let sample = sample();
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        assert!(!walk(&random.bytes(600)));
        let header = [&sample[..304], &random.bytes(600)[..]].concat();
        assert!(!walk(&header));
        let mut bytes = sample.clone();
        for _ in 0..=random.below(20) {
            let offset = random.below(bytes.len());
            bytes[offset] =
                *random.pick(&[0, 1, 2, 0x2f, 0x7f, 0xff, bytes[offset].wrapping_add(1)]);
        }
        reseal(&mut bytes);
        walk(&bytes);
    }
}

/// The same with every bit and every word.
mod long {
    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn every_flipped_bit_is_noticed() {
        super::flipped_bits_are_noticed(1);
    }

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn every_flipped_bit_under_a_right_digest_is_walked() {
        super::flipped_bits_under_a_right_digest_are_walked(1);
    }

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn any_word_in_any_place_is_walked() {
        super::words_are_walked(1);
    }
}
