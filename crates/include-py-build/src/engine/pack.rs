//! Puts everything into a bundle.
//!
//! Its bytes depend only on what is compiled here and the options, never on where or when.

use std::borrow::Cow;

use include_py_bundle::{Builder, Bundle, ModuleKind, NewModule, Target};

use super::compile::Compiled;
use crate::environment::Sources;
use crate::error::{ErrorKind, Problem};

/// A bundle's bytes and the digest in them.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    pub(super) digest: [u8; 32],
}

pub(super) fn pack(
    name: &str,
    target: Target,
    compiled: &Compiled<'_>,
    sources: Sources,
) -> Result<Packed, Problem> {
    let mut builder = Builder::new(name, &[target]);
    for (module, source, code) in &compiled.modules {
        let included = sources == Sources::Included && module.kind != ModuleKind::Namespace;
        builder.module(NewModule {
            name: module.name.clone(),
            path: module.path.clone(),
            kind: module.kind,
            code: code.codes(),
            source: included.then_some(Cow::Borrowed(source.as_slice())),
        });
    }
    for (file, data) in &compiled.files {
        builder.file(file.path.as_str(), data.as_slice());
    }
    for (distribution, name) in &compiled.distributions {
        builder.distribution(name, &distribution.directory);
    }
    let refused = |error: include_py_bundle::Error| {
        Problem::new(ErrorKind::Source, format!("the bundle `{name}` can't hold this: {error}"))
    };
    let bytes = builder.finish().map_err(refused)?;
    let digest = *Bundle::open(&bytes).map_err(refused)?.digest();
    Ok(Packed { bytes, digest })
}
