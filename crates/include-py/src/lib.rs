//! Import Python modules from the memory of a Rust binary.
//!
//! The build script compiles a Python source tree into a bundle with `include-py-build`. This crate
//! embeds the bundle and provides modules, resources and metadata from it:
//!
//! ```toml
//! [dependencies]
//! include-py = "0.1"
//! pyo3 = "0.30"
//! [build-dependencies]
//! include-py-build = "0.1"
//! ```
//! ```ignore
//! // build.rs
//! fn main() {
//!     include_py_build::Bundle::new("app").source("python").stdlib().compile();
//! }
//! ```
//! ```ignore
//! // src/main.rs
//! use pyo3::prelude::*;
//!
//! include_py::include_py!(APP = "app");
//!
//! fn main() -> std::process::ExitCode {
//!     include_py::run(&APP, |py| {
//!         py.import("app.cli")?.call_method0("main")?;
//!         Ok(())
//!     })
//! }
//! ```
//!
//! [`run`] starts an isolated interpreter that imports pure-Python modules from the binary,
//! including the standard library if the bundle contains it. A program that starts Python itself
//! calls [`App::install`] instead. [`Host`] is the builder behind `run`.
//!
//! # What Python sees
//!
//! The model is `zipimport`. A bundle has a *virtual root*, which is the executable's path joined
//! with the bundle's name, and `__file__` is `<root>/pkg/mod.py`. `__path__`, `__spec__`,
//! `__loader__`, `importlib.resources`, `importlib.metadata`, `pkgutil` and `runpy` work with it.
//!
//! # Safety of bytecode
//!
//! CPython's bytecode runs only on the interpreter for which it was made. The version is checked
//! before any of the bundle's bytecode runs; a mismatch is an [`Error`] that names both versions.

mod app;
mod content;
mod error;
mod files;
mod fit;
#[cfg(unix)]
mod host;
mod importer;
mod linked;
mod mount;
mod native;
#[cfg(unix)]
mod process;
mod resources;
mod unpack;
mod volume;

pub use app::App;
pub use error::{Error, ErrorKind};
#[cfg(unix)]
pub use host::{
    GarbageCollection, Host, PythonCommandLine, SignalHandlers, run, run_python_command_line,
};
pub use linked::ModuleInit;
pub use mount::FileNames;
pub use native::NativeModules;
pub use volume::Volume;

/// Declares a static [`App`] from the bundle that the build script wrote.
///
/// `include_py!(APP = "app")` embeds the output of `include_py_build::Bundle::new("app")` in
/// `$OUT_DIR`. If there is no bundle of this name, compilation fails with a message. Attributes, a
/// visibility and several declarations are possible:
///
/// ```ignore
/// include_py::include_py! {
///     /// The application.
///     pub APP = "app";
///     PLUGINS = "plugins";
/// }
/// ```
#[macro_export]
macro_rules! include_py {
    ($($(#[$attribute:meta])* $visibility:vis $name:ident = $bundle:literal);+ $(;)?) => {
        $(
            $(#[$attribute])*
            $visibility static $name: $crate::App =
                include!(env!(
                    concat!("INCLUDE_PY_BUNDLE_", $bundle),
                    concat!(
                        "there is no bundle `", $bundle, "`: correct the name, or have this package's \
                         build.rs make it with `include_py_build::Bundle::new(\"", $bundle,
                        "\").source(\"python\").compile()`, where `include-py-build` is one of the \
                         `[build-dependencies]`"
                    )
                ));
        )+
    };
}

/// The bytes of a large bundle, which the linker finds in a static library. Not public API.
///
/// Since it is a macro of this crate, it can be used where `unsafe` is forbidden. The symbol's name
/// contains the bundle's digest, so its definition has exactly this length, and it is read-only
/// data.
#[doc(hidden)]
#[macro_export]
macro_rules! __linked_bundle {
    ($symbol:literal, $length:literal) => {{
        #[link(name = $symbol, kind = "static")]
        unsafe extern "C" {
            #[link_name = $symbol]
            safe static BUNDLE: [u8; $length];
        }
        &BUNDLE
    }};
}

/// The address of a symbol that only the linking of a program defines. Not public API.
///
/// It is never read.
#[doc(hidden)]
#[macro_export]
macro_rules! __in_program {
    ($symbol:literal) => {{
        unsafe extern "C" {
            #[link_name = $symbol]
            safe static MAIN: u8;
        }
        &MAIN
    }};
}

/// An extension module in C, which the linker finds in a static library. Not public API.
#[doc(hidden)]
#[macro_export]
macro_rules! __linked_module {
    ($name:literal, $library:literal, $function:literal, [$($dependency:literal),*]) => {{
        #[link(name = $library, kind = "static")]
        $(#[link(name = $dependency)])*
        unsafe extern "C" {
            #[link_name = $function]
            fn init() -> *mut $crate::__private::PyObject;
        }
        // SAFETY: the build script has found this function in the objects that it compiled; the
        // author of a C module is responsible for what it does.
        let init = unsafe { $crate::ModuleInit::new(init) };
        $crate::__private::Linked { name: $name, init }
    }};
}

/// The initialisation function of a `#[pyo3::pymodule]`, for [`Host::module`].
///
/// ```no_run
/// # fn program(APP: &'static include_py::App) -> include_py::Host {
/// #[pyo3::pymodule]
/// mod native {
///     #[pyo3::pyfunction]
///     fn double(x: usize) -> usize {
///         x * 2
///     }
/// }
///
/// include_py::Host::new(&APP).module("app._native", include_py::pymodule!(native))
/// # }
/// ```
#[macro_export]
macro_rules! pymodule {
    ($module:path) => {{
        use $module as module;
        // SAFETY: PyO3 makes this function, for CPython to call.
        unsafe { $crate::ModuleInit::new(module::__pyo3_init) }
    }};
}

/// Used by the generated `$OUT_DIR/<name>.rs`. Not public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::app::{Develop, Generated, app};
    pub use crate::linked::Linked;
    pub use pyo3::ffi::PyObject;
}
