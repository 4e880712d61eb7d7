//! Compares the guide's tables of packages with the packages that this command tries.
//!
//! ```text
//! | Jinja2 3.1 | `PackageLoader`: inheritance, … | yes |      docs/guide/packages.md
//! | tzdata 2026.6 | `zoneinfo.reset_tzpath` and … |          docs/guide/unpacked.md
//! ```

use std::path::Path;

use super::{Files, SMOKES};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The tables, and the number of their columns.
const TABLES: [(&str, usize); 2] = [("docs/guide/packages.md", 3), ("docs/guide/unpacked.md", 2)];

/// Whether both tables list the packages that are tried, with their versions and needs.
pub(super) fn agrees(root: &Path) -> Result<bool, String> {
    let mut listed = Vec::new();
    for (page, columns) in TABLES {
        let text =
            std::fs::read_to_string(root.join(page)).map_err(|error| format!("{page}: {error}"))?;
        listed.extend(text.lines().filter_map(|line| Some((page, row(line, columns)?))));
    }
    let mut complaints = Vec::new();
    for (page, (name, version, files)) in &listed {
        match SMOKES.iter().find(|(smoke, _)| smoke == name) {
            Some((_, tried)) if tried == files => {}
            Some((_, tried)) => complaints.push(format!("{page}: {name} is tried {tried:?}")),
            None => complaints.push(format!("{page}: {name} isn't tried")),
        }
        if !pinned(name).is_some_and(|pinned| begins(pinned, version)) {
            complaints.push(format!("{page}: {name} {version} isn't what is installed"));
        }
    }
    for (name, _) in SMOKES {
        if !listed.iter().any(|(_, (listed, ..))| listed == name) {
            complaints.push(format!("{name} is tried, and no table of the guide has it"));
        }
    }
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    Ok(complaints.is_empty())
}

/// The package of a row in lower case, its version, and the files that it needs.
fn row(line: &str, columns: usize) -> Option<(String, String, Files)> {
    let cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim);
    let cells: Vec<_> = cells.collect();
    let files = match cells.as_slice() {
        [_, _, ""] if columns == 3 => Files::Unserved,
        [_, _, "yes"] if columns == 3 => Files::Served,
        [_, _] if columns == 2 => Files::Unpacked,
        _ => return None,
    };
    // Text after a comma describes how the package is used.
    let (name, version) = cells[0].split(',').next()?.split_once(' ')?;
    let is_version = version.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_version.then(|| (name.to_lowercase(), version.to_owned(), files))
}

fn pinned(name: &str) -> Option<&'static str> {
    REQUIREMENTS.lines().find_map(|line| {
        let (package, version) = line.split_once("==")?;
        (package.to_lowercase() == name).then_some(version)
    })
}

/// Whether a version is equal to `pinned`, or one of its releases.
fn begins(pinned: &str, version: &str) -> bool {
    pinned.strip_prefix(version).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_name_package_version_and_files() {
        for (line, columns, expected) in [
            ("| Jinja2 3.1 | templates | yes |", 3, Some(("jinja2", "3.1", Files::Served))),
            ("| rich 15.0 | tables |  |", 3, Some(("rich", "15.0", Files::Unserved))),
            ("| package | what the test does | files served |", 3, None),
            ("| pip 26.3, by `runpy` | itself |", 2, Some(("pip", "26.3", Files::Unpacked))),
            ("| a module whose source is bundled | the source |", 2, None),
        ] {
            let row = row(line, columns);
            let found = row.as_ref().map(|(name, version, files)| (&**name, &**version, *files));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn the_guides_table_agrees_with_the_tested_packages() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        assert_eq!(agrees(&root), Ok(true));
    }
}
