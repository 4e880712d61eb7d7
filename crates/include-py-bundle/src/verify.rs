//! Checks a whole bundle, after which no lookup in it can fail or miss anything.
//!
//! A bundle with a flipped bit may or may not open, but it never verifies.

mod modules;
mod native;
#[cfg(test)]
mod tests;
mod tiles;
mod tree;
mod unpacked;

use std::collections::BTreeSet;

use crate::layout::{DIGESTED_FROM, DistributionRecord, Field, Header, Section, TargetRecord};
use crate::read::{Column, Part, Sorted};
use crate::{Bundle, Error, ErrorKind, digest, names, normalize};
use tiles::Tiles;

pub(crate) fn verify_digest(bundle: &Bundle<'_>) -> Result<(), Error> {
    if digest::computed(bundle) != *bundle.digest() {
        let offset = DIGESTED_FROM - bundle.digest().len();
        return Err(Error::read(ErrorKind::Digest, offset, "its SHA-256 differs"));
    }
    Ok(())
}

pub(crate) fn verify(bundle: &Bundle<'_>) -> Result<(), Error> {
    verify_digest(bundle)?;
    padding(bundle)?;
    targets(bundle)?;

    // The pools are laid out in the order of the first references, so references are checked in
    // this order.
    let mut strings = Tiles::of(bundle, Section::Strings);
    let mut code = Tiles::of(bundle, Section::Code);
    let mut data = Tiles::of(bundle, Section::Data);
    modules::verify(bundle, &mut strings, &mut code)?;
    tree::verify(bundle, &mut strings, &mut data)?;
    distributions(bundle, &mut strings)?;
    unpacked::verify(bundle, &mut strings)?;
    native::verify_libraries(bundle)?;
    native::verify_absent(bundle, &mut strings)?;
    strings.finish()?;
    code.finish()?;
    data.finish()?;

    modules::verify_index(bundle)?;
    modules::verify_sources(bundle)?;
    native::verify_modules(bundle)?;
    unpacked::verify_digests(bundle)
}

/// Checks that the padding after each section consists of zeros.
fn padding(bundle: &Bundle<'_>) -> Result<(), Error> {
    let parts = Section::ALL.map(|section| bundle.part(section));
    let ends = std::iter::once(Header::SIZE).chain(parts.iter().map(|part| part.end()));
    let starts = parts.iter().map(|part| part.start()).chain([bundle.bytes().len()]);
    for (end, start) in ends.zip(starts) {
        let padding = bundle.bytes().get(end..start).unwrap_or_default();
        if let Some(position) = padding.iter().position(|byte| *byte != 0) {
            return Err(Error::corrupt(
                end + position,
                "the padding between two sections isn't zero",
            ));
        }
    }
    Ok(())
}

fn targets(bundle: &Bundle<'_>) -> Result<(), Error> {
    let part = bundle.part(Section::Targets);
    if part.count() == 0 {
        return Err(Error::corrupt(part.start(), "it has no target"));
    }
    let mut seen = BTreeSet::new();
    for (number, target) in bundle.targets().enumerate() {
        let corrupt = |what| Err(Error::corrupt(part.offset(number), what));
        let record: TargetRecord = part.record(number).unwrap_or_default();
        if record.reserved != 0 {
            return corrupt("a target has reserved bytes that aren't zero");
        }
        if !target.is_plausible() {
            return corrupt("no interpreter can match one of its targets");
        }
        if !seen.insert(target) {
            return corrupt("it has the same target twice");
        }
    }
    Ok(())
}

fn distributions(bundle: &Bundle<'_>, strings: &mut Tiles) -> Result<(), Error> {
    let part = bundle.part(Section::Distributions);
    for (number, distribution) in bundle.distributions().enumerate() {
        let corrupt = |what| Err(Error::corrupt(part.offset(number), what));
        let distribution = distribution?;
        let record: DistributionRecord = part.record(number).unwrap_or_default();
        let name = distribution.name();
        if names::check_distribution_name(name).is_err() || normalize(name) != name {
            return corrupt("a distribution's name isn't normalised");
        }
        if !tree::is_directory(bundle, distribution.directory())? {
            return corrupt("a distribution's directory doesn't exist");
        }
        strings.see(record.name, part.offset(number))?;
        strings.see(record.directory, part.offset(number))?;
    }
    sorted(&bundle.distribution_names(), part)
}

/// Checks that a section is strictly sorted.
fn sorted<R: Sorted>(column: &Column<'_, R>, part: Part<'_>) -> Result<(), Error> {
    let mut last = None;
    for number in 0..part.count() {
        let key = Some(column.get(number)?);
        if number > 0 && key <= last {
            return Err(Error::corrupt(part.offset(number), "a section isn't sorted"));
        }
        last = key;
    }
    Ok(())
}
