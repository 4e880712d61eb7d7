"""What a bundled application relies on, each checked from inside one (see ../import.rs)."""

import errno
import importlib
import importlib.metadata
import importlib.resources
import importlib.util
import io
import linecache
import os
import pathlib
import pkgutil
import runpy
import sys
import tempfile
import threading
import traceback
import types

ROOT = os.path.join(sys.executable, "specimen")


def raises(kind, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except kind as error:
        return error
    raise AssertionError(f"{function} did not raise {kind}")


def forget_fragile():
    """Lets the next import of `specimen.fragile` be the first one, which fails."""
    import specimen

    specimen.ATTEMPTS = 0
    sys.modules.pop("specimen.fragile", None)


def below(*parts):
    return os.path.join(ROOT, *parts)


def attributes():
    import specimen.module
    import specimen.sub

    package, module = specimen.sub, specimen.module
    assert package.__file__ == below("specimen", "sub", "__init__.py"), package.__file__
    assert package.__path__ == [below("specimen", "sub")]
    assert module.__file__ == below("specimen", "module.py")
    assert not hasattr(module, "__path__")
    assert module.__package__ == "specimen" and package.__package__ == "specimen.sub"
    for each in (package, module):
        assert each.__spec__.origin == each.__file__
        assert each.__spec__.has_location
        assert each.__spec__.loader is each.__loader__
        assert type(each.__loader__).__module__ == "include_py"
        assert type(each.__loader__).__name__ == "BundleLoader"
        assert not hasattr(each, "__cached__")
        assert repr(each) == f"<module {each.__name__!r} from {each.__file__!r}>"
    assert "specimen" in repr(package.__loader__)


def cached_paths():
    import specimen.sub

    finder = next(one for one in sys.meta_path if type(one).__name__ == "BundleFinder")
    for name, path in (("specimen.module", specimen.__path__), ("specimen.sub", specimen.__path__), ("checks", None)):
        spec = finder.find_spec(name, path)
        usual = importlib.util.cache_from_source(spec.origin)
        assert spec.cached == usual and sys.implementation.cache_tag in usual, spec.cached
        tag, sys.implementation.cache_tag = sys.implementation.cache_tag, "other-1"
        sys.pycache_prefix, prefix = "/elsewhere", sys.pycache_prefix
        try:
            spec = finder.find_spec(name, path)
            assert spec.cached == importlib.util.cache_from_source(spec.origin) != usual
            sys.implementation.cache_tag = None
            assert finder.find_spec(name, path).cached is None
        finally:
            sys.implementation.cache_tag, sys.pycache_prefix = tag, prefix


def loader_protocol():
    import specimen.module

    loader = specimen.module.__loader__
    code = loader.get_code("specimen.module")
    assert code.co_filename == specimen.module.__file__, code.co_filename
    package = specimen.__loader__
    assert package.is_package("specimen") and not loader.is_package("specimen.module")
    assert package.get_filename("specimen") == below("specimen", "__init__.py")
    source = loader.get_source("specimen.module")
    assert source.startswith('"""A module with'), source
    latin = importlib.util.find_spec("specimen.latin").loader
    assert "latin \u00e9" in latin.get_source("specimen.latin")
    data = loader.get_data(below("specimen", "data", "text.txt"))
    assert data.startswith(b"text of")
    assert loader.get_data(pathlib.Path(below("specimen", "data", "text.txt"))) == data
    assert loader.get_data(specimen.module.__file__).decode() == source
    error = raises(OSError, loader.get_data, below("specimen", "absent.txt"))
    assert isinstance(error, FileNotFoundError) and error.filename.endswith("absent.txt")
    for method in (loader.get_code, loader.get_source, loader.is_package, loader.get_filename):
        error = raises(ImportError, method, "specimen.absent")
        assert error.name == "specimen.absent", error.name


def latin_source():
    import specimen.latin

    assert specimen.latin.VALUE == "latin \u00e9"


def missing_module():
    error = raises(ModuleNotFoundError, importlib.import_module, "specimen.absent")
    assert error.name == "specimen.absent" and str(error) == "No module named 'specimen.absent'"
    assert importlib.util.find_spec("absent_at_the_top") is None
    raises(ModuleNotFoundError, importlib.import_module, "not_\udcff_utf8")
    raises(ModuleNotFoundError, importlib.import_module, "specimen.not_\udcff_utf8")


def resources():
    files = importlib.resources.files("specimen")
    assert str(files) == below("specimen")
    data = files / "data"
    assert data.is_dir() and not data.is_file() and data.name == "data"
    assert sorted(child.name for child in data.iterdir()) == ["nested", "text.txt"]
    text = files.joinpath("data", "text.txt")
    assert text.read_text() == "text of the resource\nsecond line \u00e9\n"
    assert text.read_text("latin-1").endswith("\u00c3\u00a9\n")
    assert (data / "nested/bytes.bin").read_bytes() == b"\x00\x01\xff"
    with text.open("rb") as stream:
        assert isinstance(stream, io.BufferedReader) and stream.readline() == b"text of the resource\n"
    with text.open(encoding="utf-8") as stream:
        assert [line.strip() for line in stream][0] == "text of the resource"
    assert files.joinpath("module.py").read_text().startswith('"""A module')
    assert "sub" in {child.name for child in files.iterdir()}
    absent = files / "absent"
    assert not absent.is_file() and not absent.is_dir()
    raises(FileNotFoundError, absent.read_bytes)
    raises(IsADirectoryError, data.read_bytes)
    raises(NotADirectoryError, lambda: list(text.iterdir()))
    assert raises(OSError, text.open, "w").errno == errno.EROFS
    raises(FileNotFoundError, lambda: list(absent.iterdir()))


def resources_as_file():
    resource = importlib.resources.files("specimen") / "data" / "text.txt"
    with importlib.resources.as_file(resource) as path:
        assert path.read_bytes() == resource.read_bytes()
    assert not path.exists()


def resources_of_data_directory():
    data = importlib.resources.files("specimen.data")
    assert (data / "text.txt").is_file()
    nested = importlib.resources.files("specimen.data.nested")
    assert [child.name for child in nested.iterdir()] == ["bytes.bin"]


def resources_old_functions():
    if sys.version_info < (3, 13):
        import warnings

        warnings.simplefilter("ignore", DeprecationWarning)
    assert importlib.resources.read_text("specimen.data", "text.txt").startswith("text of")
    assert importlib.resources.is_resource("specimen.data", "text.txt")
    assert not importlib.resources.is_resource("specimen.data", "nested")
    assert set(importlib.resources.contents("specimen.data")) == {"text.txt", "nested"}
    with importlib.resources.open_binary("specimen.data", "text.txt") as stream:
        assert stream.read(4) == b"text"
    assert pkgutil.get_data("specimen", "data/text.txt").startswith(b"text of")


def traversable_is_a_value():
    one, other = (importlib.resources.files("specimen") / "data" for _ in range(2))
    assert one == other and hash(one) == hash(other) and one != one.parent
    assert sorted([one / "b", one / "a"])[0].name == "a" and one == pathlib.Path(str(one))
    assert one.samefile(str(one)) and not one.samefile(one / "text.txt") and not one.samefile(sys.executable)
    assert (one / "text.txt").suffix == ".txt" and (one / "text.txt").stem == "text"
    assert repr(one) == f"BundlePath({str(one)!r})"


def pkgutil_lists():
    import specimen

    found = {name: is_package for _, name, is_package in pkgutil.iter_modules(specimen.__path__)}
    assert found["module"] is False and found["sub"] is True
    assert "data" not in found and "__init__" not in found
    walked = {info.name for info in pkgutil.walk_packages([ROOT + "/specimen/sub"], "specimen.sub.")}
    assert walked == {"specimen.sub.deep"}, walked
    top = {info.name for info in pkgutil.iter_modules([ROOT])}
    assert {"specimen", "single", "json", "checks"} <= top and "specimen_ns" not in top


def metadata():
    assert importlib.metadata.version("specimen") == "2.5"
    assert importlib.metadata.version("SPECIMEN") == "2.5"
    assert importlib.metadata.metadata("specimen")["Name"] == "Specimen"
    assert importlib.metadata.requires("specimen") == ["requests>=2"]
    scripts = importlib.metadata.entry_points(group="console_scripts", name="specimen")
    assert [script.load()(4) for script in scripts] == [8]
    names = [each.metadata["Name"] for each in importlib.metadata.distributions()]
    assert names == ["Specimen"], names
    paths = {str(each): each for each in importlib.metadata.files("specimen")}
    assert paths["specimen/data/text.txt"].read_text().startswith("text of")
    assert list(importlib.metadata.distributions(path=["/nowhere"])) == []
    raises(importlib.metadata.PackageNotFoundError, importlib.metadata.version, "absent")


def namespace_package():
    import specimen_ns
    import specimen_ns.part.one

    assert specimen_ns.part.one.NAME == "specimen_ns.part.one"
    assert list(specimen_ns.__path__) == [below("specimen_ns")]
    assert specimen_ns.__file__ is None
    assert isinstance(specimen_ns.__loader__, importlib.machinery.NamespaceLoader)
    assert importlib.resources.files("specimen_ns.part").joinpath("one.py").is_file()


def namespace_spans_bundle_and_disk():
    with tempfile.TemporaryDirectory() as directory:
        part = pathlib.Path(directory, "specimen_ns", "part")
        part.mkdir(parents=True)
        part.joinpath("two.py").write_text("WHERE = 'disk'\n")
        sys.path.append(directory)
        try:
            from specimen_ns.part import one, two

            assert two.WHERE == "disk" and two.__file__.startswith(directory)
            assert one.__file__.startswith(ROOT)
            part.joinpath("data.txt").write_text("on disk")
            files = importlib.resources.files("specimen_ns.part")
            assert {"one.py", "two.py", "data.txt"} <= {each.name for each in files.iterdir()}
            assert files.joinpath("data.txt").read_text() == "on disk"
            assert files.joinpath("one.py").read_text().startswith("NAME")
            assert not files.joinpath("three.py").is_file()
            listed = {info.name for info in pkgutil.iter_modules(sys.modules["specimen_ns.part"].__path__)}
            assert listed == {"one", "two"}, listed
        finally:
            sys.path.remove(directory)
            sys.modules.pop("specimen_ns.part.two", None)


def namespace_below_a_directory_on_sys_path():
    """A directory of the bundle that a program puts on sys.path, as it would with one on disk."""
    sys.path.append(below("specimen"))
    try:
        import data

        assert list(data.__path__) == [below("specimen", "data")]
        assert importlib.resources.files(data).joinpath("text.txt").read_text().startswith("text of")
    finally:
        sys.path.remove(below("specimen"))
        sys.modules.pop("data", None)


def package_extended_on_disk():
    import specimen.sub

    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "plugin.py").write_text("WHERE = 'disk'\n")
        specimen.sub.__path__.append(directory)
        try:
            plugin = importlib.import_module("specimen.sub.plugin")
            deep = importlib.import_module("specimen.sub.deep")
            assert plugin.WHERE == "disk" and deep.__file__.startswith(ROOT)
        finally:
            specimen.sub.__path__.remove(directory)
            sys.modules.pop("specimen.sub.plugin", None)


