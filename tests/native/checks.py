"""Checks that extension modules in a bundle behave as from files, without being in files.

`checks.main()` runs the functions that the command line names, or every one whose name begins with `check_`.
"""

import ctypes
import importlib.machinery
import importlib.resources
import importlib.util
import os
import pkgutil
import subprocess
import sys
import threading


def main():
    import app

    names = [name for name in sorted(globals()) if name.startswith("check_")]
    for name in sys.argv[1:] or names:
        globals()[name](app)
    print("checked")


def check_names(app):
    from app import _multi, _single

    root = os.path.dirname(app.__file__)
    for module in (_multi, _single):
        name = module.__name__
        file = module.__file__
        assert os.path.dirname(file) == root and not os.path.exists(file), file
        assert module.__spec__.origin == module.__loader__.path == file and module.__spec__.has_location
        assert type(module.__loader__) is importlib.machinery.ExtensionFileLoader
        assert module.__spec__.cached is None and not hasattr(module, "__cached__")
        assert repr(module) == f"<module {name!r} from {file!r}>", module
        assert module.__loader__.get_source(name) is None and module.__loader__.get_code(name) is None
        assert not module.__loader__.is_package(name)
    assert _multi.KIND == "multi-phase"
    listed = {(one.name, one.ispkg) for one in pkgutil.iter_modules(app.__path__)}
    assert {("_multi", False), ("_single", False), ("deep", True)} <= listed, listed
    assert (importlib.resources.files(app) / "libinner.so.1").read_bytes()[:4] == b"\x7fELF"


def check_one_library_for_both(app):
    from app import _multi, _single

    before = _multi.value()
    assert _single.count()[1] == before + 10 and _multi.value() == before + 20


def check_imported_again(app):
    from app import _multi, _single

    for name, old in (("app._multi", _multi), ("app._single", _single)):
        del sys.modules[name]
        new = importlib.import_module(name)
        assert new.__file__ == old.__file__
        assert new is not old
    # A single-phase module isn't initialised again, but gets the attributes that it had
    # (`import.c: reload_singlephase_extension`, 3.13).
    again = sys.modules["app._single"]
    assert again.count is _single.count and again.count()[0] == 1
    by_path = importlib.util.spec_from_file_location("app._multi", _multi.__file__)
    assert importlib.util.module_from_spec(by_path).value() == _multi.value() - 10


def check_descriptors(app):
    # Programs close descriptors that they don't know. Then another file may get the same number.
    os.closerange(3, 1024)
    from app.deep import _multi as first

    os.closerange(3, 1024)
    from app.deep.inner import _multi as second

    assert first.__file__ != second.__file__ and first.KIND == second.KIND == "multi-phase"
    assert len(os.listdir("/proc/self/fd")) <= 4, os.listdir("/proc/self/fd")


def check_machine_code_comes_first(app):
    import app.both

    assert app.both.KIND == "multi-phase" and app.both.__file__.endswith(".so")
    import app.package.inside

    assert app.package.__path__ == [os.path.join(os.path.dirname(app.__file__), "package")]
    assert app.package.__spec__.submodule_search_locations == app.package.__path__
    assert app.package.KIND == "multi-phase" and app.package.inside.VALUE == 1


def check_left_out(app):
    for name, file, reason in (
        ("app._old", "app/_old.cpython-38-x86_64-linux-gnu.so", "it is for CPython 3.8, and"),
        ("app._cut", "app/_cut.abi3.so", "it is truncated or damaged"),
        ("app._other", "app/_other.abi3.so", "it is for aarch64, and the program is for x86_64"),
    ):
        for statement in (f"import {name}", f"from app import {name[4:]}"):
            try:
                exec(statement)
            except ImportError as error:
                assert not isinstance(error, ModuleNotFoundError)
                start = f"module `{name}` isn't in bundle `app`: its file `{file}` was left out when"
                assert str(error).startswith(start) and reason in str(error), error
                assert "install the package again" in str(error), error
                assert error.name == name and error.path.endswith(file), error.path
            else:
                raise AssertionError(name)
    try:
        import app._old_but_pure
    except ImportError:
        raise AssertionError("the Python module beside it is what import takes") from None


def check_broken(app):
    for name, message in (
        ("app._unresolved", "undefined symbol: nobody_has_this"),
        ("app._no_init", "PyInit__no_init)"),
    ):
        for _ in range(2):
            try:
                importlib.import_module(name)
            except ImportError as error:
                assert message in str(error), error
                assert "/proc/" not in str(error) and "/proc/" not in error.path, (error, error.path)
                assert name in (error.name, "app." + str(error.name)), error.name
            else:
                raise AssertionError(name)


def check_ctypes(app):
    path = os.path.join(os.path.dirname(app.__file__), "libinner.so.1")
    from app import _multi

    before = _multi.value()
    # The same library that the modules use.
    assert ctypes.CDLL(path).inner_count() == before + 10
    assert ctypes.CDLL(os.path.join(os.path.dirname(app.__file__), "libs", "libleaf.so")).leaf(7) == 70
    for absent in (path + ".2", os.path.dirname(path)):
        try:
            ctypes.CDLL(absent)
        except OSError:
            pass
        else:
            raise AssertionError(absent)
    ctypes.CDLL(None).getpid


def check_copied_library(app):
    from app import _multi

    before = _multi.value()
    with importlib.resources.as_file(importlib.resources.files(app) / "libinner.so.1") as copy:
        # The libraries that it needs aren't next to the copy.
        assert os.path.isfile(copy) and ctypes.CDLL(str(copy)).inner_count() == before + 10
    assert not os.path.exists(copy)


def check_copied_directory(app):
    from app import _multi

    before = _multi.value()
    with importlib.resources.as_file(importlib.resources.files(app)) as copy:
        # The same library, although the copy would load, too.
        assert ctypes.CDLL(str(copy / "libinner.so.1")).inner_count() == before + 10


def beside_libraries_in_files(app):
    """Isn't one of the checks in which nothing is written."""
    from app import _multi
    from app.placed import _multi as placed

    # Its other library must be a file, while this one is the same as before.
    before = _multi.value()
    assert placed.value() == before + 10 and placed.__file__.startswith(os.path.dirname(app.__file__))
    with open("/proc/self/maps") as maps:
        mapped = {line.split(maxsplit=5)[-1].strip() for line in maps if ".so" in line}
    ends = ("/app/placed/libplaced.so", "/app/placed/_multi.abi3.so")
    assert all(any(name.endswith(end) for name in mapped) for end in ends), mapped
    inner = [name for name in mapped if "libinner" in name]
    assert inner and all(name.startswith("/memfd:") for name in inner), inner


def check_threads(app):
    names = ["app.threads._multi", "app.threads._single"]
    found = []
    start = threading.Barrier(8)

    def run(number):
        start.wait(20)
        found.append(importlib.import_module(names[number % 2]))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 8 and len({id(module) for module in found}) == 2


def check_constructor(app):
    from app import _constructs, _multi

    imported, count = _constructs.value()
    assert imported and "app.constructed._multi" in sys.modules
    # The module that the constructor imports needs the same library.
    assert _multi.value() == count + 10 and sys.modules["app.constructed._multi"].value() == count + 20


def check_fork(app):
    child = os.fork()
    if child == 0:
        from app.forked import _multi

        os._exit(0 if _multi.value() > 0 else 1)
    assert os.waitpid(child, 0)[1] == 0


def check_other_processes(app):
    code = "from app import _multi; print(_multi.KIND)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.stdout == "multi-phase\n", run
