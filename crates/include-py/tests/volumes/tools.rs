//! The behaviour of `traceback`, `linecache`, `inspect`, `pdb` and `doctest` for a module with its
//! source and for one without.
//!
//! | tool | with source | without |
//! |---|---|---|
//! | `traceback` | file, line and text | file and line |
//! | `inspect.getsource` | the text | `OSError`, as for a lone `.pyc` |
//! | `doctest` | runs the examples, knows their lines | runs the examples |

use include_py::{FileNames, Volume};
use include_py_bundle::{Builder, ModuleKind, NewModule, Packed};
use pyo3::{prelude::*, types::PyDict};

use crate::{code_of, forget, target, turn};

const SOURCE: &str = r"'''
>>> double(21)
42
'''

def double(value):
    '''Twice as much.

    >>> double('a')
    'aa'
    '''
    return value * 2


def fail():
    raise ValueError('on purpose')


class Thing:
    size = 3

    def method(self):
        return self.size
";

#[test]
fn with_source() {
    check(
        Some(SOURCE),
        c"
text = ''.join(traceback.format_exception(error))
assert 'File \"pkg/tool.py\", line 16, in fail' in text, text
assert 'raise ValueError' in text, text
assert inspect.getsource(tool.double).startswith('def double(value):')
assert inspect.getsource(tool.Thing.method).strip().startswith('def method')
assert inspect.getsource(tool) == SOURCE
assert inspect.getsourcefile(tool) == inspect.getfile(tool) == tool.__file__
assert inspect.getsourcelines(tool.Thing)[1] == 19
assert linecache.getline(tool.__file__, 16, vars(tool)).strip().startswith('raise')
listing = debug('l 12, 13', 'll')
assert \"def fail():\" in listing and \"raise ValueError('on purpose')\" in listing, listing
finder = doctest.DocTestFinder()
lines = sorted(test.lineno for test in finder.find(tool, 'tool') if test.examples)
assert lines[0] == 0 and lines[1] in (5, 6), lines
results = doctest.testmod(tool)
assert (results.failed, results.attempted) == (0, 2), results
",
    );
}

#[test]
fn without_source() {
    check(
        None,
        c"
text = ''.join(traceback.format_exception(error))
assert 'File \"pkg/tool.py\", line 16, in fail' in text, text
assert 'raise ValueError' not in text, text
for what in (tool, tool.double, tool.Thing):
    try:
        inspect.getsource(what)
    except OSError as refused:
        assert 'source code not available' in str(refused) or 'could not' in str(refused), refused
    else:
        raise AssertionError(what)
assert inspect.getfile(tool) == tool.__file__ and inspect.getdoc(tool.double).startswith('Twice as much.\\n')
assert linecache.getline(tool.__file__, 16, vars(tool)) == ''
assert tool.__loader__.get_source('pkg.tool') is None
listing = debug('l', 'p error_value' , 'w')
assert 'pkg/tool.py(16)fail()' in listing and 'on purpose' not in listing, listing
results = doctest.testmod(tool)
assert (results.failed, results.attempted) == (0, 2), results
",
    );
}

#[test]
fn with_virtual_file_names() {
    check_named(
        Some(SOURCE),
        FileNames::Virtual,
        c"
assert tool.fail.__code__.co_filename == tool.Thing.method.__code__.co_filename == tool.__file__
text = ''.join(traceback.format_exception(error))
assert f'File \"{tool.__file__}\", line 16, in fail' in text and 'raise ValueError' in text, text
frame = error.__traceback__.tb_next.tb_frame
assert inspect.getmodule(frame) is tool
assert inspect.getsource(frame).startswith('def fail')
assert inspect.getsource(tool.double.__code__).startswith('def double')
assert tool.__loader__.get_code('pkg.tool').co_filename == tool.__file__
linecache.clearcache()
assert linecache.getline(tool.__file__, 16).strip().startswith('raise'), 'without globals'
import importlib, sys
del sys.modules['linecache']
anew = importlib.import_module('linecache')
sys.modules['linecache'] = linecache
assert anew is not linecache and anew.getline(tool.__file__, 16).strip().startswith('raise')
assert anew.getlines(tool.__file__) == inspect.getsource(tool).splitlines(keepends=True)
",
    );
}

/// Runs `code` with the module `tool`, an error that was raised in it, and `debug`, which runs
/// `pdb` commands after that error.
fn check(source: Option<&str>, code: &std::ffi::CStr) {
    check_named(source, FileNames::Built, code);
}

fn check_named(source: Option<&str>, names: FileNames, code: &std::ffi::CStr) {
    let _turn = turn();
    Python::attach(|py| {
        let mut builder = Builder::new("tools", &[target(py)]);
        for (name, path, kind, text, source) in [
            ("pkg", "pkg/__init__.py", ModuleKind::Package, "", None),
            ("pkg.tool", "pkg/tool.py", ModuleKind::Module, SOURCE, source),
        ] {
            builder.module(NewModule {
                name: name.into(),
                path: path.into(),
                kind,
                code: vec![code_of(py, text, path).into()],
                source: source.map(|source| Packed::plain(source.as_bytes())),
            });
        }
        let volume = Volume::from_bytes(builder.finish().unwrap()).unwrap().file_names(names);
        volume.install(py).unwrap();
        let scope = PyDict::new(py);
        scope.set_item("SOURCE", SOURCE).unwrap();
        let prepare = c"
import doctest, inspect, io, linecache, pdb, traceback
from pkg import tool
linecache.clearcache()
try:
    tool.fail()
except ValueError as caught:
    error = caught

def debug(*commands):
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO('\\n'.join(commands) + '\\nq\\n'), stdout=out, nosigint=True)
    debugger.use_rawinput = False
    debugger.reset()
    debugger.interaction(None, error.__traceback__)
    return out.getvalue()
";
        let result =
            py.run(prepare, Some(&scope), None).and_then(|()| py.run(code, Some(&scope), None));
        if let Err(error) = &result {
            error.display(py);
        }
        forget(py, "pkg.tool");
        forget(py, "pkg");
        volume.uninstall(py).unwrap();
        result.unwrap();
    });
}
