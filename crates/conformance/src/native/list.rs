//! The packages to use, from the table in the guide, and the requirements of each.
//!
//! ```text
//! | numpy | 2.1.3 | spawn, forkserver | |
//! | pyproj | 3.7.2 | | `pyproj` [unpacked](unpacked.md): PROJ opens its database itself |
//! ```

use std::path::Path;

use super::SOURCES;

/// The page with the table.
const PAGE: &str = "docs/guide/extension-modules.md";

/// The link by which the table says that libraries are loaded from files.
const CACHED: &str = "(#where-it-is-loaded-from)";

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) package: String,
    pub(super) release: String,
    /// The start methods of multiprocessing with which it is used in addition.
    methods: Vec<String>,
    /// The modules or libraries that need special options, and those options.
    special: Option<(Vec<String>, Vec<Special>)>,
    /// Whether some of its libraries can be loaded only from files.
    cached: bool,
}

/// What a module can need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    /// Real files.
    Unpacked,
    /// Its source in the bundle.
    Source,
    /// Not a module, but a library of the system that the package opens by its name.
    Library,
}

impl Special {
    /// The link by which the table expresses it, and the method of `Options` or `SystemLibraries`.
    const ALL: [(Self, &str, &str); 3] = [
        (Self::Unpacked, "(unpacked.md)", "unpacked"),
        (Self::Source, "(build.md#what-of-each-package-is-bundled)", "with_source"),
        (Self::Library, "(deploying.md#libraries-that-are-opened-by-name)", "also"),
    ];

    pub(super) fn method(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|(special, ..)| *special == self);
        found.map_or("", |(.., method)| method)
    }
}

impl Row {
    /// The last component of the name of the module with its use.
    pub(super) fn module(&self) -> String {
        self.package.to_lowercase().replace(['-', '.'], "_")
    }

    /// The ways in which the use is run.
    pub(super) fn how(&self) -> impl Iterator<Item = &str> {
        std::iter::once("plain").chain(self.methods.iter().map(String::as_str))
    }

    /// Whether the table says that the use writes real files.
    pub(super) fn writes(&self) -> bool {
        self.cached
            || self.special.as_ref().is_some_and(|(_, all)| all.contains(&Special::Unpacked))
    }

    fn parse(line: &str) -> Option<Self> {
        let cells = line.trim().strip_prefix('|')?.strip_suffix('|')?;
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        let [package, release, methods, remark] = cells[..] else { return None };
        if !release.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let linked = Special::ALL.into_iter().filter(|(_, link, _)| remark.contains(link));
        let kinds: Vec<_> = linked.map(|(special, ..)| special).collect();
        let special = (!kinds.is_empty()).then_some(kinds).and_then(|kinds| {
            let names = remark.split_once(" [")?.0.split(", ");
            let names: Option<Vec<_>> = names
                .map(|name| Some(name.strip_prefix('`')?.strip_suffix('`')?.to_owned()))
                .collect();
            Some((names?, kinds))
        });
        let methods = methods.split(", ").filter(|method| !method.is_empty());
        Some(Self {
            package: package.to_owned(),
            release: release.to_owned(),
            methods: methods.map(str::to_owned).collect(),
            special,
            cached: remark.contains(CACHED),
        })
    }
}

/// All rows.
pub(super) fn read(root: &Path) -> Result<Vec<Row>, String> {
    let page = text(root, PAGE)?;
    Ok(page.lines().filter_map(Row::parse).collect())
}

/// The modules that need special options, with those options, and the libraries that a group of
/// packages opens. What a package needs of another one applies only to its group, too.
pub(super) fn special(root: &Path, wanted: &str) -> Result<Vec<(String, Vec<Special>)>, String> {
    let mut special = Vec::new();
    for row in read(root)? {
        let Some((names, kinds)) = &row.special else { continue };
        let is_own = *names == [row.module()];
        if is_own || group(root, &row)? == wanted {
            special.extend(names.iter().map(|name| (name.clone(), kinds.clone())));
        }
    }
    Ok(special)
}

