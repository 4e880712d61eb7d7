"""What code that deals in paths may rely on where files are served, each checked from inside (see ../files.rs)."""

import builtins
import errno
import glob
import importlib.machinery
import importlib.metadata
import importlib.resources
import importlib.util
import inspect
import io
import linecache
import pickle
import os
import pathlib
import py_compile
import runpy
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import tokenize

import specimen.module

DATA = os.path.join(os.path.dirname(specimen.module.__file__), "data")
TEXT = os.path.join(DATA, "text.txt")
CONTENT = "text of the resource\nsecond line \u00e9\n"


def raises(kind, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except kind as error:
        return error
    raise AssertionError(f"{function} did not raise {kind}")


def text_is_read():
    with open(TEXT) as stream:
        assert isinstance(stream, io.TextIOWrapper) and (stream.name, stream.mode) == (TEXT, "r")
        assert list(stream) == CONTENT.splitlines(True)
    assert stream.closed
    with open(file=TEXT, mode="rt", encoding="latin-1", newline="") as stream:
        assert stream.read().endswith("\u00c3\u00a9\n")
    with io.open(TEXT, "r", -1, "ascii", "replace") as stream:
        assert stream.read().endswith("line \ufffd\ufffd\n")


def bytes_are_read():
    path = os.path.join(DATA, "nested", "bytes.bin")
    with open(path, "rb") as stream:
        assert isinstance(stream, io.BufferedReader) and (stream.name, stream.mode) == (path, "rb")
        assert stream.peek()[:1] == b"\0" and stream.read(1) == b"\0"
        stream.seek(-1, os.SEEK_END)
        assert stream.read() == b"\xff" and not stream.writable()
        assert os.fstat(stream.fileno()).st_size == 3
    with open(path, "rb", 0) as stream:
        assert stream.read() == b"\x00\x01\xff"
    raises(ValueError, open, path, "r", 0)


def paths_are_spelled_in_many_ways():
    spellings = [
        os.fsencode(TEXT),
        pathlib.Path(TEXT),
        os.path.join(DATA, "nested", "..", "text.txt"),
        os.path.join(DATA, ".", "", "text.txt"),
        os.path.realpath(TEXT),
    ]
    for path in spellings:
        with open(path, encoding="utf-8") as stream:
            assert stream.read() == CONTENT, path
        assert os.path.isfile(path) and os.path.samefile(path, TEXT)


def errors_are_those_of_files():
    absent = os.path.join(DATA, "absent")
    for function in (open, os.stat, os.lstat, os.listdir, os.scandir):
        error = raises(FileNotFoundError, function, absent)
        assert error.filename == absent and error.strerror == os.strerror(errno.ENOENT)
        raises(NotADirectoryError, function, os.path.join(TEXT, "below"))
    raises(NotADirectoryError, os.listdir, TEXT)
    raises(IsADirectoryError, open, DATA)
    raises(ValueError, open, TEXT, "rr+q")
    # Out of the bundle again, below the executable: that is no directory.
    raises(NotADirectoryError, os.stat, os.path.join(DATA, *[".."] * 4, "x"))


def nothing_can_be_written():
    absent, far = os.path.join(DATA, "absent"), os.path.join(DATA, "absent", "x")
    for mode in ("w", "a", "r+", "wb"):
        assert raises(OSError, open, TEXT, mode).errno == errno.EROFS
    assert raises(OSError, open, absent, "x").errno == errno.EROFS
    assert os.access(TEXT, os.F_OK) and os.access(TEXT, os.R_OK) and os.access(DATA, os.R_OK | os.X_OK)
    assert not os.access(TEXT, os.W_OK) and not os.access(TEXT, os.X_OK) and not os.access(DATA, os.W_OK)
    assert not os.access(os.path.join(DATA, "absent"), os.F_OK)
    path = pathlib.Path(TEXT)
    refused = [
        (lambda: os.chmod(TEXT, 0o600), TEXT, None),
        (lambda: os.chown(TEXT, 0, 0), TEXT, None),
        (lambda: os.utime(path), TEXT if sys.version_info >= (3, 13) else None, None),
        (lambda: os.truncate(path, 0), TEXT, None),
        (lambda: os.remove(TEXT), TEXT, None),
        (lambda: os.unlink(path), TEXT, None),
        (lambda: os.rmdir(DATA), DATA, None),
        (lambda: os.mkdir(absent), absent, None),
        (lambda: os.mkfifo(absent), absent, None),
        (lambda: os.rename(TEXT, absent), TEXT, absent),
        (lambda: os.replace(TEXT, absent), TEXT, absent),
        (lambda: os.link(TEXT, absent), TEXT, absent),
        (lambda: os.symlink("anything", absent), "anything", absent),
        (lambda: os.open(TEXT, os.O_RDWR), TEXT, None),
        (lambda: os.open(absent, os.O_WRONLY | os.O_CREAT), absent, None),
        (lambda: path.write_text("x"), TEXT, None),
    ]
    for place, (function, one, other) in enumerate(refused):
        error = raises(OSError, function)
        assert (error.errno, error.strerror) == (errno.EROFS, os.strerror(errno.EROFS)), (place, error)
        assert (error.filename, error.filename2) == (one, other), (place, error)
    for function in (os.mkdir, lambda path: open(path, "w"), lambda path: os.rename(TEXT, path)):
        raises(FileNotFoundError, function, far)
    # As in a directory that can be written, and unlike Linux: code that tidies up expects it.
    for function in (os.remove, os.unlink, os.rmdir, os.chmod, lambda path: os.rename(path, TEXT)):
        for name in (absent, far):
            raises(FileNotFoundError, function, name, *([0o600] if function is os.chmod else []))
    pathlib.Path(absent).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        other = os.path.join(directory, "x")
        error = raises(OSError, os.rename, TEXT, other)
        assert (error.errno, error.filename, error.filename2) == (errno.EXDEV, TEXT, other)
        assert raises(OSError, shutil.move, TEXT, other).errno == errno.EROFS and os.path.exists(TEXT)
    assert raises(OSError, shutil.rmtree, DATA).errno == errno.EROFS and os.path.exists(TEXT)


def a_directory_and_its_copy_are_alike():
    import importlib.resources

    import file_differences

    lines = file_differences.differences(importlib.resources.files("specimen") / "data")
    assert not lines, "\n".join(lines)


def no_function_that_takes_a_path_is_forgotten():
    # As docs/guide/files.md has them, which aren't served.
    left_out = {"chroot", "execv", "execve", "posix_spawn", "posix_spawnp", "startfile", "add_dll_directory", "statx"}
    # Take descriptors by these names, or open nothing.
    pathless = {"copy_file_range", "fspath", "splice"}
    for name in sorted(vars(os)):
        function = getattr(os, name)
        if name.startswith("_") or not inspect.isbuiltin(function):
            continue
        try:
            parameters = set(inspect.signature(function).parameters)
        except ValueError:
            continue
        if parameters & {"path", "src", "dst", "file", "program"} and name not in left_out | pathless:
            # The system's own are of the module `posix`.
            assert function.__module__ == "os", f"os.{name}{inspect.signature(function)} is not served"


def what_the_system_opens_is_an_error_that_names_the_path():
    for error in (
        raises(NotADirectoryError, subprocess.run, ["true"], cwd=DATA),
        raises(NotADirectoryError, subprocess.run, [TEXT]),
        raises(NotADirectoryError, os.execv, TEXT, ["text"]),
    ):
        assert error.filename in (DATA, TEXT, None), error
    link = os.path.join(tempfile.mkdtemp(), "link")
    os.symlink(TEXT, link)
    assert raises(NotADirectoryError, open, link).filename == link
    shutil.rmtree(os.path.dirname(link))


def stat_tells_kind_size_and_time():
    file, directory = os.stat(TEXT), os.lstat(DATA)
    assert stat.filemode(file.st_mode) == "-rw-r--r--" and stat.filemode(directory.st_mode) == "drwxr-xr-x"
    assert file.st_size == os.path.getsize(TEXT) == len(CONTENT.encode())
    assert file.st_ino == os.stat(TEXT).st_ino != directory.st_ino
    executable = os.stat(sys.executable)
    assert file.st_mtime_ns == executable.st_mtime_ns and os.path.getmtime(TEXT) == executable.st_mtime
    assert file[stat.ST_MTIME] == int(file.st_mtime)
    assert (file.st_blksize, file.st_blocks, file.st_rdev, directory.st_blocks) == (4096, 1, 0, 0)
    assert not os.path.islink(TEXT) and os.path.exists(DATA) and os.path.isdir(DATA)


def directories_are_listed():
    assert os.listdir(DATA) == ["nested", "text.txt"] and os.listdir(path=os.fsencode(DATA)) == [b"nested", b"text.txt"]
    with os.scandir(DATA) as entries:
        nested, text = entries
    assert nested.is_dir() and not nested.is_file() and not nested.is_symlink()
    assert (text.name, text.path, os.fspath(text)) == ("text.txt", TEXT, TEXT)
    assert text.inode() == text.stat().st_ino == os.stat(TEXT).st_ino
    assert repr(text) == "<DirEntry 'text.txt'>"
    with os.scandir(DATA) as entries:
        next(entries)
    assert list(entries) == []
    walked = [(os.path.relpath(top, DATA), directories, files) for top, directories, files in os.walk(DATA)]
    assert walked == [(".", ["nested"], ["text.txt"]), ("nested", [], ["bytes.bin"])], walked


def a_raw_stream_serves_many_threads():
    """Its lock isn't held while Python runs; with a descriptor, each call does."""
    with open(TEXT, "rb", 0) as stream:
        numbers = in_threads(8, stream.fileno)
        assert len(set(numbers)) == 1 and os.fstat(numbers[0]).st_size == len(CONTENT.encode())
        lines = in_threads(4, stream.readline)
        # A raw file reads a line byte by byte, and threads share its position: each byte comes once, in some line.
        assert sorted(b"".join(lines)) == sorted(CONTENT.encode())


def in_threads(count, function):
    results = []
    threads = [threading.Thread(target=lambda: results.append(function()), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return results


def the_library_works_on_it():
    assert sorted(glob.glob(os.path.join(DATA, "**"), recursive=True))[-1] == TEXT
    path = pathlib.Path(DATA)
    assert sorted(child.name for child in path.iterdir()) == ["nested", "text.txt"]
    assert [child.name for child in path.rglob("*.bin")] == ["bytes.bin"]
    assert (path / "text.txt").read_text("utf-8") == CONTENT and path.resolve() == path
    with tempfile.TemporaryDirectory() as directory:
        shutil.copy(TEXT, directory)
        shutil.copytree(DATA, os.path.join(directory, "tree"))
        assert sorted(os.listdir(os.path.join(directory, "tree"))) == ["nested", "text.txt"]
        assert stat.filemode(os.stat(os.path.join(directory, "tree", "nested")).st_mode) == "drwxr-xr-x"


def real_files_are_as_before():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "file")
        with open(path, "w") as stream:
            stream.write("x")
        with open(os.open(path, os.O_RDONLY)) as stream:
            assert stream.read() == "x" and os.stat(stream.fileno()).st_size == 1
        assert os.listdir(directory) == ["file"] and isinstance(next(os.scandir(directory)), os.DirEntry)
        descriptor = os.open(directory, os.O_RDONLY)
        assert os.stat("file", dir_fd=descriptor).st_size == 1 and os.listdir(descriptor) == ["file"]
        os.close(descriptor)
        raises(FileNotFoundError, open, os.path.join(directory, "absent"))
    raises(TypeError, open)
    raises(TypeError, open, None)
    raises(TypeError, os.stat, 1.5)


def the_functions_look_like_the_old_ones():
    assert open is builtins.open is io.open and type(open) is type(len) and open.__name__ == "open"
    assert {os.stat, os.access} <= os.supports_dir_fd and os.scandir in os.supports_fd
    assert shutil.rmtree.avoids_symlink_attacks
    # As functions of a module: `pool.map(os.stat, paths)` pickles them by name.
    for function in (os.stat, os.remove, os.listdir, open, os.path.realpath):
        assert pickle.loads(pickle.dumps(function)) is function and inspect.ismodule(function.__self__), function
    assert inspect.getfullargspec(os.stat).args == ["path"]
    assert str(inspect.signature(os.stat)) == "(path, *, dir_fd=None, follow_symlinks=True)"


def a_bundle_without_sources_has_compiled_files():
    # As a directory that `python -m compileall -b` has compiled, without its sources.
    root = os.path.join(sys.executable, "bare")
    package = os.path.join(root, "specimen")
    names = os.listdir(package)
    assert {"__init__.pyc", "module.pyc", "latin.pyc", "data"} <= set(names) and len(names) == len(set(names)), names
    assert not [name for name in names if name.endswith(".py")], names
    found = {os.path.join(top, name) for top, _, files in os.walk(root) for name in files}
    error = raises(FileNotFoundError, open, os.path.join(package, "module.py"))
    assert "with_source" in error.__notes__[0] and '"specimen"' in error.__notes__[0], error.__notes__
    assert not hasattr(raises(FileNotFoundError, open, os.path.join(package, "absent.py")), "__notes__")
    # Some packages find their directory in this way.
    loader = importlib.machinery.PathFinder.find_spec("specimen", [root]).loader
    resource = loader.get_resource_reader("specimen").files() / "__init__.py"
    for reads in (resource.read_bytes, importlib.resources.as_file(resource).__enter__):
        error = raises(FileNotFoundError, reads)
        assert "with_source" in error.__notes__[0], error.__notes__
    module, deep = os.path.join(package, "module.pyc"), os.path.join(package, "sub", "deep.pyc")
    assert {module, deep} <= found and found == {str(one) for one in pathlib.Path(root).rglob("*") if one.is_file()}
    assert os.path.getsize(module) == len(pathlib.Path(module).read_bytes()) and not os.path.exists(module[:-1])
    lone = importlib.machinery.SourcelessFileLoader("lone", module).get_code("lone")
    for path in (module, module[:-1]):
        assert runpy.run_path(path)["__doc__"] == specimen.module.__doc__ == lone.co_consts[0]
    error = raises(FileNotFoundError, runpy.run_path, os.path.join(package, "absent.py"))
    assert error.filename == os.path.join(package, "absent.py")
    with tempfile.TemporaryDirectory() as directory:
        copy = os.path.join(directory, "specimen")
        shutil.copytree(package, copy)
        finder = importlib.machinery.PathFinder.find_spec("specimen", [directory])
        assert finder.origin == os.path.join(copy, "__init__.pyc") and finder.loader.get_code("specimen")


def collection_is_as_usual():
    # Not about files: the program of these tests has asked for it.
    import gc

    import specimen.collecting

    assert specimen.collecting.THRESHOLD == gc.get_threshold()


def source_is_still_found():
    with tokenize.open(specimen.module.__file__) as stream:
        assert stream.readline().startswith('"""A module')
    linecache.clearcache()
    assert "raise ValueError" in inspect.getsource(specimen.module.fail)
    assert linecache.getline(specimen.module.__file__, 1).startswith('"""A module')


def code_is_compiled_and_run_by_its_path():
    path = specimen.module.__file__
    scope = {"__name__": "elsewhere"}
    with open(path) as stream:
        exec(compile(stream.read(), path, "exec"), scope)
    assert scope["__doc__"] == specimen.module.__doc__
    spec = importlib.util.spec_from_file_location("elsewhere", pathlib.Path(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.__doc__ == specimen.module.__doc__ and module is not specimen.module
    assert runpy.run_path(path)["__doc__"] == specimen.module.__doc__
    with tempfile.TemporaryDirectory() as directory:
        compiled = py_compile.compile(path, os.path.join(directory, "module.pyc"), doraise=True)
        lone = importlib.machinery.SourcelessFileLoader("lone", compiled)
        assert lone.get_code("lone").co_filename == path


def metadata_is_listed_once():
    found = [one.metadata["Name"] for one in importlib.metadata.distributions()]
    assert found.count("Specimen") == 1, found
    assert importlib.metadata.version("specimen") == "2.5"
    root = os.path.dirname(os.path.dirname(specimen.__file__))
    assert len(list(importlib.metadata.distributions(path=[root]))) == 1
    assert importlib.metadata.packages_distributions()["specimen"] == ["Specimen"]

