//! The current directory, if it is in a bundle. Only used if files are served.

use std::sync::{PoisonError, RwLock};

/// A virtual path.
static DIRECTORY: RwLock<Option<String>> = RwLock::new(None);

/// The directory of a bundle to which paths are relative; `None` if the real current directory is.
pub(crate) fn current_directory() -> Option<String> {
    DIRECTORY.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Changes to a directory of a bundle, or leaves it with `None`.
pub(crate) fn set_current_directory(directory: Option<String>) {
    *DIRECTORY.write().unwrap_or_else(PoisonError::into_inner) = directory;
}
