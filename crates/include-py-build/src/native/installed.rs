//! Reads facts about extension modules from an installation of CPython.
//!
//! `_sysconfigdata__linux_x86_64-linux-gnu.py` has `'EXT_SUFFIX':
//! '.cpython-313-x86_64-linux-gnu.so'`.

use std::path::Path;

use crate::fs;

/// The suffix of an installation's extension modules, as its build recorded it.
pub(crate) fn noted_suffix(stdlib_dir: Option<&Path>) -> Option<String> {
    fs::files_in(stdlib_dir?).into_iter().find_map(|path| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix("_sysconfigdata_")?.strip_suffix(".py")?;
        let text = String::from_utf8(fs::read_previous(&path)?).ok()?;
        let (_, rest) = text.split_once("'EXT_SUFFIX': '")?;
        Some(rest.split_once('\'')?.0.to_owned())
    })
}
