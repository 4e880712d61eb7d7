//! Checks that streams are written back byte for byte, and that the canonical form is the oracle's,
//! is idempotent, and doesn't depend on how the file was compiled.
//!
//! A difference is one line on standard error: `3.13.0 test/test_grammar.py: CF1 isn't the
//! oracle's`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use pyc_code::marshal::Graph;
use pyc_code::{Minor, Version};

use testbed::pythons::Python;

use super::corpus::{self, Extent, Manner, Record};
use super::tables;

/// The number of files that passed each check.
#[derive(Default)]
struct Counts {
    files: usize,
    written_back: usize,
    oracle: usize,
    idempotent: usize,
    loads_equal: usize,
    perturbed: usize,
    tables: usize,
}

/// Checks every interpreter, and prints a row for each.
pub(super) fn run(pythons: &[Python], extent: Extent, root: &Path) -> Result<bool, String> {
    let oracle = oracle(root);
    println!("version   files  read=write  CF1=oracle  idempotent  loads equal  perturbed  tables");
    let mut good = true;
    for python in pythons {
        let counts = check(python, extent, oracle.as_deref())?;
        let Counts { files, written_back, idempotent, perturbed, tables, .. } = counts;
        let (same, loads_equal) = (counts.oracle, counts.loads_equal);
        let compared = oracle.as_ref().map_or("-".to_owned(), |_| same.to_string());
        let loaded = oracle.as_ref().map_or("-".to_owned(), |_| loads_equal.to_string());
        println!(
            "{:8} {files:6} {written_back:11} {compared:>11} {idempotent:11} {loaded:>12} {perturbed:10} {tables:7}",
            python.version().to_string(),
        );
        let optional = oracle.is_none() || (same == files && loads_equal == files);
        good &=
            files > 0 && optional && [written_back, idempotent, perturbed, tables] == [files; 4];
    }
    if oracle.is_none() {
        println!("No other implementation of CF1 to compare with: set INCLUDE_PY_CF1.");
    }
    Ok(good)
}

fn oracle(root: &Path) -> Option<PathBuf> {
    let path = std::env::var_os("INCLUDE_PY_CF1")
        .map_or_else(|| root.join("../shared/oracles/cf1.py"), PathBuf::from);
    path.is_file().then_some(path)
}

fn check(python: &Python, extent: Extent, oracle: Option<&Path>) -> Result<Counts, String> {
    let version = python.version();
    let mut counts = Counts::default();
    let mut forms: HashMap<String, Vec<u8>> = HashMap::new();
    corpus::each(python, extent, Manner::Plain(oracle), |record| {
        counts.files += 1;
        if let Some(form) = plain(version, &record, oracle.is_some(), &mut counts) {
            forms.insert(record.name, form);
        }
    })?;
    for manner in [Manner::Reversed, Manner::Seeded(1), Manner::Seeded(4711)] {
        corpus::each(python, extent, manner, |record| {
            let form = pyc_code::canonical(&record.stream, version).ok();
            // A file that this manner makes impossible to compile has no record, and counts as
            // equal.
            if form.as_ref() != forms.get(&record.name) {
                complain(version, &record.name, &format!("CF1 changes with {manner:?}"));
                forms.remove(&record.name);
            }
        })?;
    }
    counts.perturbed = forms.len();
    Ok(counts)
}

/// Checks a file, and returns its canonical form.
fn plain(
    version: Version,
    record: &Record,
    has_oracle: bool,
    counts: &mut Counts,
) -> Option<Vec<u8>> {
    let minor: Minor = version.minor();
    let stream = &record.stream;
    let say = |good: bool, message: &str| {
        if !good {
            complain(version, &record.name, message);
        }
        usize::from(good)
    };
    let graph = match Graph::read(stream, minor) {
        Ok(graph) => graph,
        Err(error) => {
            complain(version, &record.name, &error.to_string());
            return None;
        }
    };
    counts.written_back += say(graph.write() == *stream, "read → write changes it");
    let form = match graph.canonical() {
        Ok(form) => form,
        Err(error) => {
            complain(version, &record.name, &error.to_string());
            return None;
        }
    };
    let again = pyc_code::canonical(&form, minor);
    let code = pyc_code::marshal::read(stream, minor);
    let value = code.as_ref().map(|code| pyc_code::marshal::write(code, minor));
    let idempotent = again.as_ref() == Ok(&form) && value == Ok(Ok(form.clone()));
    counts.idempotent += say(idempotent, "CF1 isn't its own CF1");
    let tables = code.as_ref().is_ok_and(|code| tables::come_back(code, minor));
    counts.tables += say(tables, "a table comes back as another");
    if has_oracle {
        counts.oracle += say(record.extra == form, "CF1 isn't the oracle's");
        counts.loads_equal += say(record.loads_equal, "CF1 loads as another object");
    }
    Some(form)
}

fn complain(version: Version, name: &str, message: &str) {
    eprintln!("{version} {name}: {message}");
}
