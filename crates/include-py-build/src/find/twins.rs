//! Distributions that are there twice.
//!
//! ```text
//! site-packages/tool-1.0.dist-info   left out, with a warning
//! site-packages/tool-1.1.dist-info
//! ```

use std::collections::BTreeMap;

use super::read::Content;
use super::{Distribution, Library};
use crate::error::{ErrorKind, Problem};

/// Leaves out older versions of installed distributions, which `pip install --target` doesn't
/// remove, and those of later directories. Any other twins are a problem.
pub(super) fn leave_out(
    content: &mut Content,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<String>,
) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<(Distribution, String)> = Vec::new();
    for (distribution, name) in std::mem::take(&mut content.distributions) {
        let index = *seen.entry(include_py_bundle::normalize(&name)).or_insert(kept.len());
        let Some((first, _)) = kept.get_mut(index) else {
            kept.push((distribution, name));
            continue;
        };
        if distribution.origin.library != Library::Foreign {
            problems.push(
                Problem::new(
                    ErrorKind::Source,
                    format!("the distribution `{name}` is there twice"),
                )
                .note(format!("`{}`", first.source.display()))
                .note(format!("`{}`", distribution.source.display()))
                .help("uninstall one of them, or leave it out with `Bundle::exclude`"),
            );
            continue;
        }
        let is_newer = first.origin.root == distribution.origin.root
            && rank(&distribution.directory) > rank(&first.directory);
        let older = if is_newer { std::mem::replace(first, distribution) } else { distribution };
        warnings.push(format!(
            "`{}` is left out: `{name}` is there twice, also as `{}`; uninstall one of them, or \
             leave it out with `Bundle::exclude`",
            older.source.display(),
            first.source.display(),
        ));
        let below = format!("{}/", older.directory);
        content.files.retain(|(file, _)| !file.path.starts_with(&below));
    }
    content.distributions = kept;
}

/// The version in the name of a distribution's directory, to compare: of each part the number,
/// whether it is final (`0`) or a preview (`0rc1`), and what follows the number.
fn rank(directory: &str) -> Vec<(u64, bool, &str)> {
    let stem = directory.rsplit_once('.').map_or(directory, |(stem, _)| stem);
    let version = stem.split('-').nth(1).unwrap_or_default();
    let parts = version.split(['.', '_', '+']);
    parts
        .map(|part| {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            (part[..end].parse().unwrap_or(0), end == part.len(), &part[end..])
        })
        .collect()
}
