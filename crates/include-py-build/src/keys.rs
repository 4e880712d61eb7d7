//! What a module's code depends on, as one sha256 each: equal keys, equal code.
//!
//! ```text
//! include-py-build keys 1
//! bundle 5feceb66…        the sha256 in app.bundle's header
//! 6b86b273… app           a module's key and its name, sorted by name
//! d4735e3a… app.views
//! ```
//!
//! A module that isn't listed is compiled; one that gave warnings isn't, so that they come again.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use include_py_bundle::{Bundle, Module, Target};
use sha2::{Digest as _, Sha256};

use crate::options::Manner;
use crate::worker::Hello;

const HEADER: &str = "include-py-build keys 1";

/// The sha256 of everything that a module's code depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key([u8; 32]);

/// What all modules of a build have in common, hashed once.
#[derive(Clone)]
pub(crate) struct Context(Sha256);

impl Context {
    pub(crate) fn new() -> Self {
        let mut hasher = Sha256::new();
        field(&mut hasher, HEADER.as_bytes());
        field(&mut hasher, env!("CARGO_PKG_VERSION").as_bytes());
        Self(hasher)
    }

    /// The same with one target more; `script` is what its interpreter runs.
    pub(crate) fn with(mut self, hello: &Hello, target: Target, script: &str) -> Self {
        let hasher = &mut self.0;
        field(hasher, script.as_bytes());
        // Two builds of one version can be patched, and compile differently.
        field(hasher, hello.version.as_bytes());
        field(hasher, &target.hexversion().to_le_bytes());
        field(hasher, &target.magic().to_le_bytes());
        field(hasher, &[target.marshal_version(), target.optimize()]);
        self
    }

    pub(crate) fn key(&self, name: &str, path: &str, manner: Manner, source: &[u8]) -> Key {
        let mut hasher = self.0.clone();
        field(&mut hasher, manner.code().as_bytes());
        field(&mut hasher, name.as_bytes());
        field(&mut hasher, path.as_bytes());
        field(&mut hasher, source);
        Key(hasher.finalize().into())
    }
}

/// With its length, so that no two lists of fields give the same bytes.
fn field(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
    hasher.update(bytes);
}

/// The file of keys for a bundle with this digest; `modules` are sorted by name.
pub(crate) fn write<'a>(
    digest: &[u8; 32],
    modules: impl IntoIterator<Item = (&'a str, Key)>,
) -> String {
    let mut text = format!("{HEADER}\nbundle {}\n", hex(digest));
    for (name, key) in modules {
        // Writing to a string can't fail.
        let _ = writeln!(text, "{} {name}", hex(&key.0));
    }
    text
}

/// The code that the previous build left behind.
pub(crate) struct Previous<'a> {
    bundle: Bundle<'a>,
    keys: BTreeMap<&'a str, &'a str>,
}

impl<'a> Previous<'a> {
    /// `None` if the two files aren't of one build for these targets, or are damaged.
    pub(crate) fn open(bundle: &'a [u8], keys: &'a [u8], targets: &[Target]) -> Option<Self> {
        let bundle = Bundle::open(bundle).ok()?;
        let mut lines = std::str::from_utf8(keys).ok()?.lines();
        let written_for_it =
            lines.next()? == HEADER && lines.next()? == format!("bundle {}", hex(bundle.digest()));
        if !written_for_it || !bundle.targets().eq(targets.iter().copied()) {
            return None;
        }
        let keys = lines.filter_map(|line| line.split_once(' ').map(|(key, name)| (name, key)));
        let keys = keys.collect();
        // We wrote it: that it is what we wrote is enough.
        bundle.verify_digest().ok()?;
        Some(Self { bundle, keys })
    }

    /// The module, if it has this key.
    pub(crate) fn module(&self, name: &str, key: Key) -> Option<Module<'a>> {
        if *self.keys.get(name)? != hex(&key.0) {
            return None;
        }
        self.bundle.module(name).ok()?
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use include_py_bundle::{Builder, ModuleKind, NewModule};

    use super::*;

    const TARGET: Target = Target::new(3571, 0x030d_00f0, 4, 0);

    fn hello(version: &str) -> Hello {
        Hello { version: version.to_owned(), ..Hello::example() }
    }

    #[test]
    fn everything_that_code_depends_on_is_in_its_key() {
        let plain = Manner::Level(0);
        let context = |version, target| Context::new().with(&hello(version), target, "script");
        let common = context("3.13.0", TARGET);
        let key = common.key("a", "a.py", plain, b"x");
        assert_eq!(context("3.13.0", TARGET).key("a", "a.py", plain, b"x"), key);
        let others = [
            common.key("b", "a.py", plain, b"x"),
            common.key("a", "b.py", plain, b"x"),
            common.key("a", "a.py", plain, b"y"),
            // The same bytes in a row.
            common.key("a", "a.p", plain, b"yx"),
            common.key("a", "a.py", Manner::Undocumented, b"x"),
            common.clone().with(&hello("3.12.1"), TARGET, "").key("a", "a.py", plain, b"x"),
            context("3.13.0 debug", TARGET).key("a", "a.py", plain, b"x"),
            context("3.13.0", Target::new(3571, 0x030d_00f0, 4, 1)).key("a", "a.py", plain, b"x"),
            context("3.13.0", Target::new(3571, 0x030d_01f0, 4, 0)).key("a", "a.py", plain, b"x"),
            Context::new().with(&hello("3.13.0"), TARGET, "another").key("a", "a.py", plain, b"x"),
        ];
        assert!(others.iter().all(|other| *other != key));
    }

    #[test]
    fn code_is_found_by_name_and_key() {
        let common = Context::new().with(&hello("3.13.0"), TARGET, "");
        let [key, other] =
            [b"x", b"y"].map(|source| common.key("a", "a.py", Manner::Level(0), source));
        let mut builder = Builder::new("app", &[TARGET]);
        builder.module(NewModule {
            name: "a".to_owned(),
            path: "a.py".to_owned(),
            kind: ModuleKind::Module,
            code: vec![b"code".into()],
            source: None,
        });
        let bundle = builder.finish().unwrap();
        let text = write(Bundle::open(&bundle).unwrap().digest(), [("a", key)]);
        assert_eq!(text.lines().count(), 3);
        let previous = Previous::open(&bundle, text.as_bytes(), &[TARGET]).unwrap();
        assert_eq!(previous.module("a", key).unwrap().code(0), Some(&b"code"[..]));
        assert!(previous.module("a", other).is_none());
        assert!(previous.module("b", key).is_none());
        let optimized = Target::new(3571, 0x030d_00f0, 4, 1);
        assert!(Previous::open(&bundle, text.as_bytes(), &[optimized]).is_none());
        assert!(Previous::open(b"", text.as_bytes(), &[TARGET]).is_none());
        assert!(Previous::open(&bundle, b"", &[TARGET]).is_none());
    }
}