def disk_before_bundle_in_a_path():
    import specimen.sub

    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "deep.py").write_text("WHERE = 'disk'\n")
        specimen.sub.__path__.insert(0, directory)
        try:
            sys.modules.pop("specimen.sub.deep", None)
            assert importlib.import_module("specimen.sub.deep").WHERE == "disk"
        finally:
            specimen.sub.__path__.remove(directory)
            del sys.modules["specimen.sub.deep"]


def changed_path_within_the_bundle():
    import specimen
    import specimen.relocated

    try:
        treasure = importlib.import_module("specimen.treasure")
    finally:
        specimen.__path__.pop()
    assert treasure.VALUE == "vendored"
    assert treasure.__file__ == below("specimen", "vendored", "treasure.py")
    assert treasure.__loader__.get_source("specimen.treasure").startswith("VALUE")
    assert importlib.reload(importlib.import_module("specimen.module")).VALUE == 42


def names_that_are_not_identifiers():
    assert importlib.import_module("specimen.0001_numbered").NUMBER == 1


def reloading():
    import specimen.module

    specimen.module.VALUE = 0
    same = importlib.reload(specimen.module)
    assert same is specimen.module and same.VALUE == 42 and not hasattr(same, "__cached__")
    importlib.invalidate_caches()


def circular_imports():
    from specimen import circular_a, circular_b

    assert circular_a.other() == "b" and circular_b.other() == "a"


