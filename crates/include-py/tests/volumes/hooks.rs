//! Import hooks, and code that inspects loaders, see the same as with modules from files.
//!
//! `check(Source::Bundled, c"…")` runs Python code with a package `pkg` in a bundle.

use include_py::Volume;
use include_py_bundle::{Builder, ModuleKind, NewModule, Packed};
use pyo3::{prelude::*, types::PyDict};

use crate::{code_of, target, turn};

/// Whether the bundle has sources in addition to its bytecode.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Bundled,
    Omitted,
}

const MODULES: &[(&str, &str, ModuleKind, &str)] = &[
    ("pkg", "pkg/__init__.py", ModuleKind::Package, "VERSION = 1"),
    ("pkg.user", "pkg/user.py", ModuleKind::Module, "from .__init__ import VERSION"),
    ("pkg.__main__", "pkg/__main__.py", ModuleKind::Module, "RAN = __name__"),
    ("pkg.module", "pkg/module.py", ModuleKind::Module, "def f():\n    return 42\nVALUE = f()\n"),
    ("pkg.sub", "pkg/sub/__init__.py", ModuleKind::Package, ""),
    ("pkg.sub.deep", "pkg/sub/deep.py", ModuleKind::Module, "VALUE = 'deep'"),
    ("pkg.space", "pkg/space", ModuleKind::Namespace, ""),
    ("pkg.space.one", "pkg/space/one.py", ModuleKind::Module, ""),
];

#[test]
fn loaders_behave_like_importlibs_loaders_for_files() {
    check(
        Source::Bundled,
        c"
import importlib.abc, importlib.machinery, pkg.module, pkg.sub
loader = pkg.module.__loader__
assert loader.name == 'pkg.module' and loader.path == pkg.module.__file__
assert isinstance(loader, importlib.machinery.SourceFileLoader)
for kind in ('FileLoader', 'SourceLoader', 'ExecutionLoader', 'InspectLoader', 'ResourceLoader', 'Loader'):
    assert isinstance(loader, getattr(importlib.abc, kind)), kind
assert vars(loader) == {'name': loader.name, 'path': loader.path}
again = importlib.util.find_spec('pkg.module').loader
assert loader == again and hash(loader) == hash(again) and loader is not pkg.sub.__loader__ != loader
assert loader != importlib.machinery.SourceFileLoader('other', loader.path)
assert set(loader.path_stats(loader.path)) == {'mtime', 'size'}
assert loader.path_stats(loader.path)['size'] == len(loader.get_data(loader.path))
assert loader.source_to_code(b'x = 2', '<here>').co_filename == '<here>'
assert loader.get_filename() == loader.get_filename('pkg.module') == loader.path
assert not loader.is_package('pkg.module') and pkg.sub.__loader__.is_package('pkg.sub')
for method in (loader.get_code, loader.get_source, loader.get_filename, loader.is_package):
    try:
        method('pkg.sub')
    except ImportError as error:
        assert error.name == 'pkg.sub' and 'pkg.module' in str(error), error
    else:
        raise AssertionError(method)
loader.set_data(loader.path + 'c', b'is not written')
",
    );
}

/// Some modules of the library are completed when they are loaded. Their loaders mustn't show this.
#[test]
fn loaders_for_files_stay_as_importlib_made_them() {
    check(
        Source::Bundled,
        c"
import importlib.util, pickle, sys
before = sys.modules.pop('linecache', None)
import linecache
if before is not None:
    # `inspect` and others have it, and its cache.
    sys.modules['linecache'] = before
loader = linecache.__loader__
assert type(loader).__name__ == 'SourceFileLoader' and vars(loader) == {'name': 'linecache', 'path': linecache.__file__}
assert pickle.loads(pickle.dumps(loader)) == loader
",
    );
}

