//! Packages of a volume that are imported from real files, for each way to install a volume.
//!
//! The cache is the test's own directory, given by `INCLUDE_PY_CACHE`.

use include_py::Volume;
use include_py_bundle::{Builder, ModuleKind, NewModule, Packed, Target};
use pyo3::{prelude::*, types::PyDict};

use crate::{code, target, turn};

/// `package` with a module `part` and a file, `space.inner` in a namespace package, all unpacked;
/// and `beside`, which isn't.
fn bundle(py: Python<'_>, target: Target) -> Vec<u8> {
    let mut builder = Builder::new("unpacking", &[target]);
    for (name, path, kind, source) in [
        ("package", "package/__init__.py", ModuleKind::Package, "from . import part\n"),
        ("package.part", "package/part.py", ModuleKind::Module, "VALUE = 1\n"),
        ("space", "space", ModuleKind::Namespace, ""),
        ("space.inner", "space/inner.py", ModuleKind::Module, "VALUE = 2\n"),
        ("beside", "beside.py", ModuleKind::Module, "import package\n"),
    ] {
        let has_code = kind != ModuleKind::Namespace;
        builder.module(NewModule {
            name: name.into(),
            path: path.into(),
            kind,
            code: has_code.then(|| code(py, source).into()).into_iter().collect(),
            source: has_code.then(|| Packed::plain(source.as_bytes())),
        });
    }
    builder.file("package/data.txt", b"content".as_slice());
    builder.unpack("package").unpack("space");
    builder.finish().unwrap()
}

/// Runs `body` after `install` has installed the volume, with `CACHE`, `ROOT` and `volume`'s root
/// in scope.
fn check(target: Target, install: fn(&Volume, Python<'_>) -> PyResult<()>, body: &std::ffi::CStr) {
    Python::attach(|py| {
        let cache = tempfile::tempdir().unwrap();
        let volume = Volume::from_bytes(bundle(py, target)).unwrap().at("/virtual/unpacking");
        let scope = PyDict::new(py);
        scope.set_item("CACHE", cache.path().to_str().unwrap()).unwrap();
        let prepare = c"
import os, sys
os.environ['INCLUDE_PY_CACHE'] = CACHE
before = list(sys.path), list(sys.path_hooks), list(sys.meta_path), sys.dont_write_bytecode
def files():
    return sorted(os.path.join(at, one) for at, _, names in os.walk(CACHE) for one in names)
";
        let clean_up = c"
sys.path[:], sys.path_hooks[:], sys.meta_path[:], sys.dont_write_bytecode = before
for name in ('package', 'package.__init__', 'package.part', 'space', 'space.inner', 'beside'):
    sys.modules.pop(name, None)
sys.path_importer_cache.clear()
del os.environ['INCLUDE_PY_CACHE']
";
        let run = |code| py.run(code, Some(&scope), None);
        let result = run(prepare).and_then(|()| install(&volume, py)).and_then(|()| run(body));
        if let Err(error) = &result {
            error.display(py);
        }
        run(clean_up).unwrap();
        result.unwrap();
    });
}

const IMPORTED: &std::ffi::CStr = c"
import beside
assert beside.__file__ == '/virtual/unpacking/beside.py' and len(files()) == 7, files()
package, part = sys.modules['package'], sys.modules['package.part']
for module in (package, part):
    assert os.path.realpath(module.__file__).startswith(os.path.realpath(CACHE)), module
    assert os.path.isfile(module.__cached__), module.__cached__
    assert type(module.__loader__).__name__ == 'SourceFileLoader'
assert open(os.path.join(package.__path__[0], 'data.txt')).read() == 'content'
import package.__init__ as second
assert second.__file__ == package.__file__

# A namespace package with one portion unpacked and one elsewhere.
elsewhere = os.path.join(CACHE, 'elsewhere')
os.makedirs(os.path.join(elsewhere, 'space'))
open(os.path.join(elsewhere, 'space', 'outer.py'), 'w').write('VALUE = 3')
sys.path.append(elsewhere)
sys.dont_write_bytecode = True
import space.inner, space.outer
assert (space.inner.VALUE, space.outer.VALUE) == (2, 3)
assert [os.path.isdir(path) for path in space.__path__] == [True, True], space.__path__
del sys.modules['space.outer']
";

#[test]
fn from_an_installed_volume() {
    let _turn = turn();
    check(Python::attach(target), Volume::install, IMPORTED);
}

#[test]
fn through_the_path_hook_alone() {
    let _turn = turn();
    let install = |volume: &Volume, py: Python<'_>| {
        let sys = py.import("sys")?;
        sys.getattr("path_hooks")?.call_method1("insert", (0, volume.path_hook(py)?))?;
        sys.getattr("path")?.call_method1("append", (volume.root(),)).map(drop)
    };
    check(Python::attach(target), install, IMPORTED);
}

/// The bytecode's file name contains the level, so Python would write its own file next to it.
#[test]
fn nothing_is_written_for_another_optimisation_level() {
    let _turn = turn();
    let own = Python::attach(target);
    let optimized = Target::new(own.magic(), own.hexversion(), own.marshal_version(), 2);
    check(
        optimized,
        Volume::install,
        c"
sys.dont_write_bytecode = False
import package.part
assert package.part.VALUE == 1
assert len(files()) == 7 and not os.path.exists(package.__cached__), files()
",
    );
}

#[test]
fn an_error_names_module_place_and_variable() {
    let _turn = turn();
    check(
        Python::attach(target),
        Volume::install,
        c"
os.environ['INCLUDE_PY_CACHE'] = '/proc/none'
for name in ('package', 'space'):
    try:
        __import__(name)
    except ImportError as error:
        assert error.name == name and error.path == '/virtual/unpacking', vars(error)
        assert f'module `{name}` of bundle `unpacking` can' in str(error), error
        assert '`/proc/none` can' in str(error) and 'set `INCLUDE_PY_CACHE`' in str(error), error
    else:
        raise AssertionError(name)
# It isn't remembered.
os.environ['INCLUDE_PY_CACHE'] = CACHE
import package
",
    );
}