def failing_import_is_retried():
    forget_fragile()
    error = raises(RuntimeError, importlib.import_module, "specimen.fragile")
    assert "specimen.fragile" not in sys.modules
    frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    assert frames[-1] == below("specimen", "fragile.py"), frames
    assert importlib.import_module("specimen.fragile").__name__ == "specimen.fragile"


def import_statement_traceback_is_short():
    forget_fragile()
    try:
        import specimen.fragile
    except RuntimeError as error:
        frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        assert frames == [__file__, below("specimen", "fragile.py")], frames
    else:
        raise AssertionError("it did not fail")


def code_names_the_file():
    """Also that of the modules that were imported before there was an importer."""
    import abc
    import codecs
    import encodings.aliases
    import encodings.utf_8
    import inspect
    import specimen.module

    def codes(value):
        for constant in value.co_consts:
            if isinstance(constant, types.CodeType):
                yield constant
                yield from codes(constant)

    functions = {
        specimen.module: specimen.module.fail,
        abc: abc.ABC.__class__.register,
        codecs: codecs.Codec.encode,
        encodings: encodings.search_function,
        encodings.utf_8: encodings.utf_8.decode,
        traceback: traceback.format_exc,
    }
    for module, function in functions.items():
        assert function.__code__.co_filename == module.__file__, function
        assert inspect.getfile(function) == module.__file__
        assert inspect.getmodule(function.__code__) is module
    for module in (traceback, encodings.aliases, codecs):
        code = module.__loader__.get_code(module.__name__)
        assert {code.co_filename, *(one.co_filename for one in codes(code))} == {module.__file__}
    assert inspect.getmodule(sys._getframe()) is sys.modules[__name__]


