//! Prints the result of an inspection as text or JSON.

use std::fmt::Write as _;

use super::Inspected;
use super::content::{Content, Native};
use crate::json::{self, array, number, object, optional, string};

/// The result as text for people.
pub(super) fn text(inspected: &Inspected<'_>) -> String {
    let mut out = format!("{}\n", inspected.path.display());
    for content in &inspected.bundles {
        // Writing to a string can't fail.
        let _ = bundle_text(&mut out, content);
    }
    let needs: Vec<String> = inspected
        .needs
        .unmet()
        .map(|(name, versions)| match versions.join(", ").as_str() {
            "" => name.to_owned(),
            versions => format!("{name} ({versions})"),
        })
        .collect();
    if !needs.is_empty() {
        let _ = writeln!(out, "needs from the system: {}", needs.join(", "));
    }
    if let Some(version) = inspected.needs.glibc() {
        let _ = writeln!(out, "runs with glibc {version} or newer");
    }
    out
}

fn bundle_text(out: &mut String, content: &Content<'_>) -> std::fmt::Result {
    let Content { bundle, packages, native, absent, distributions } = content;
    let targets: Vec<String> = bundle.targets().map(|target| python(target.hexversion())).collect();
    writeln!(
        out,
        "bundle `{}` of {} for CPython {}",
        bundle.name(),
        size(bundle.bytes().len()),
        targets.join(", ")
    )?;
    let mut rows: Vec<_> = packages.iter().collect();
    rows.sort_by_key(|(name, package)| (std::cmp::Reverse(package.size), **name));
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, package) in rows {
        writeln!(
            out,
            "  {name:width$}  {:>5} {:7}  {:>5} {:5}  {:>10}",
            package.modules,
            counted(package.modules, "module", "modules"),
            package.files,
            counted(package.files, "file", "files"),
            size(package.size)
        )?;
    }
    if !distributions.is_empty() {
        let number = distributions.len();
        writeln!(out, "{number} {}:", counted(number, "distribution", "distributions"))?;
        for one in distributions {
            let licence = one.licence.as_deref().unwrap_or("no licence in its metadata");
            writeln!(out, "  {}  {licence}", one.directory)?;
        }
    }
    let kinds = [("extension module", "extension modules", true), ("library", "libraries", false)];
    for (one, many, modules) in kinds {
        let chosen: Vec<&Native<'_>> =
            native.iter().filter(|one| one.module.is_some() == modules).collect();
        if chosen.is_empty() {
            continue;
        }
        let total = chosen.iter().map(|one| one.size).sum();
        let number = chosen.len();
        writeln!(out, "{number} {}, {}:", counted(number, one, many), size(total))?;
        for one in chosen {
            write!(out, "  {:>10}  {}", size(one.size), one.path)?;
            match &one.licence {
                Some(licence) => writeln!(out, "  {licence}")?,
                None => writeln!(out)?,
            }
        }
    }
    for (name, reason) in absent {
        writeln!(out, "omitted: `{name}`, because {reason}")?;
    }
    Ok(())
}

/// The result as JSON for programs.
pub(super) fn json(inspected: &Inspected<'_>) -> String {
    let needs = inspected.needs.unmet().map(|(name, versions)| {
        object([("library", string(name)), ("versions", array(versions.into_iter().map(string)))])
    });
    object([
        ("path", json::path(inspected.path)),
        ("bundles", array(inspected.bundles.iter().map(bundle_json))),
        ("needs", array(needs)),
        ("glibc", optional(inspected.needs.glibc().map(string))),
    ])
}

fn bundle_json(content: &Content<'_>) -> String {
    let Content { bundle, packages, native, absent, distributions } = content;
    let digest = hex(bundle.digest());
    let packages = packages.iter().map(|(name, package)| {
        object([
            ("name", string(name)),
            ("modules", number(package.modules)),
            ("files", number(package.files)),
            ("size", number(package.size)),
        ])
    });
    let distributions = distributions.iter().map(|one| {
        object([
            ("name", string(one.name)),
            ("directory", string(one.directory)),
            ("licence", optional(one.licence.as_deref().map(string))),
        ])
    });
    let native = native.iter().map(|one| {
        object([
            ("path", string(one.path)),
            ("module", optional(one.module.map(string))),
            ("size", number(one.size)),
            ("needed", array(one.needed.iter().map(|name| string(name)))),
            ("licence", optional(one.licence.as_deref().map(string))),
        ])
    });
    let absent = absent
        .iter()
        .map(|(name, reason)| object([("name", string(name)), ("reason", string(reason))]));
    let targets = bundle.targets().map(|target| string(&python(target.hexversion())));
    object([
        ("name", string(bundle.name())),
        ("size", number(bundle.bytes().len())),
        ("digest", string(&digest)),
        ("targets", array(targets)),
        ("packages", array(packages)),
        ("distributions", array(distributions)),
        ("native", array(native)),
        ("absent", array(absent)),
    ])
}

pub(crate) fn hex(digest: &[u8; 32]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The noun for this many.
fn counted<'a>(number: usize, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}

/// The version in a `sys.hexversion`: `3.13`.
fn python(hexversion: u32) -> String {
    format!("{}.{}", hexversion >> 24, hexversion >> 16 & 0xff)
}

/// A size in decimal units.
fn size(bytes: usize) -> String {
    let tenths = |unit: usize| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}
