//! The process's current directory, if it is one of a bundle: only where files are served.

use std::sync::{PoisonError, RwLock};

/// A virtual path.
static DIRECTORY: RwLock<Option<String>> = RwLock::new(None);

/// The directory of a bundle that paths start from which aren't absolute.
pub(crate) fn current_directory() -> Option<String> {
    DIRECTORY.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Goes to a directory of a bundle, or out of it.
pub(crate) fn set_current_directory(directory: Option<String>) {
    *DIRECTORY.write().unwrap_or_else(PoisonError::into_inner) = directory;
}