def code_that_compares_names_finds_the_module():
    """Resources of the caller, skip lists of warnings, filters of tracemalloc."""
    import tracemalloc
    import warnings

    if sys.version_info >= (3, 12):
        assert str(importlib.resources.files()) == ROOT
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.warn("careful", skip_file_prefixes=(ROOT + "/checks",))
        assert not caught[0].filename.startswith(ROOT), caught[0]
    tracemalloc.start()
    try:
        kept = [bytes(2000) for _ in range(10)]
        snapshot = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    own = snapshot.filter_traces([tracemalloc.Filter(True, __file__)])
    assert sum(trace.size for trace in own.traces) >= 20_000, kept
    assert not snapshot.filter_traces([tracemalloc.Filter(False, ROOT + "/*")]).filter_traces(
        [tracemalloc.Filter(True, __file__)]
    ).traces


def files_of_the_current_directory_are_not_the_source():
    import inspect
    import specimen.module

    home = os.getcwd()
    with tempfile.TemporaryDirectory() as directory:
        for place in ("", "specimen"):
            os.makedirs(os.path.join(directory, place), exist_ok=True)
            with open(os.path.join(directory, place, "module.py"), "w") as stream:
                stream.write("wrong\n" * 100)
        os.chdir(directory)
        linecache.clearcache()
        try:
            assert "def fail" in inspect.getsource(specimen.module.fail)
            try:
                specimen.module.fail()
            except ValueError:
                shown = traceback.format_exc()
        finally:
            os.chdir(home)
            linecache.clearcache()
    assert 'raise ValueError("specimen failure")' in shown and "wrong" not in shown, shown


def order_of_sys_path():
    """Directories before the root win, as those before a script's directory do."""
    extensions = sys.path[1]

    def origin(*path):
        kept, sys.path = sys.path, list(path)
        kept_modules = {name: sys.modules.pop(name, None) for name in ("colorsys", "single")}
        importlib.invalidate_caches()
        try:
            found = []
            for name in kept_modules:
                try:
                    found.append(os.path.dirname(importlib.import_module(name).__file__))
                except ModuleNotFoundError:
                    found.append(None)
            return tuple(found)
        finally:
            sys.path = kept
            for name, module in kept_modules.items():
                sys.modules.pop(name, None)
                if module is not None:
                    sys.modules[name] = module

    with tempfile.TemporaryDirectory() as directory:
        for name in ("colorsys.py", "single.py"):
            with open(os.path.join(directory, name), "w") as stream:
                stream.write("MINE = 1\n")
        os.mkdir(os.path.join(directory, "empty"))
        os.makedirs(os.path.join(directory, "portion", "single"))
        assert origin(*sys.path) == (ROOT, ROOT)
        assert origin(directory, ROOT, extensions) == (directory, directory)
        assert origin(os.path.join(directory, "empty"), ROOT, extensions) == (ROOT, ROOT)
        assert origin(os.path.join(directory, "portion"), ROOT, extensions) == (ROOT, ROOT)
        # Before the standard library, after the program's own directory.
        assert origin(ROOT, directory, extensions) == (directory, ROOT)
        assert origin(ROOT, extensions, directory) == (ROOT, ROOT)
        assert origin(ROOT + "/", directory, extensions) == (directory, ROOT)
        # Whoever removes the program's directory keeps the standard library.
        assert origin(extensions) == (ROOT, None)
        assert origin() == (ROOT, None)
        assert origin(directory) == (directory, directory)
        assert origin(extensions, directory) == (ROOT, directory)
        # A directory of the bundle is an entry like any other.
        assert origin(below("specimen", "sub"), ROOT, extensions) == (ROOT, ROOT)


