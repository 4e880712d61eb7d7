//! The record of one file: which file it was, its content, and the result.

use std::path::Path;

use include_py_bundle::Payload;

use super::codec::{Input, Output};
use super::{Digest, Stamp};
use crate::backend::{Level, Warning};

/// A file as it was when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen<'a> {
    /// Its path, as the system encodes it.
    path: &'a [u8],
    /// `None` if the file could change without changing its stamp.
    stamp: Option<Stamp>,
    digest: Digest,
}

/// A module that was bundled or that failed to compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModuleRow<'a> {
    pub(crate) name: &'a str,
    pub(crate) path: &'a str,
    pub(crate) level: Level,
    pub(crate) source: Seen<'a>,
    pub(crate) result: Result<Coded, &'a str>,
    /// The source in the bundle, if it is included and not empty.
    pub(crate) text: Option<Payload>,
}

/// The code, one for each target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coded {
    pub(crate) code: Vec<Payload>,
    pub(crate) warnings: Vec<Warning>,
}

/// A file that was bundled unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileRow<'a> {
    pub(crate) path: &'a str,
    pub(crate) source: Seen<'a>,
    /// `None` if it is empty.
    pub(crate) payload: Option<Payload>,
}

/// Whether the modules in a directory are imported, and by which module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The directory's dotted name.
    pub(crate) directory: String,
    /// The names of its modules.
    pub(crate) members: Vec<String>,
    /// A module that imports one of them; `None` if no module does.
    pub(crate) named_by: Option<String>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(path: &'a Path, stamp: Option<Stamp>, digest: Digest) -> Self {
        Self { path: path.as_os_str().as_encoded_bytes(), stamp, digest }
    }

    /// The recorded SHA-256 of the content, if path and stamp are the recorded ones.
    pub(crate) fn known(&self, path: &Path, stamp: &Stamp) -> Option<Digest> {
        let same = self.stamp.as_ref() == Some(stamp);
        (same && self.path == path.as_os_str().as_encoded_bytes()).then_some(self.digest)
    }

    /// Whether the file was this one, with this content.
    pub(crate) fn is(&self, path: &Path, digest: &Digest) -> bool {
        self.path == path.as_os_str().as_encoded_bytes() && self.digest == *digest
    }

    pub(crate) fn digest(&self) -> &Digest {
        &self.digest
    }

    fn write(&self, out: &mut Output) {
        out.bytes(self.path);
        out.digest(&self.digest);
        out.optional(self.stamp, Output::stamp);
    }

    fn read(input: &mut Input<'a>) -> Option<Self> {
        let (path, digest) = (input.bytes()?, input.digest()?);
        let stamp = input.list(Input::stamp)?.pop();
        Some(Self { path, stamp, digest })
    }
}

impl<'a> ModuleRow<'a> {
    pub(super) fn write(&self, out: &mut Output) {
        out.text(self.name);
        out.text(self.path);
        out.text(self.level.code());
        self.source.write(out);
        match &self.result {
            Ok(Coded { code, warnings }) => {
                out.byte(0);
                out.number(code.len());
                for code in code {
                    out.payload(code);
                }
                out.number(warnings.len());
                for Warning { line, message } in warnings {
                    out.number(*line);
                    out.text(message);
                }
            }
            Err(message) => {
                out.byte(1);
                out.text(message);
            }
        }
        out.optional(self.text, |out, text| out.payload(&text));
    }

    pub(super) fn read(input: &mut Input<'a>) -> Option<Self> {
        let (name, path) = (input.text()?, input.text()?);
        let level = Level::from_code(input.text()?)?;
        let source = Seen::read(input)?;
        let result = match input.byte()? {
            0 => Ok(Coded {
                code: input.list(Input::payload)?,
                warnings: input.list(|input| {
                    let (line, message) = (input.number()?, input.text()?.to_owned());
                    Some(Warning { line, message })
                })?,
            }),
            1 => Err(input.text()?),
            _ => return None,
        };
        let text = input.list(Input::payload)?.pop();
        Some(Self { name, path, level, source, result, text })
    }
}

impl<'a> FileRow<'a> {
    pub(super) fn write(&self, out: &mut Output) {
        out.text(self.path);
        self.source.write(out);
        out.optional(self.payload, |out, payload| out.payload(&payload));
    }

    pub(super) fn read(input: &mut Input<'a>) -> Option<Self> {
        let (path, source) = (input.text()?, Seen::read(input)?);
        Some(Self { path, source, payload: input.list(Input::payload)?.pop() })
    }
}

impl Verdict {
    pub(super) fn write(&self, out: &mut Output) {
        let Self { directory, members, named_by } = self;
        out.text(directory);
        out.number(members.len());
        for member in members {
            out.text(member);
        }
        out.text(named_by.as_deref().unwrap_or_default());
    }

    pub(super) fn read(input: &mut Input<'_>) -> Option<Self> {
        let directory = input.text()?.to_owned();
        let members = input.list(|input| input.text().map(str::to_owned))?;
        let named_by = Some(input.text()?.to_owned()).filter(|name| !name.is_empty());
        Some(Self { directory, members, named_by })
    }
}
