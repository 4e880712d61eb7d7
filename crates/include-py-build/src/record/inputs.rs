//! All that a build depended on, and what it returned: if nothing of it has changed, the next build
//! has nothing to do.
//!
//! ```text
//! app.inputs   include-py-build 0.1.0 inputs 1
//!              the settings, the environment and the compilers: one SHA-256
//!              the result: counts, the bundle's digest, warnings
//!              app.bundle and app.keys, and each file and directory that was read, with its stamp
//! ```
//!
//! A directory's stamp changes when something in it is added, removed or renamed. So comparing
//! stamps replaces the search, and the record isn't read.

use std::path::{Path, PathBuf};

use include_py_bundle::sha256;

use super::codec::{Input, Output};
use super::{Context, Digest, Moment, Stamp, checksum};
use crate::backend::Backend;
use crate::find::Root;
use crate::native::Abi;
use crate::output::Counts;
use crate::settings::Settings;
use crate::{Environment, fs};

const HEADER: &str = concat!("include-py-build ", env!("CARGO_PKG_VERSION"), " inputs 1\n");

/// The result of a build, without what the next one finds out again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Last {
    pub(crate) counts: Counts,
    /// The size of the bundle in bytes.
    pub(crate) length: usize,
    pub(crate) digest: Digest,
    pub(crate) warnings: Vec<String>,
    /// The files of the standard library, which Cargo watches.
    pub(crate) library: Vec<PathBuf>,
}

/// What the result depends on besides files, as one SHA-256.
pub(crate) fn key(
    settings: &Settings,
    environment: &Environment,
    roots: &[Root],
    backends: &[&dyn Backend],
    abi: &Abi,
) -> Digest {
    // These change nothing in the result.
    let environment =
        Environment { jobs: None, tokens: None, command: None, ..environment.clone() };
    let level = settings.options.general.settle(crate::options::Part::Kept).level.optimize();
    let context = backends.iter().fold(Context::new(), |context, backend| {
        context.with(&backend.identity(), backend.python().target(level))
    });
    let all = format!("{HEADER}{settings:?}{environment:?}{roots:?}{abi:?}{:?}", context.digest());
    sha256(all.as_bytes())
}

/// The last build's result, if the key is the same and no file has changed.
pub(crate) fn unchanged(path: &Path, key: &Digest) -> Option<Last> {
    let bytes = fs::read_previous(path)?;
    let mut input = Input(bytes.strip_prefix(HEADER.as_bytes())?);
    let (head, sum) = (input.bytes()?, input.word()?);
    if checksum(head) != sum {
        return None;
    }
    let (of_key, last) = Last::read(&mut Input(head))?;
    if of_key != *key {
        return None;
    }
    while !input.0.is_empty() {
        let (path, stamp) = (to_path(input.bytes()?)?, input.stamp()?);
        if Stamp::of(path).ok()? != stamp {
            return None;
        }
    }
    Some(last)
}

/// The stamp of a file or directory, unless it could have changed after `start` without changing
/// its stamp.
pub(crate) fn settled(path: &Path, start: Moment) -> Option<Stamp> {
    Stamp::of(path).ok().filter(|stamp| stamp.is_settled(start))
}

impl Last {
    /// The file's content, without any inputs.
    pub(crate) fn to_bytes(&self, key: &Digest) -> Written {
        let Self { counts, length, digest, warnings, library } = self;
        let mut head = Output::default();
        head.digest(key);
        head.digest(digest);
        head.word(*length as u64);
        for count in [counts.modules, counts.compiled, counts.reused, counts.files] {
            head.number(count);
        }
        head.number(warnings.len());
        for warning in warnings {
            head.text(warning);
        }
        head.number(library.len());
        for path in library {
            head.bytes(path.as_os_str().as_encoded_bytes());
        }
        let mut out = Output(HEADER.as_bytes().to_vec());
        out.bytes(&head.0);
        out.word(checksum(&head.0));
        Written(out)
    }

    fn read(input: &mut Input<'_>) -> Option<(Digest, Self)> {
        let (key, digest) = (input.digest()?, input.digest()?);
        let length = usize::try_from(input.word()?).ok()?;
        let counts = Counts {
            modules: input.number()?,
            compiled: input.number()?,
            reused: input.number()?,
            files: input.number()?,
        };
        let warnings = input.list(|input| input.text().map(str::to_owned))?;
        let library = input.list(|input| to_path(input.bytes()?).map(Path::to_owned))?;
        Some((key, Self { counts, length, digest, warnings, library }))
    }
}

/// The content of the file, to which inputs are added.
pub(crate) struct Written(Output);

impl Written {
    pub(crate) fn input(&mut self, path: &Path, stamp: Stamp) {
        self.0.bytes(path.as_os_str().as_encoded_bytes());
        self.0.stamp(stamp);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.0
    }
}

/// A path as it was encoded; `None` on systems where that needs unsafe code.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no such function")]
fn to_path(bytes: &[u8]) -> Option<&Path> {
    use std::os::unix::ffi::OsStrExt as _;

    Some(Path::new(std::ffi::OsStr::from_bytes(bytes)))
}

/// A path as it was encoded; `None` on systems where that needs unsafe code.
#[cfg(not(unix))]
fn to_path(_: &[u8]) -> Option<&Path> {
    None
}