def archives_on_sys_path():
    """Zip files and wheels, by zipimport itself; the files of the bundle needn't be served."""
    import inspect
    import zipfile
    import zipimport

    archive = below("specimen", "vendored", "archive.zip")
    wheel = below("specimen", "vendored", "wheeled-2.0-py3-none-any.whl")
    path = list(sys.path)
    sys.path[:0] = [archive, os.path.join(archive, "lib"), wheel]
    try:
        import below as beneath
        import wheeled
        import zipped
        import zipped_package

        assert (zipped.VALUE, zipped_package.VALUE) == ("from a zip", "a part")
        assert (beneath.VALUE, wheeled.VALUE) == ("below", "from a wheel")
        assert type(zipped.__loader__) is zipimport.zipimporter
        assert zipped.__file__ == os.path.join(archive, "zipped.py")
        assert zipped.fail.__code__.co_filename == zipped.__file__
        assert zipped.__loader__.archive == archive and beneath.__loader__.prefix == "lib/"
        assert inspect.getsource(zipped.fail).startswith("def fail")
        text = "".join(traceback.format_exception(raises(ValueError, zipped.fail)))
        assert "raise ValueError('in a zip')" in text, text
        loader = zipimport.zipimporter(below("specimen", "sub", "..", "vendored", "archive.zip"))
        assert loader.get_data("zipped.py") == zipped.__loader__.get_data(zipped.__file__)
        assert loader.get_source("zipped").startswith("VALUE")
        raises(OSError, loader.get_data, "absent")
        raises(zipimport.ZipImportError, zipimport.zipimporter, below("specimen"))
        raises(zipimport.ZipImportError, zipimport.zipimporter, below("specimen", "module.py"))
        raises(zipimport.ZipImportError, zipimport.zipimporter, below("specimen", "absent.zip"))
        data = importlib.resources.files("zipped_package").joinpath("data.txt")
        assert data.read_text() == "data in a zip\n" * 20 and str(data).startswith(archive)
        assert pkgutil.get_data("zipped_package", "data.txt") == data.read_bytes()
        with importlib.resources.as_file(data) as copy:
            assert copy.read_text() == data.read_text()
        assert [each.name for each in pkgutil.iter_modules([archive])] == ["zipped", "zipped_package"]
        assert [each.name for each in pkgutil.iter_modules(zipped_package.__path__)] == ["part"]
        assert importlib.metadata.version("wheeled") == "2.0"
        found = importlib.metadata.distributions(path=[wheel, archive])
        assert [each.metadata["Name"] for each in found] == ["wheeled"]
        assert zipfile.is_zipfile(wheel) and not zipfile.is_zipfile(zipped_package.__file__)
        raises(OSError, zipfile.ZipFile, archive, "a")
        raises(OSError, zipfile.ZipFile, below("specimen", "absent.zip"))
        zipped.__loader__.invalidate_caches()
        assert importlib.reload(zipped).VALUE == "from a zip"
    finally:
        sys.path[:] = path
        for name in ("zipped", "zipped_package", "zipped_package.part", "below", "wheeled"):
            sys.modules.pop(name, None)


