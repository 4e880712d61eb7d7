//! Dotted names of modules.

/// The last component of a module's name.
pub(super) fn tail(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, tail)| tail)
}
