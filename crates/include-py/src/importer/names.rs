//! Dotted names of modules.

/// `package.name`, or `name` at the top.
pub(super) fn join(package: &str, name: &str) -> String {
    if package.is_empty() { name.to_owned() } else { format!("{package}.{name}") }
}

/// The last component of a module's name.
pub(super) fn tail(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, tail)| tail)
}
