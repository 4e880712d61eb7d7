//! What is known of one file: which it was, what was in it, and what came of it.

use std::path::Path;

use include_py_bundle::Payload;

use super::codec::{Input, Output};
use super::{Digest, Stamp};
use crate::backend::{Level, Warning};

/// A file as it was when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen<'a> {
    /// Its path, as the system has it.
    path: &'a [u8],
    /// `None` if it could be changed without getting another.
    stamp: Option<Stamp>,
    digest: Digest,
}

/// A module that was bundled, or compiled in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModuleRow<'a> {
    pub(crate) name: &'a str,
    pub(crate) path: &'a str,
    pub(crate) level: Level,
    pub(crate) source: Seen<'a>,
    pub(crate) result: Result<Coded, &'a str>,
    /// The source as the bundle has it, if it does and there is any text in it.
    pub(crate) text: Option<Payload>,
}

/// The code, one for each target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coded {
    pub(crate) code: Vec<Payload>,
    pub(crate) warnings: Vec<Warning>,
}

/// A file that was bundled as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileRow<'a> {
    pub(crate) path: &'a str,
    pub(crate) source: Seen<'a>,
    /// `None` if nothing is in it.
    pub(crate) payload: Option<Payload>,
}

/// Whether somebody imports the modules in a directory, and who does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Its dotted name.
    pub(crate) directory: String,
    /// The names of its modules.
    pub(crate) members: Vec<String>,
    /// A module that imports one of them; `None` if all modules were asked in vain.
    pub(crate) named_by: Option<String>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(path: &'a Path, stamp: Option<Stamp>, digest: Digest) -> Self {
        Self { path: path.as_os_str().as_encoded_bytes(), stamp, digest }
    }

    /// The SHA-256 of what is in the file of this path and stamp, if that is this one.
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
