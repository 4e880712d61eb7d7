//! Where a bundle can come from, and what is refused.
//!
//! `Volume::read("plugins.bundle")` names the file in each of its errors.

use std::fs;

use include_py::{ErrorKind, Volume};
use include_py_bundle::{Builder, ModuleKind, NewModule, Target};
use pyo3::{exceptions::PyImportError, prelude::*};
use tempfile::TempDir;

use crate::{bundle, forget, target, turn, value};

#[test]
fn from_bytes_below_the_executable() {
    let _turn = turn();
    Python::attach(|py| {
        let volume = Volume::from_bytes(bundle(py, "bytes", &[("in_bytes", "VALUE = 1")])).unwrap();
        volume.install(py).unwrap();
        let file: String =
            py.import("in_bytes").unwrap().getattr("__file__").unwrap().extract().unwrap();
        let executable = std::env::current_exe().unwrap();
        assert_eq!(file, format!("{}/bytes/in_bytes.py", executable.display()));
        forget(py, "in_bytes");
        assert!(volume.uninstall(py).unwrap());
    });
}

#[test]
fn from_a_file_below_its_path() {
    let _turn = turn();
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("plugins.bundle");
    Python::attach(|py| {
        fs::write(&path, bundle(py, "plugins", &[("in_file", "VALUE = 2")])).unwrap();
        // SAFETY: only this test uses the file.
        let mapped = unsafe { Volume::map(&path) }.unwrap();
        for volume in [Volume::read(&path).unwrap(), mapped] {
            assert_eq!(volume.root(), path.to_str().unwrap());
            assert_eq!(volume.bundle().name(), "plugins");
            volume.install(py).unwrap();
            let file = py.import("in_file").unwrap().getattr("__file__").unwrap();
            assert_eq!(file.to_string(), path.join("in_file.py").to_str().unwrap());
            assert_eq!(value(py, "in_file").unwrap(), 2);
            volume.uninstall(py).unwrap();
        }
    });
}

#[test]
fn a_file_with_one_bit_changed_is_refused() {
    let _turn = turn();
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("damaged.bundle");
    let mut bytes = Python::attach(|py| bundle(py, "plugins", &[("never", "VALUE = 3")]));
    let middle = bytes.len() - 200;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    // SAFETY: only this test uses the file.
    let mapped = unsafe { Volume::map(&path) };
    for error in [Volume::read(&path).unwrap_err(), mapped.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Damaged);
        let message = error.to_string();
        assert!(message.contains("damaged.bundle") && message.contains("SHA-256"), "{message}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = Volume::read("no/such.bundle").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.to_string().starts_with("the bundle `no/such.bundle` can't be read"), "{error}");
    // SAFETY: there is no file that could change.
    let error = unsafe { Volume::map("no/such.bundle") }.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
}

#[test]
fn another_version_is_refused() {
    let _turn = turn();
    let mut builder = Builder::new("old", &[Target::new(3394, 0x0307_00f0, 4, 0)]);
    builder.file("a.txt", b"a".as_slice());
    let volume = Volume::from_bytes(builder.finish().unwrap()).unwrap();
    Python::attach(|py| {
        let error = volume.install(py).unwrap_err();
        assert!(error.is_instance_of::<PyImportError>(py));
        assert!(error.to_string().contains("CPython 3.7.0 (magic 3394)"), "{error}");
    });
}

/// A bundle whose digest is right but whose payload isn't code: its writer is at fault.
#[test]
fn a_payload_that_is_no_code_names_module_and_bundle() {
    let _turn = turn();
    Python::attach(|py| {
        let payloads: [&[u8]; 3] = [b"", b"\xe3\x00\x00", b"i\x01\x00\x00\x00"];
        for payload in payloads {
            let mut builder = Builder::new("broken", &[target(py)]);
            builder.module(NewModule {
                name: "half".into(),
                path: "half.py".into(),
                kind: ModuleKind::Module,
                code: vec![payload.into()],
                source: None,
            });
            let volume = Volume::from_bytes(builder.finish().unwrap()).unwrap();
            volume.install(py).unwrap();
            let error = py.import("half").unwrap_err();
            assert!(error.is_instance_of::<PyImportError>(py), "{error}");
            assert_eq!(error.value(py).getattr("name").unwrap().to_string(), "half");
            let message = error.to_string();
            assert!(message.contains("module `half` in bundle `broken` is damaged"), "{message}");
            volume.uninstall(py).unwrap();
        }
    });
}
