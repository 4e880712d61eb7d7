//! Passes PyO3's interpreter configuration on to the build scripts of our direct dependents.
//!
//! `pyo3-build-config` tells only direct dependents of PyO3 which interpreter was chosen. This
//! crate is one and declares `links = "include-py"`, so the lines printed here reach the user's
//! build script as `DEP_INCLUDE_PY_…`. `include-py-build` reads them there, so the two can't
//! disagree about the target.

use pyo3_build_config::{InterpreterConfig, PythonAbiKind, PythonImplementation, PythonVersion};

/// The oldest CPython whose start-up (`PyConfig`, frozen-module table) the runtime supports.
const OLDEST: PythonVersion = PythonVersion { major: 3, minor: 11 };

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
    let config = pyo3_build_config::get();
    require_supported(config);
    for (key, value) in metadata(config) {
        println!("cargo::metadata={key}={value}");
    }
    // PyO3's definitions of CPython's structures are for this version only.
    println!("cargo::rustc-env=INCLUDE_PY_PYTHON_VERSION={}", config.version());
    // Tests and examples of this crate itself run without `LD_LIBRARY_PATH`.
    pyo3_build_config::add_libpython_rpath_link_args();
}

fn require_supported(config: &InterpreterConfig) {
    // One error here instead of one for each thing that the limited API hides.
    if let PythonAbiKind::Stable(abi) = config.target_abi().kind() {
        println!(
            "cargo::error=include-py can't be built for the stable ABI, but PyO3's feature `{abi}` is \
             switched on in this build: bytecode and the way to start Python belong to one minor \
             version of CPython. Remove `abi3` and `abi3-py3…` from the features of `pyo3` in each \
             `Cargo.toml`; `cargo tree -e features -i pyo3-build-config` shows who asks for them"
        );
        return;
    }
    let implementation = config.target_abi().implementation();
    let version = config.version();
    if implementation != PythonImplementation::CPython || version < OLDEST {
        println!(
            "cargo::error=include-py supports CPython {OLDEST} and later, but PyO3 resolved \
             {implementation} {version}: set `PYO3_PYTHON` to a newer interpreter, for example \
             `PYO3_PYTHON=python3.13 cargo build`"
        );
    }
}

/// Facts for the user's build script, one `DEP_INCLUDE_PY_<KEY>` each.
fn metadata(config: &InterpreterConfig) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("VERSION", env!("CARGO_PKG_VERSION").to_owned()),
        ("PYTHON_VERSION", config.version().to_string()),
        ("PYTHON_SHARED", config.shared().to_string()),
    ];
    let optional = [
        ("PYTHON_EXECUTABLE", config.executable()),
        ("PYTHON_LIB_NAME", config.lib_name()),
        ("PYTHON_LIB_DIR", config.lib_dir()),
        ("PYTHON_FRAMEWORK_PREFIX", config.python_framework_prefix()),
    ];
    // PyO3 writes unknown values as empty strings, too.
    let known = optional.into_iter().filter_map(|(key, value)| Some((key, value?.to_owned())));
    pairs.extend(known.filter(|(_, value)| !value.is_empty()));
    pairs
}
