//! What the code of all modules depends on besides the modules, as one SHA-256.
//!
//! If the version of this crate, the worker's script, the interpreter or a target changes, the
//! context changes and no code is reused.

use include_py_bundle::Target;
use sha2::{Digest as _, Sha256};

use super::Digest;

/// Collects the parts of the context.
#[derive(Clone)]
pub(crate) struct Context(Sha256);

impl Context {
    pub(crate) fn new() -> Self {
        let mut hasher = Sha256::new();
        field(&mut hasher, env!("CARGO_PKG_VERSION").as_bytes());
        Self(hasher)
    }

    /// Adds a target; `identity` is its backend's.
    pub(crate) fn with(mut self, identity: &str, target: Target) -> Self {
        let hasher = &mut self.0;
        field(hasher, identity.as_bytes());
        field(hasher, &target.hexversion().to_le_bytes());
        field(hasher, &target.magic().to_le_bytes());
        field(hasher, &[target.marshal_version(), target.optimize()]);
        self
    }

    pub(crate) fn digest(self) -> Digest {
        self.0.finalize().into()
    }
}

/// Includes the length, so that no two lists of fields give the same bytes.
fn field(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_all_code_depends_on_is_in_the_context() {
        let target = Target::new(3571, 0x030d_00f0, 4, 0);
        let of = |identity, target| Context::new().with(identity, target);
        let plain = of("3.13.0", target).digest();
        assert_eq!(of("3.13.0", target).digest(), plain);
        let others = [
            of("3.13.0 debug", target),
            of("3.13.0", Target::new(3571, 0x030d_00f0, 4, 1)),
            of("3.13.0", Target::new(3571, 0x030d_01f0, 4, 0)),
            of("3.13.0", target).with("3.13.0", target),
        ];
        assert!(others.into_iter().all(|other| other.digest() != plain));
    }
}
