//! Lets the extension module find the libpython that PyO3 found.

fn main() {
    pyo3_build_config::add_libpython_rpath_link_args();
}