/// The first group of `requirements.txt` with this release of the package.
pub(super) fn group(root: &Path, row: &Row) -> Result<String, String> {
    let wanted = format!("{}=={}", row.package, row.release);
    let mut group = None;
    for line in text(root, &format!("{SOURCES}/requirements.txt"))?.lines() {
        match header(line) {
            Some((name, _)) => group = Some(name.to_owned()),
            None if line.eq_ignore_ascii_case(&wanted) => {
                return group.ok_or_else(|| format!("`{wanted}` is in no group"));
            }
            None => {}
        }
    }
    Err(format!("`{PAGE}` has `{wanted}`, which `{SOURCES}/requirements.txt` doesn't have"))
}

/// The requirements of a group.
pub(super) fn requirements(root: &Path, group: &str) -> Result<String, String> {
    let all = text(root, &format!("{SOURCES}/requirements.txt"))?;
    let lines = all.lines().skip_while(|line| header(line).is_none_or(|(name, _)| name != group));
    let lines: Vec<_> = lines.skip(1).take_while(|line| !line.starts_with('#')).collect();
    Ok(lines.join("\n"))
}

/// The minor versions of CPython for which a group is installed; `None` if it is for all.
pub(super) fn versions(root: &Path, group: &str) -> Result<Option<String>, String> {
    let all = text(root, &format!("{SOURCES}/requirements.txt"))?;
    let found = all.lines().filter_map(header).find(|(name, _)| *name == group);
    Ok(found.and_then(|(_, versions)| versions).map(str::to_owned))
}

/// The name of the group that starts with this line, and the versions in `for 3.12, 3.13`.
fn header(line: &str) -> Option<(&str, Option<&str>)> {
    let text = line.strip_prefix("# == ")?;
    Some(match text.split_once(" for ") {
        Some((name, versions)) => (name, Some(versions)),
        None => (text, None),
    })
}

fn text(root: &Path, path: &str) -> Result<String, String> {
    std::fs::read_to_string(root.join(path)).map_err(|error| format!("`{path}`: {error}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_say_how_a_package_is_used() {
        let row = Row::parse("| scikit-learn | 1.5.2 | spawn, forkserver | |").unwrap();
        assert_eq!(row.module(), "scikit_learn");
        assert_eq!(row.how().collect::<Vec<_>>(), ["plain", "spawn", "forkserver"]);
        assert_eq!(row.special, None);
        let row = Row::parse("| a | 1 | | `a.b` [unpacked](unpacked.md): why |").unwrap();
        assert_eq!(row.how().collect::<Vec<_>>(), ["plain"]);
        assert_eq!(row.special, Some((vec!["a.b".to_owned()], vec![Special::Unpacked])));
        assert!(row.writes());
        let row = Row::parse("| a | 1 | | `a`, `b` [unpacked](unpacked.md): why |").unwrap();
        assert_eq!(
            row.special,
            Some((vec!["a".to_owned(), "b".to_owned()], vec![Special::Unpacked]))
        );
        assert_eq!(Row::parse("| package | version | also under | |"), None);
        assert_eq!(Row::parse("|---|---|---|---|"), None);
    }

    #[test]
    fn a_group_can_be_for_some_versions() {
        assert_eq!(header("# == tools"), Some(("tools", None)));
        assert_eq!(header("# == words for 3.12, 3.13"), Some(("words", Some("3.12, 3.13"))));
        assert_eq!(header("# What is installed"), None);
    }

    #[test]
    fn the_table_lists_all_uses_and_requirements() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let rows = read(&root).unwrap();
        for row in &rows {
            group(&root, row).unwrap();
        }
        let listed: BTreeSet<_> =
            rows.iter().map(|row| format!("use_{}.py", row.module())).collect();
        let uses = std::fs::read_dir(root.join(SOURCES).join("uses")).unwrap();
        let uses = uses.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let uses: BTreeSet<_> = uses.filter(|name| name.starts_with("use_")).collect();
        assert_eq!(listed, uses);
        assert_eq!(listed.len(), rows.len(), "a package is there twice");
    }
}
