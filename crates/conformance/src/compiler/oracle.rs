//! Gets an interpreter's own `compile()` result for a source, and caches it on disk.
//!
//! `~/.cache/include-py-oracles/dumps/3.13.0/4e…a1` contains one answer: for that release, source,
//! name and level.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use testbed::pythons::Python;
use testbed::script::Script;

const SCRIPT: &str = include_str!("oracle.py");

/// An interpreter that compiles; it is started when it is first needed.
pub(crate) struct Oracle {
    python: Python,
    cache: PathBuf,
    process: Option<Script>,
}

/// The interpreter's answer.
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    /// Warnings, one a line: `SyntaxWarning:3: invalid escape sequence '\d'`.
    pub(crate) warnings: String,
}

pub(crate) enum Verdict {
    /// Code in canonical form.
    Code(Vec<u8>),
    /// Exception, message, line and column, one a line.
    Refused(String),
}

impl Oracle {
    pub(crate) fn new(python: Python) -> Result<Self, String> {
        let home = std::env::home_dir().ok_or("no home directory to keep the answers in")?;
        let cache = home.join(".cache/include-py-oracles/dumps").join(python.version().to_string());
        std::fs::create_dir_all(&cache).map_err(|error| failed(&cache, &error))?;
        Ok(Self { python, cache, process: None })
    }

    /// The answer for a source.
    pub(crate) fn ask(&mut self, name: &str, source: &[u8], level: u8) -> Result<Answer, String> {
        let key = Sha256::new()
            .chain_update(SCRIPT)
            .chain_update([level])
            .chain_update(name)
            .chain_update([0])
            .chain_update(source)
            .finalize();
        let path = self.cache.join(hexadecimal(&key));
        if let Some(answer) = std::fs::read(&path).ok().and_then(|bytes| decode(&bytes)) {
            return Ok(answer);
        }
        let bytes = self.compile(name, source, level)?;
        std::fs::write(&path, &bytes).map_err(|error| failed(&path, &error))?;
        understood(name, &bytes)
    }

    /// The answer for a source that isn't needed again.
    pub(crate) fn ask_afresh(
        &mut self,
        name: &str,
        source: &[u8],
        level: u8,
    ) -> Result<Answer, String> {
        understood(name, &self.compile(name, source, level)?)
    }

    /// Compiles with the interpreter, and returns the answer in the format of the cache.
    fn compile(&mut self, name: &str, source: &[u8], level: u8) -> Result<Vec<u8>, String> {
        let minor = self.python.version().minor();
        let path = self.python.path().to_owned();
        let process = match &mut self.process {
            Some(process) => process,
            none => none.insert(start(&path)?),
        };
        let (status, mut result, warnings) =
            ask(process, name, source, level).map_err(|error| failed(&path, &error))?;
        if status == 0 {
            result =
                pyc_code::canonical(&result, minor).map_err(|error| format!("{name}: {error}"))?;
        }
        let mut bytes = vec![status];
        bytes.extend(u32::try_from(warnings.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(warnings);
        bytes.extend(result);
        Ok(bytes)
    }
}

fn understood(name: &str, bytes: &[u8]) -> Result<Answer, String> {
    decode(bytes).ok_or_else(|| format!("the interpreter's answer for {name} is invalid"))
}

fn decode(bytes: &[u8]) -> Option<Answer> {
    let (status, rest) = bytes.split_first()?;
    let (len, rest) = rest.split_first_chunk()?;
    let (warnings, result) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
    let verdict = match status {
        0 => Verdict::Code(result.to_vec()),
        _ => Verdict::Refused(String::from_utf8_lossy(result).into_owned()),
    };
    Some(Answer { verdict, warnings: String::from_utf8_lossy(warnings).into_owned() })
}

fn start(python: &Path) -> Result<Script, String> {
    let options = ["-I", "-S", "-c", SCRIPT];
    Script::start_as(Command::new(python).args(options).stderr(Stdio::null()))
}

/// Encodes whether the source was refused, as a number; the code or the reason; the warnings.
fn ask(
    script: &mut Script,
    name: &str,
    source: &[u8],
    level: u8,
) -> std::io::Result<(u8, Vec<u8>, Vec<u8>)> {
    script.write_all(&[level])?;
    script.write_part(name.as_bytes())?;
    script.write_part(source)?;
    script.flush()?;
    let mut status = [0];
    script.read_exact(&mut status)?;
    Ok((status[0], script.read_part()?, script.read_part()?))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string doesn't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