def directory_that_is_no_package():
    directory = below("specimen", "vendored", "tool-1.2.3")
    raises(ModuleNotFoundError, importlib.import_module, "vendored_tool")
    for wrong in ("specimen.vendored/tool-1.2.3/vendored_tool", "specimen/vendored/tool-1.2.3/vendored_tool"):
        raises(ModuleNotFoundError, importlib.import_module, wrong)
    known = set(sys.modules)
    sys.path.insert(0, directory)
    try:
        import vendored_ns.deep.one
        import vendored_single
        import vendored_tool

        assert (vendored_tool.VALUE, vendored_single.VALUE) == ("a tool", "single")
        assert vendored_tool.__file__ == os.path.join(directory, "vendored_tool", "__init__.py")
        assert vendored_tool.sub.__file__ == os.path.join(directory, "vendored_tool", "sub.py")
        assert vendored_tool.sub.__loader__.get_code("vendored_tool.sub").co_filename == vendored_tool.sub.__file__
        assert vendored_ns.deep.one.VALUE == "deep"
        assert list(vendored_ns.__path__) == [os.path.join(directory, "vendored_ns")]
        assert importlib.resources.files(vendored_tool).joinpath("data.txt").read_text().startswith("a file")
        assert pkgutil.get_data("vendored_tool", "data.txt").startswith(b"a file")
        found = [(each.name, each.ispkg) for each in pkgutil.iter_modules([directory])]
        assert found == [("vendored_single", False), ("vendored_tool", True)], found
        walked = [each.name for each in pkgutil.walk_packages([directory])]
        assert walked == ["vendored_single", "vendored_tool", "vendored_tool.sub"], walked
        assert importlib.metadata.version("vendored-tool") == "1.2.3"
        assert [each.name for each in importlib.metadata.distributions(path=[directory])] == ["vendored-tool"]
        assert [each.name for each in importlib.metadata.distributions(path=[directory], name="x")] == []
        egg = os.path.join(directory, "hatched-0.1-py3.egg")
        assert [each.version for each in importlib.metadata.distributions(path=[egg], name="hatched")] == ["0.1"]
        raises(ModuleNotFoundError, importlib.import_module, "further")
        sys.path.append(os.path.join(directory, "other.d"))
        assert importlib.import_module("further").VALUE == "further"
        assert runpy.run_module("vendored_single")["VALUE"] == "single"
    finally:
        sys.path[:] = [each for each in sys.path if not each.startswith(directory)]
        for name in set(sys.modules) - known:
            del sys.modules[name]
    raises(importlib.metadata.PackageNotFoundError, importlib.metadata.version, "vendored-tool")
    assert [each.name for each in pkgutil.iter_modules([below("specimen", "vendored")])] == ["treasure"]


def paths_are_spelled_in_many_ways():
    import specimen

    directory = below("specimen", "vendored")
    home = os.getcwd()
    spellings = [
        directory + "/",
        below("specimen", "sub", "..", ".", "vendored"),
        below("specimen", "", "vendored"),
        ROOT + "/../" + os.path.basename(ROOT) + "/specimen/vendored",
        os.path.dirname(sys.executable) + "/../" + os.path.relpath(directory, sys.executable + "/../.."),
        os.path.relpath(directory),
    ]
    for spelling in spellings:
        sys.path.insert(0, spelling)
        try:
            import treasure

            assert treasure.VALUE, spelling
            assert [each.name for each in pkgutil.iter_modules([spelling])] == ["treasure"], spelling
            loader = treasure.__loader__
            # As importlib's finder for directories spells it.
            absolute = spelling if os.path.isabs(spelling) else os.path.join(home, spelling)
            assert treasure.__file__ == os.path.join(absolute.rstrip("/"), "treasure.py")
            assert loader.get_code("treasure").co_filename == loader.path == treasure.__file__
            assert loader.get_data(os.path.join(spelling, "treasure.py")) == loader.get_data(below("specimen", "vendored", "treasure.py"))
        finally:
            sys.path.remove(spelling)
            sys.path_importer_cache.pop(spelling, None)
            sys.modules.pop("treasure", None)
    for wrong in (
        below("specimen", "absent", "..", "vendored"),
        below("specimen", "module.py", "..", "vendored"),
        below("..", "specimen", "vendored"),
    ):
        assert not list(pkgutil.iter_modules([wrong])), wrong
        raises(OSError, specimen.__loader__.get_data, os.path.join(wrong, "treasure.py"))
    assert os.getcwd() == home


