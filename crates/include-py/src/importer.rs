//! Finds and loads bundled modules, as `zipimport` does from a zip.
//!
//! There are two ways to find a module. Both end at a [class of loaders](class):
//!
//! | way | called with | used for |
//! |---|---|---|
//! | [`Finder`] on `sys.meta_path` | full names | modules and packages, in one lookup; distributions |
//! | [`Hook`] on `sys.path_hooks` → [`Entry`] | names below one directory | namespace packages that span directories, `pkgutil`, changed `__path__`s |

mod abstracts;
mod archive;
mod bytecode;
mod cached;
mod class;
mod collection;
mod completion;
mod develop;
mod display;
mod entry;
mod files;
mod finder;
mod hooks;
mod importlib;
mod install;
mod libraries;
mod lines;
mod linked;
mod loader;
mod metadata;
mod method;
mod mounts;
mod names;
mod namespace;
mod native;
mod order;
mod own;
mod printers;
mod spec;
mod store;
mod tools;
mod unpacked;

pub(crate) use develop::develop;
pub(crate) use finder::Finder;
pub(crate) use importlib::Importlib;
#[cfg(unix)]
pub(crate) use install::adopt;
pub(crate) use install::{install, path_hook, uninstall};
pub(crate) use linked::offer;
