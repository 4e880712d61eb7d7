//! Compares listings with those of the interpreter's `dis`, except for addresses and the order in
//! frozensets.
//!
//! A difference is shown by the first line that differs.

use std::path::Path;

use pyc_code::{dis, marshal};

use testbed::pythons::Python;

use super::corpus::{self, Extent, Manner};

/// Compares every interpreter's listings, and prints a row for each.
pub(super) fn run(pythons: &[Python], extent: Extent, _: &Path) -> Result<bool, String> {
    println!("version   files       equal");
    let mut good = true;
    for python in pythons {
        let minor = python.version().minor();
        let (mut files, mut equal) = (0, 0);
        corpus::each(python, extent, Manner::Listing, |record| {
            files += 1;
            let ours = match marshal::read(&record.stream, minor) {
                Ok(code) => dis::listing(&code, minor).to_string(),
                Err(error) => error.to_string(),
            };
            if ours.as_bytes() == record.extra {
                equal += 1;
                return;
            }
            let theirs = String::from_utf8_lossy(&record.extra);
            let different = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
            let (ours, theirs) = different.unwrap_or_default();
            eprintln!("{} {}:\n- {theirs}\n+ {ours}", python.version(), record.name);
        })?;
        println!("{:8} {files:6} {equal:11}", python.version().to_string());
        good &= files > 0 && files == equal;
    }
    Ok(good)
}