def source_in_tracebacks():
    import inspect
    import specimen.module

    error = raises(ValueError, specimen.module.fail)
    text = "".join(traceback.format_exception(error))
    assert f'File "{specimen.module.__file__}", line 12, in fail' in text, text
    assert 'raise ValueError("specimen failure")' in text, text
    assert "only the source has" in inspect.getsource(specimen.module.double)
    assert inspect.getsourcefile(specimen.module) == specimen.module.__file__
    assert linecache.getline(specimen.module.__file__, 3, vars(specimen.module)) == "VALUE = 42\n"


def run_module_shows_its_lines():
    try:
        runpy.run_module("specimen.failing", run_name="__main__", alter_sys=True)
    except ValueError:
        assert "# shown in tracebacks" in traceback.format_exc(), traceback.format_exc()
    else:
        raise AssertionError("it did not fail")


def run_module():
    assert runpy.run_module("specimen.main")["RESULT"] == ("specimen.main", "specimen.main")
    result = runpy.run_module("specimen.main", run_name="__main__")["RESULT"]
    assert result == ("__main__", "specimen.main")


def threads_import_at_once():
    names = ["json.tool", "wsgiref.validate", "xml.dom.minidom", "email.mime.text", "concurrent.futures"]
    for name in names:
        sys.modules.pop(name, None)
    errors = []

    def work():
        for name in names:
            try:
                importlib.import_module(name)
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors


def forked_children_import():
    """While other threads import. (Not the same modules: CPython's own locks for those stay held in a child.)"""
    names = ["wsgiref.handlers", "email.mime.audio", "html.parser"]
    others = ["colorsys", "tabnanny", "nturl2path", "this"]
    stop = threading.Event()

    def work():
        while not stop.is_set():
            for name in names:
                sys.modules.pop(name, None)
                importlib.import_module(name)

    for name in names:
        importlib.import_module(name)
    for name in others:
        sys.modules.pop(name, None)
    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(10):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    sys.stdout = io.StringIO()
                    for name in others:
                        assert importlib.import_module(name).__file__.startswith(ROOT)
                    status = 0
                finally:
                    os._exit(status)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        stop.set()
        thread.join()


def threads_that_import_in_a_circle_do_not_wait_for_each_other():
    """importlib's rule: who would wait in a circle gets the other's half-made module instead."""
    for _ in range(20):
        for name in ("circular_a", "circular_b"):
            sys.modules.pop("specimen." + name, None)
        threads = [
            threading.Thread(target=importlib.import_module, args=("specimen." + name,), daemon=True)
            for name in ("circular_a", "circular_b")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive(), "dead lock"
        from specimen import circular_a, circular_b

        assert circular_a.other() == "b" and circular_b.other() == "a"


def source_lines_without_globals():
    """Where Python knows only a file's name, or prints by C code."""
    import pdb
    import specimen.module
    import tokenize
    import unittest
    import warnings

    module = specimen.module
    number = module.fail.__code__.co_firstlineno + 1
    line = linecache.getline(module.__file__, number)
    assert line.strip() == 'raise ValueError("specimen failure")', line
    assert linecache.getline(module.__file__, 10**6) == ""
    assert linecache.getline(below("specimen", "latin.py"), 2).startswith("VALUE"), "its encoding"
    assert linecache.getline(below("specimen", "data", "..", "module.py"), number) == line
    linecache.checkcache()
    assert linecache.getline("specimen/module.py", number) == line, "as linecache searches `sys.path`"
    assert linecache.getline("specimen/absent.py", 1) == linecache.getline("<specimen/module.py>", 1) == ""

    assert "".join(tokenize.open(module.__file__)).splitlines()[number - 1] == line.rstrip()

    debugger = pdb.Pdb(readrc=False)
    assert debugger.lookupmodule(module.__file__) == debugger.lookupmodule("specimen/module.py") == module.__file__
    assert debugger.lookupmodule("specimen/absent.py") is None

    class Discovering(unittest.TestLoader):
        def loadTestsFromModule(self, module, *arguments, **options):
            found.append(module.__name__)
            return self.suiteClass()

    found = []
    Discovering().discover("specimen.sub", "deep.py")
    assert found in (["specimen.sub.deep"], ["specimen.sub", "specimen.sub.deep"]), found
    found.clear()
    Discovering().discover(below("specimen", "sub"), "deep.py", below())
    assert found == ["specimen.sub", "specimen.sub.deep"], found

    def printed(function):
        kept, sys.stderr = sys.stderr, io.StringIO()
        try:
            function()
            return sys.stderr.getvalue()
        finally:
            sys.stderr = kept

    class Dying:
        def __del__(self):
            module.fail()

    def uncaught():
        try:
            module.fail()
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)

    def in_thread():
        thread = threading.Thread(target=module.fail, name="a thread")
        thread.start()
        thread.join()

    def warned():
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn_explicit("careful", UserWarning, module.__file__, number)

    texts = {each: printed(each) for each in (Dying, uncaught, in_thread, warned)}
    for text in texts.values():
        assert line.strip() in text, text
    dying = texts[Dying].splitlines()
    # Since 3.14 CPython says what it was doing.
    doing = "while calling deallocator" if sys.version_info >= (3, 14) else "in:"
    assert dying[0].startswith(f"Exception ignored {doing} <function "), dying
    assert "Dying.__del__" in dying[0], dying
    assert dying[1] == "Traceback (most recent call last):", dying
    assert dying[-1] == "ValueError: specimen failure", dying
    assert texts[in_thread].startswith("Exception in thread a thread:\nTraceback (most recent"), texts
    assert texts[in_thread].endswith("\nValueError: specimen failure\n"), texts
    assert texts[uncaught].startswith("Traceback (most recent call last):\n"), texts

    def misspelt():
        try:
            module.VALU
        except AttributeError as error:
            # A frame of a bundled file, as `module.fail` has.
            try:
                module.fail()
            except ValueError as other:
                error.__traceback__.tb_next = other.__traceback__.tb_next
            sys.excepthook(type(error), error, error.__traceback__)

    assert printed(misspelt).endswith("has no attribute 'VALU'. Did you mean: 'VALUE'?\n"), printed(misspelt)

    class Silent:
        def __del__(self):
            raise KeyError(1)

    exec(compile("def silent(self): raise KeyError(1)", "elsewhere.py", "exec"), names := {})
    Silent.__del__ = names["silent"]
    assert 'File "elsewhere.py", line 1, in silent\nKeyError: 1\n' in printed(Silent)
    for module in (sys, threading):
        assert module.excepthook is module.__excepthook__
    assert sys.unraisablehook is sys.__unraisablehook__
    raises(TypeError, sys.unraisablehook, types.SimpleNamespace())


