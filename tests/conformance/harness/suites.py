"""The suites: which of CPython's test modules they run, and how our importer is used for them.

| suite | way |
|---|---|
| pkgutil, runpy, namespaces, zipimport_support | path hooks that shadow the zips and directories that the tests make |
| resources | the trees are installed as bundles, and the test package itself |
| zipimport | the same, and a replacement for the class `zipimporter` that the tests name |
| metadata | the fixtures' trees are installed as bundles |
| protocol | the abstract tests of finders and loaders, implemented for ours |
"""
import importlib.util
import os
import pkgutil
import tempfile
import unittest

import shadow


class Suite:
    def __init__(self, *modules, zips=False, temporary=False, data=(), patch=None, without=()):
        self.names, self.zips, self.temporary = modules, zips, temporary
        self.data, self.patch, self.without = data, patch, without

    def prepare(self):
        """Installs our importer."""
        directories = [tempfile.gettempdir()] if self.temporary else []
        directories += [os.path.join(library(), *path.split("/")) for path in self.data]
        if self.zips or directories:
            shadow.Shadow(self.zips, directories).install()
        if self.patch:
            importlib.import_module(self.patch).patch()

    def modules(self, plain):
        for name in self.names:
            try:
                spec = importlib.util.find_spec(name)
            except ModuleNotFoundError:
                spec = None
            if spec is None or (plain and not name.startswith("test.")):
                continue
            if spec.submodule_search_locations is None:
                yield name
                continue
            for info in pkgutil.iter_modules(spec.submodule_search_locations, name + "."):
                if info.name.rpartition(".")[2].startswith("test_"):
                    yield info.name

    def select(self, tests):
        """The suite without classes that test something else."""
        if isinstance(tests, unittest.TestSuite):
            return unittest.TestSuite(map(self.select, tests))
        wanted = not any(part in tests.id() for part in self.without)
        return tests if wanted else unittest.TestSuite()


def library():
    return os.path.dirname(os.__file__)


IMPORTLIB = "test.test_importlib."
SUITES = {
    "resources": Suite(
        IMPORTLIB + "resources",
        *(
            IMPORTLIB + "test_" + name
            for name in "compatibilty_files contents custom files open path read reader resource".split()
        ),
        patch="resources",
    ),
    "resources_shadowed": Suite(
        IMPORTLIB + "resources",
        *(
            IMPORTLIB + "test_" + name
            for name in "compatibilty_files contents custom files open path read reader resource".split()
        ),
        zips=True, temporary=True, data=["test"],
    ),
    "metadata": Suite(
        IMPORTLIB + "metadata", IMPORTLIB + "test_metadata_api", IMPORTLIB + "test_zip", IMPORTLIB + "test_main",
        patch="metadata",
    ),
    "zipimport": Suite(
        "test.test_zipimport", zips=True, patch="zips",
        without=[".CompressedZipImportTestCase", ".BadFileZipImportTestCase"],
    ),
    "zipimport_support": Suite("test.test_zipimport_support", zips=True, temporary=True),
    "pkgutil": Suite("test.test_pkgutil", zips=True, temporary=True, patch="standins"),
    "namespaces": Suite(
        IMPORTLIB + "test_namespace_pkgs", zips=True, temporary=True, data=["test/test_importlib"]
    ),
    "runpy": Suite("test.test_runpy", zips=True, temporary=True, patch="standins"),
    "protocol": Suite("protocol"),
}