#[test]
fn specs_and_loaders_are_copied_and_pickled() {
    check(
        Source::Bundled,
        c"
import copy, pickle, pkg.module
spec = pkg.module.__spec__
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    assert pickle.loads(pickle.dumps(spec, protocol)) == spec
for copied in (copy.copy(spec), copy.deepcopy(spec)):
    assert copied == spec and type(copied.loader) is type(spec.loader)
loader = copy.deepcopy(spec.loader)
assert loader is not spec.loader and loader.get_code('pkg.module') is not None
import pkg.space
for space in (copy.deepcopy(pkg.space.__spec__), pickle.loads(pickle.dumps(pkg.space.__spec__))):
    assert space.name == 'pkg.space' and list(space.submodule_search_locations) == list(pkg.space.__path__)
    assert [one.name for one in space.loader.get_resource_reader('pkg.space').files().iterdir()] == ['one.py']
class Mine(type(loader)):
    pass
assert type(copy.deepcopy(Mine('pkg.module', loader.path))) is Mine
",
    );
}

#[test]
fn the_init_file_is_a_second_module() {
    check(
        Source::Omitted,
        c"
import sys, importlib, pkg.user
second = sys.modules['pkg.__init__']
assert pkg.user.VERSION == second.VERSION == 1 and second is not pkg
assert second.__file__ == pkg.__file__ and not hasattr(second, '__path__')
assert second.__package__ == 'pkg' and second.__name__ == second.__spec__.name == 'pkg.__init__'
import pkg.sub.__init__
assert importlib.import_module('pkg.sub.__init__').__package__ == 'pkg.sub'
assert not second.__loader__.is_package('pkg.__init__')
import pkg.__main__
assert pkg.__main__.RAN == 'pkg.__main__'
try:
    import pkg.module.__init__
except ModuleNotFoundError as error:
    assert 'not a package' in str(error)
else:
    raise AssertionError
",
    );
}

