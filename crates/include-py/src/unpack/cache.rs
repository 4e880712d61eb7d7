//! Finds the user's cache directory.
//!
//! | used, in this order | unless |
//! |---|---|
//! | `$INCLUDE_PY_CACHE` | it is empty |
//! | `$XDG_CACHE_HOME` (except on macOS and Windows) | it is empty or relative |
//! | `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%` | there is no home directory |
//!
//! A program with more privileges than its caller ignores these variables. Then `~` is the
//! effective user's home directory in the system's list of users, which is also used if `HOME`
//! isn't set.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use pyo3::prelude::*;

use super::{Fault, owner};

const VARIABLE: &str = "INCLUDE_PY_CACHE";

pub(super) fn find(py: Python<'_>) -> Result<PathBuf, Fault> {
    let trusted = !owner::is_privileged();
    let variable = |name: &str| env::var_os(name).filter(|value| trusted && !value.is_empty());
    from(variable, || listed_home(py)).ok_or(Fault::Nowhere)
}

/// `home` is called only if no variable is set.
fn from(
    variable: impl Fn(&str) -> Option<OsString>,
    home: impl FnOnce() -> Option<PathBuf>,
) -> Option<PathBuf> {
    if let Some(own) = variable(VARIABLE) {
        return Some(own.into());
    }
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return absolute("LOCALAPPDATA");
    }
    let home = || absolute("HOME").or_else(home);
    if cfg!(target_os = "macos") {
        return home().map(|home| home.join("Library/Caches"));
    }
    absolute("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache")))
}

/// The effective user's home directory, as `os.path.expanduser` finds it without `HOME`.
fn listed_home(py: Python<'_>) -> Option<PathBuf> {
    let user = owner::user()?;
    let entry = py.import("pwd").and_then(|pwd| pwd.call_method1("getpwuid", (user,))).ok()?;
    let home: PathBuf = entry.getattr("pw_dir").ok()?.extract().ok()?;
    Some(home).filter(|home| home.is_absolute() && home != Path::new("/"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)], home: Option<&str>) -> Option<String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(key, value)| *key == name && !value.is_empty());
            found.map(|(_, value)| OsString::from(value))
        };
        from(variable, || home.map(PathBuf::from)).map(|path| path.to_str().unwrap().to_owned())
    }

    #[test]
    fn variables_come_in_their_order() {
        let all = [("INCLUDE_PY_CACHE", "/own"), ("XDG_CACHE_HOME", "/xdg"), ("HOME", "/h")];
        for (first, expected) in [(0, "/own"), (1, "/xdg"), (2, "/h/.cache")] {
            assert_eq!(found(&all[first..], Some("/listed")).as_deref(), Some(expected));
        }
        assert_eq!(found(&[], Some("/listed")).as_deref(), Some("/listed/.cache"));
        assert_eq!(found(&[], None), None);
    }

    #[test]
    fn relative_paths_are_of_no_use_but_in_our_own_variable() {
        let relative = [("XDG_CACHE_HOME", "xdg"), ("HOME", "home")];
        assert_eq!(found(&relative, Some("/listed")).as_deref(), Some("/listed/.cache"));
        assert_eq!(found(&[("INCLUDE_PY_CACHE", "here")], None).as_deref(), Some("here"));
    }
}
