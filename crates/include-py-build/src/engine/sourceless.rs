//! Modules for which there is only a `.pyc` file.
//!
//! `vendor/tool.pyc` of the target's version is bundled in its canonical form.

use include_py_bundle::Target;
use pyc_code::{marshal, pyc::Header};

use crate::find::Module;

/// The code in a module's file. The error is a warning that the module is left out.
pub(super) fn code(module: &Module, file: &[u8], targets: &[Target]) -> Result<Vec<u8>, String> {
    let left_out = |why: &str| {
        format!(
            "`{}` is left out ({why}): bundle its source, or leave it out with `Bundle::exclude`",
            module.source.display()
        )
    };
    let (header, stream) = Header::read(file).map_err(|error| left_out(&error.to_string()))?;
    let version = header.minor();
    if targets.iter().any(|target| target.magic() != version.magic()) {
        return Err(left_out(&format!("only Python {version} can import it")));
    }
    marshal::canonical(stream, version)
        .map_err(|error| left_out(&format!("it is damaged, {error}")))
}
