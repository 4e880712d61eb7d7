//! Several bundles in one process, and what remains when one is removed.
//!
//! Modules and resources of a bundle work even after the `Volume` was dropped and uninstalled.

use include_py::Volume;
use pyo3::{
    prelude::*,
    types::{PyDict, PyList},
};

use crate::{bundle, forget, turn, value};

#[test]
fn several_bundles_each_serve_their_own() {
    let _turn = turn();
    Python::attach(|py| {
        let volumes: Vec<Volume> = (0..8)
            .map(|number| {
                let (own, source) = (format!("own_{number}"), format!("VALUE = {number}"));
                let modules = [(own.as_str(), source.as_str()), ("common", source.as_str())];
                Volume::from_bytes(bundle(py, &format!("several-{number}"), &modules)).unwrap()
            })
            .collect();
        for volume in &volumes {
            volume.install(py).unwrap();
        }
        for number in 0..8 {
            assert_eq!(value(py, &format!("own_{number}")).unwrap(), number);
        }
        // If several have a module, the one that was installed first provides it.
        assert_eq!(value(py, "common").unwrap(), 0);
        assert!(volumes[0].uninstall(py).unwrap());
        assert_eq!(value(py, "common").unwrap(), 1);
        assert!(py.import("own_0").is_err());
        for volume in &volumes[1..] {
            assert!(volume.uninstall(py).unwrap());
        }
        assert!(py.import("common").is_err());
    });
}

#[test]
fn two_of_one_name_need_two_roots() {
    let _turn = turn();
    Python::attach(|py| {
        let one = Volume::from_bytes(bundle(py, "twin", &[("one", "VALUE = 1")])).unwrap();
        let two = Volume::from_bytes(bundle(py, "twin", &[("two", "VALUE = 2")])).unwrap();
        one.install(py).unwrap();
        one.install(py).unwrap();
        let error = two.install(py).unwrap_err().to_string();
        assert!(error.contains("`twin`") && error.contains("`Volume::at`"), "{error}");
        assert!(!two.uninstall(py).unwrap(), "the other one must stay");
        let two = two.at("/elsewhere/twin");
        two.install(py).unwrap();
        let file = py.import("two").unwrap().getattr("__file__").unwrap();
        assert_eq!(file.to_string(), "/elsewhere/twin/two.py");
        forget(py, "two");
        assert_eq!(value(py, "one").unwrap(), 1);
        assert!(one.uninstall(py).unwrap() && two.uninstall(py).unwrap());
    });
}

#[test]
fn uninstalling_leaves_the_lists_as_they_were() {
    let _turn = turn();
    Python::attach(|py| {
        let lists = || -> Vec<String> {
            let sys = py.import("sys").unwrap();
            let lists = ["meta_path", "path_hooks", "path"];
            lists.map(|name| sys.getattr(name).unwrap().to_string()).to_vec()
        };
        let volume = Volume::from_bytes(bundle(py, "guest", &[("guest", "VALUE = 1")])).unwrap();
        let remembered = || {
            let importers = py.import("sys").unwrap().getattr("path_importer_cache").unwrap();
            importers.contains(volume.root()).unwrap()
        };
        let before = lists();
        volume.install(py).unwrap();
        assert_eq!(value(py, "guest").unwrap(), 1);
        let pkgutil = py.import("pkgutil").unwrap();
        let modules = pkgutil.call_method1("iter_modules", ([volume.root()],)).unwrap();
        assert_eq!(modules.try_iter().unwrap().count(), 1);
        assert!(lists() != before && remembered());
        assert!(volume.uninstall(py).unwrap());
        assert_eq!(lists(), before);
        assert!(!remembered());
        assert!(!volume.uninstall(py).unwrap());
        assert!(py.import("guest").is_err());
    });
}

#[test]
fn objects_outlive_the_volume() {
    let _turn = turn();
    Python::attach(|py| {
        let source = "VALUE = 7\ndef fail():\n    raise ValueError('from the source')\n";
        let volume = Volume::from_bytes(bundle(py, "gone", &[("gone", source)])).unwrap();
        volume.install(py).unwrap();
        let module = py.import("gone").unwrap();
        volume.uninstall(py).unwrap();
        drop(volume);
        // Allocate, so that freed memory is reused, if any was freed.
        let noise: Vec<Vec<u8>> = (0..64).map(|size| vec![0xa5; 512 + 64 * size]).collect();
        let scope = PyDict::new(py);
        scope.set_item("module", &module).unwrap();
        let check = c"
import importlib.resources, inspect, os, traceback
loader = module.__loader__
assert loader.get_data(module.__file__).startswith(b'VALUE = 7')
assert loader.get_data(os.path.dirname(module.__file__) + '/.//../gone/data.txt') == b'data of the bundle'
assert loader.get_resource_reader('gone').files().joinpath('data.txt').read_text() == 'data of the bundle'
assert 'from the source' in inspect.getsource(module)
assert 'gone' in repr(loader)
module.VALUE = 0
loader.exec_module(module)
assert module.VALUE == 7
";
        py.run(check, Some(&scope), None).unwrap();
        drop(noise);
        forget(py, "gone");
    });
}

#[test]
fn the_hook_alone_follows_the_order_of_sys_path() {
    let _turn = turn();
    Python::attach(|py| {
        let bytes = bundle(py, "hooked", &[("hooked", "VALUE = 5")]);
        let volume = Volume::from_bytes(bytes).unwrap().at("/not/there.bundle");
        let sys = py.import("sys").unwrap();
        let hooks = sys.getattr("path_hooks").unwrap().cast_into::<PyList>().unwrap();
        let path = sys.getattr("path").unwrap().cast_into::<PyList>().unwrap();
        hooks.insert(0, volume.path_hook(py).unwrap()).unwrap();
        assert!(py.import("hooked").is_err());
        path.append("/not/there.bundle").unwrap();
        assert_eq!(value(py, "hooked").unwrap(), 5);
        path.call_method1("remove", ("/not/there.bundle",)).unwrap();
        hooks.del_item(0).unwrap();
        sys.getattr("path_importer_cache").unwrap().call_method0("clear").unwrap();
    });
}
