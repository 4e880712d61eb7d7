//! Finds the location in the bundle that a path names, in any spelling.
//!
//! | path, with the root `/bin/tool/app` | location |
//! |---|---|
//! | `/bin/tool/app/pkg//./x.txt` | `pkg/x.txt` |
//! | `/bin/tool/app/pkg/../x.txt` | `x.txt`, if `pkg` is a directory |
//! | `/bin/../bin/tool/app/x.txt` | `x.txt` |
//! | `tool/app/x.txt`, in the directory `/bin` | `x.txt` |
//! | `/bin/tool/app/x.txt/` | one that doesn't exist: a file isn't a directory |
//! | `/bin/tool/app/..`, `/bin/tool` | not in the bundle |

use std::{
    borrow::Cow,
    env,
    path::{MAIN_SEPARATOR, MAIN_SEPARATOR_STR, Path},
};

use include_py_bundle::Node;

use super::{Mount, current_directory};

impl Mount {
    /// The path inside the bundle for a path in any spelling; `None` for paths outside.
    ///
    /// It needn't exist. If the system would fail because the path leads through a file or a
    /// missing directory, the result is a path at which the bundle has nothing.
    pub(crate) fn locate<'p>(&self, path: &'p str) -> Option<Cow<'p, str>> {
        if let Some(rest) = self.below_root(path) {
            if rest.is_empty() || rest.split(MAIN_SEPARATOR).all(is_name) {
                return Some(inner(rest));
            }
        } else if path.is_empty()
            || Path::new(path).is_absolute() && path.split(MAIN_SEPARATOR).skip(1).all(is_name)
        {
            return None;
        }
        self.resolve(path).map(Cow::Owned)
    }

    /// Whether a path is `inner`, the path of an entry of the bundle, in the spelling of
    /// [`outer`](Self::outer). In this case `locate` needn't examine each component.
    pub(crate) fn is_usual(&self, path: &str, inner: &str) -> bool {
        MAIN_SEPARATOR == '/' && self.below_root(path) == Some(inner)
    }

    /// The part after the root and a separator, or the empty string.
    fn below_root<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(self.root())?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix(MAIN_SEPARATOR) }
    }

    /// Resolves the components as the system does: only a directory can be left by `..`.
    fn resolve(&self, path: &str) -> Option<String> {
        let absolute = if Path::new(path).is_absolute() {
            path.to_owned()
        } else {
            let directory = match current_directory() {
                Some(directory) => directory,
                None => env::current_dir().ok()?.to_str()?.to_owned(),
            };
            format!("{directory}{MAIN_SEPARATOR}{path}")
        };
        // On Windows there is a drive before the first separator.
        let (drive, path) = absolute.split_once(MAIN_SEPARATOR)?;
        let mut reached = drive.to_owned();
        let mut components = path.split(MAIN_SEPARATOR);
        while let Some(component) = components.next() {
            if !is_name(component) && !self.may_be_directory(&reached) {
                let rest: Vec<_> = components.collect();
                let inside = self.below_root(&reached)?;
                return Some(format!("{}/{component}/{}", inner(inside), rest.join("/")));
            }
            match component {
                "" | "." => {}
                ".." => reached.truncate(reached.rfind(MAIN_SEPARATOR).unwrap_or(drive.len())),
                name => {
                    reached.push(MAIN_SEPARATOR);
                    reached.push_str(name);
                }
            }
        }
        self.below_root(&reached).map(|rest| inner(rest).into_owned())
    }

    /// Whether a normalised path is a directory of the bundle, or outside of it.
    fn may_be_directory(&self, path: &str) -> bool {
        self.below_root(path)
            .is_none_or(|rest| matches!(self.node(&inner(rest)), Ok(Some(Node::Directory(_)))))
    }
}

/// Whether a component is a name.
fn is_name(component: &str) -> bool {
    !matches!(component, "" | "." | "..")
}

/// The path with the bundle's separators.
fn inner(rest: &str) -> Cow<'_, str> {
    if MAIN_SEPARATOR == '/' {
        Cow::Borrowed(rest)
    } else {
        Cow::Owned(rest.replace(MAIN_SEPARATOR_STR, "/"))
    }
}