def standard_library_is_bundled():
    core = {"_frozen_importlib", "_frozen_importlib_external", "zipimport", "__main__"}
    core |= {"importlib._bootstrap", "importlib._bootstrap_external"}  # the first two, renamed
    outside = []
    for name, module in list(sys.modules.items()):
        # Not all of it are modules: `typing.io` is a class until 3.12.
        if not isinstance(module, types.ModuleType) or module.__name__ in core:
            continue
        loader = module.__spec__.loader if module.__spec__ else None
        kind = getattr(loader, "__name__", type(loader).__name__)
        bundled = module.__spec__ and type(loader).__module__ == "include_py"
        if kind == "NamespaceLoader":
            bundled = all(path.startswith(ROOT) for path in module.__path__)
        if not bundled and kind not in ("BuiltinImporter", "ExtensionFileLoader"):
            outside.append((name, kind))
    assert not outside, outside
    for name in ("os", "encodings", "codecs", "io", "abc", "encodings.utf_8"):
        module = sys.modules[name]
        assert module.__file__.startswith(ROOT), (name, module.__file__)
        assert type(module.__loader__).__name__ == "BundleLoader"
        assert module.__spec__.origin == module.__file__ and not hasattr(module, "__cached__")
    assert sys.modules["encodings"].__path__ == [below("encodings")]
    # The core is CPython's own, frozen; it has the place where its sources lie.
    assert sys.modules["zipimport"].__file__ == below("zipimport.py")
    assert sys.modules["zipimport"].__spec__.loader_state.filename == below("zipimport.py")


def isolated_interpreter():
    assert sys.flags.isolated and sys.flags.utf8_mode and sys.flags.no_user_site
    assert sys.path[0] == ROOT and len(sys.path) == 2 and sys.path[1].endswith("lib-dynload")
    assert sys._stdlib_dir == ROOT, sys._stdlib_dir
    assert sys.prefix == sys.base_prefix == os.path.dirname(sys.executable), sys.prefix
    import builtins

    assert builtins.exit and builtins.quit and builtins.help