#[test]
fn importlibs_file_loaders_accept_paths_in_the_bundle() {
    let code = c"
import importlib.util, importlib.machinery, io, os, pkg
path = os.path.join(os.path.dirname(pkg.__file__), 'module.py')
spec = importlib.util.spec_from_file_location('elsewhere', path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
assert module.VALUE == 42 and module.__file__ == path == module.f.__code__.co_filename
scope = {}
exec(importlib.machinery.SourceFileLoader('other', path).get_code('other'), scope)
assert scope['VALUE'] == 42
class Changing(importlib.machinery.SourceFileLoader):
    def get_data(self, path):
        asked.append(os.path.basename(path))
        return super().get_data(path).replace(b'42', b'43')
asked = []
code = Changing('other', path).get_code('other')
scope = {}
exec(code, scope)
assert code.co_filename == path
cached = os.path.basename(importlib.util.cache_from_source(path))
has_source = pkg.__loader__.get_source('pkg') is not None
assert (scope['VALUE'], asked) == ((43, [cached, 'module.py']) if has_source else (42, [cached])), asked
import runpy
assert runpy.run_path(path)['VALUE'] == 42
for absent, kind in (('absent.py', FileNotFoundError), ('module.py/x', NotADirectoryError if has_source else FileNotFoundError)):
    try:
        runpy.run_path(os.path.join(os.path.dirname(path), absent))
    except OSError as error:
        assert type(error) is kind and error.filename.endswith(absent), error
    else:
        raise AssertionError
import sys, warnings
sys.modules.pop('importlib.abc', None)
with warnings.catch_warnings():
    # The importer must not ask for deprecated names, which warn.
    warnings.simplefilter('error')
    import importlib.abc
";
    check(Source::Bundled, code);
    check(Source::Omitted, code);
    check(
        Source::Bundled,
        c"
import importlib.machinery, os, pkg, runpy
path = os.path.join(os.path.dirname(pkg.__file__), 'module.py')
assert importlib.machinery.SourceFileLoader('x', path).get_source('x').startswith('def f()')
assert runpy.run_path(path)['VALUE'] == 42
ran = runpy.run_path(os.path.dirname(path))
assert ran['RAN'] == '<run_path>' and ran['__file__'].endswith('__main__.py')
assert importlib.machinery.SourceFileLoader('x', os.path.join(os.path.dirname(path), 'absent.py')).path
try:
    importlib.machinery.SourceFileLoader('x', path.replace('module', 'absent')).get_code('x')
except FileNotFoundError as error:
    assert error.filename.endswith('absent.py')
else:
    raise AssertionError
",
    );
}

const TRANSFORMING: &str = "
import importlib, importlib.machinery, sys
class Hooked(importlib.machinery.SourceFileLoader):
    def source_to_code(self, data, path, *, _optimize=-1):
        return super().source_to_code(data + b'\\nHOOKED = __name__\\n', path)
";

#[test]
fn a_finder_may_replace_the_loader() {
    check(
        Source::Bundled,
        c"
class Finder:
    def find_spec(self, name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Hooked(spec.loader.name, spec.loader.path)
        return spec
finder = Finder()
sys.meta_path.insert(0, finder)
try:
    import pkg.sub.deep
    assert pkg.HOOKED == 'pkg' and pkg.sub.deep.HOOKED == 'pkg.sub.deep'
    assert type(pkg.__loader__) is Hooked and pkg.__path__ == pkg.__spec__.submodule_search_locations
    import importlib.resources
    assert importlib.resources.files(pkg).joinpath('data.txt').read_text() == 'data of pkg'
finally:
    sys.meta_path.remove(finder)
",
    );
}

#[test]
fn a_path_hook_may_stand_before_the_bundles() {
    check(
        Source::Bundled,
        c"
details = Hooked, importlib.machinery.SOURCE_SUFFIXES
sys.path_hooks.insert(0, importlib.machinery.FileFinder.path_hook(details))
sys.path_importer_cache.clear()
try:
    import pkg.sub.deep
    assert pkg.HOOKED == 'pkg' and pkg.sub.deep.HOOKED == 'pkg.sub.deep'
    assert importlib.util.find_spec('pkg.absent') is None
finally:
    del sys.path_hooks[0]
    sys.path_importer_cache.clear()
",
    );
    // A hook directly before the standard one, as beartype inserts it.
    check(
        Source::Bundled,
        c"
details = Hooked, importlib.machinery.SOURCE_SUFFIXES
place = len(sys.path_hooks) - 1
assert sys.path_hooks[place].__name__ == 'path_hook_for_FileFinder'
sys.path_hooks.insert(place, importlib.machinery.FileFinder.path_hook(details))
sys.path_importer_cache.clear()
try:
    import pkg.sub.deep
    assert pkg.HOOKED == 'pkg' and pkg.sub.deep.HOOKED == 'pkg.sub.deep'
finally:
    del sys.path_hooks[place]
    sys.path_importer_cache.clear()
",
    );
    // A hook that ignores the bundle changes nothing.
    check(
        Source::Bundled,
        c"
def elsewhere(path):
    asked.append(path)
    raise ImportError
asked = []
sys.path_hooks.insert(0, elsewhere)
try:
    import pkg.module
    assert pkg.module.VALUE == 42 and asked
    assert type(pkg.module.__loader__).__name__ == 'BundleLoader'
finally:
    del sys.path_hooks[0]
    sys.path_importer_cache.clear()
",
    );
}

#[test]
fn methods_of_importlib_may_be_replaced() {
    check(
        Source::Bundled,
        c"
import pkg.space.one  # what is known of the class from now on must not be believed later
Loader = importlib.machinery.SourceFileLoader
def code(self, data, path, *, _optimize=-1):
    return original(self, data + b'\\nHOOKED = 1\\n', path)
original = Loader.source_to_code
Loader.source_to_code = code
try:
    import pkg.module
    assert pkg.module.HOOKED == 1
finally:
    del Loader.source_to_code
def execute(self, module):
    original(self, module)
    module.EXECUTED = True
original = Loader.exec_module
Loader.exec_module = execute
try:
    import pkg.sub
    assert pkg.sub.EXECUTED and not hasattr(pkg.sub, 'HOOKED')
finally:
    del Loader.exec_module
class Mine(type(pkg.__loader__)):
    def get_code(self, fullname):
        code = super().get_code(fullname)
        return code.replace(co_consts=tuple(43 if one == 'deep' else one for one in code.co_consts))
spec = importlib.util.find_spec('pkg.sub.deep')
spec.loader = Mine(spec.loader.name, spec.loader.path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
assert module.VALUE == 43, module.VALUE
",
    );
}

/// Without the error, Python would run the bytecode and the hook would have no effect.
#[test]
fn a_hook_that_needs_absent_source_raises_an_error_with_help() {
    check(
        Source::Omitted,
        c"
import pkg
try:
    Hooked('pkg.module', pkg.__path__[0] + '/module.py').get_code('pkg.module')
except FileNotFoundError as error:
    assert 'Bundle::include_source(true)' in str(error) and '`hooks`' in str(error), error
else:
    raise AssertionError
assert pkg.__loader__.get_source('pkg') is None
",
    );
}

#[test]
fn finders_and_hooks_have_the_attributes_of_importlibs() {
    check(
        Source::Omitted,
        c"
import pkgutil, pkg
hook = next(hook for hook in sys.path_hooks if type(hook).__name__ == 'BundleHook')
assert hook.__name__ == hook.__qualname__ and isinstance(hook.__name__, str)
finder = pkgutil.get_importer(pkg.__path__[0])
assert finder.path == pkg.__path__[0] and finder.invalidate_caches() is None
assert [name for name, _ in finder.iter_modules('pkg.')][:2] == ['pkg.__main__', 'pkg.module']
assert finder.find_spec('pkg.absent') is None
import importlib.abc
assert isinstance(finder, importlib.abc.PathEntryFinder)
own = next(one for one in sys.meta_path if type(one).__name__ == 'BundleFinder')
assert isinstance(own, importlib.abc.MetaPathFinder)
import importlib.resources.abc
assert isinstance(pkg.__loader__.get_resource_reader('pkg'), importlib.resources.abc.TraversableResources)
assert finder.find_spec('pkg.module').loader == importlib.util.find_spec('pkg.module').loader
",
    );
}

fn check(source: Source, code: &std::ffi::CStr) {
    let _turn = turn();
    Python::attach(|py| {
        let mut builder = Builder::new("hooks", &[target(py)]);
        for &(name, path, kind, text) in MODULES {
            let packed = (kind != ModuleKind::Namespace && source == Source::Bundled)
                .then(|| Packed::plain(text.as_bytes()));
            builder.module(NewModule {
                name: name.into(),
                path: path.into(),
                kind,
                code: match kind {
                    ModuleKind::Namespace => Vec::new(),
                    _ => vec![code_of(py, text, path).into()],
                },
                source: packed,
            });
        }
        builder.file("pkg/data.txt", b"data of pkg".as_slice());
        let volume = Volume::from_bytes(builder.finish().unwrap()).unwrap();
        volume.install(py).unwrap();
        let scope = PyDict::new(py);
        scope.set_item("__name__", "hooks_test").unwrap();
        let prepare = std::ffi::CString::new(TRANSFORMING).unwrap();
        let result =
            py.run(&prepare, Some(&scope), None).and_then(|()| py.run(code, Some(&scope), None));
        if let Err(error) = &result {
            error.display(py);
        }
        let forget = c"
import sys
for name in [name for name in sys.modules if name.partition('.')[0] in ('pkg', 'include_py')]:
    del sys.modules[name]
";
        py.run(forget, None, None).unwrap();
        volume.uninstall(py).unwrap();
        result.unwrap();
    });
}
