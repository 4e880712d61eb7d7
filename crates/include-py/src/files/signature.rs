//! Parses a function's text signature. Calls that don't match it are passed to the original
//! function, which rejects them.

use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};

/// A function's parameters.
pub(super) struct Signature {
    names: Vec<String>,
    /// Number of parameters that can be positional; these come first.
    positional: usize,
    /// Number of those without a default; these come first.
    required: usize,
}

impl Signature {
    /// Parses `($module, path, mode, *, dir_fd=None)`; `None` for more complex signatures.
    pub(super) fn read(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('(')?.strip_suffix(')')?;
        let (mut names, mut positional, mut required) = (Vec::new(), None, 0);
        for part in inner.split(',') {
            let part = part.trim_matches([' ', '[', ']', '\n']);
            let (name, default) =
                part.split_once('=').map_or((part, false), |(name, _)| (name.trim(), true));
            match name {
                "" | "/" => {}
                "*" => positional = Some(names.len()),
                name if name.starts_with('$') => {}
                name if name.starts_with('*') => return None,
                name => {
                    if !default && positional.is_none() {
                        required = names.len() + 1;
                    }
                    names.push(name.to_owned());
                }
            }
        }
        let positional = positional.unwrap_or(names.len());
        Some(Self { names, positional, required })
    }

    pub(super) fn fits(
        &self,
        args: &Bound<'_, PyTuple>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> bool {
        let given = args.len();
        let Some(kwargs) = kwargs else {
            return self.required <= given && given <= self.positional;
        };
        let named = |name: &String| kwargs.contains(name).unwrap_or(false);
        given <= self.positional
            && kwargs.len() == self.names.iter().skip(given).filter(|name| named(name)).count()
            && self.names[..self.required].iter().skip(given).all(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read() {
        let signature =
            Signature::read("($module, path, times=None, *, [ns, ]dir_fd=None)").unwrap();
        assert_eq!(signature.names, ["path", "times", "ns", "dir_fd"]);
        assert_eq!((signature.positional, signature.required), (2, 1));
        let signature = Signature::read("($module, fd, /)").unwrap();
        assert_eq!((signature.positional, signature.required), (1, 1));
        assert!(Signature::read("(*args)").is_none());
    }
}
