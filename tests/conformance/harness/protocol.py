"""CPython's abstract tests of finders and loaders (test_importlib.abc), implemented for ours.

Both ways are tested: the finder on sys.meta_path, and the path hook's finder for one directory.
"""
import contextlib
import importlib
import importlib.util
import sys
import types
import unittest

import trees
from test.test_importlib import abc as abstract

ROOT = "/virtual/protocol"
TREE = {
    "module.py": b"attribute = 42\n",
    "package/__init__.py": b"inner = 1\n",
    "package/module.py": b"attribute = 43\n",
    "package/nested/__init__.py": b"",
    "package/nested/module.py": b"attribute = 44\n",
    "both/__init__.py": b"kind = 'package'\n",
    "both.py": b"kind = 'module'\n",
    "raising.py": b"before = 1\nraise NameError('on purpose')\n",
    "spread/part.py": b"attribute = 45\n",
}


@contextlib.contextmanager
def installed():
    volume = trees.volume(TREE, ROOT)
    before = dict(sys.modules)
    volume.install()
    try:
        yield next(one for one in sys.meta_path if getattr(type(one), "__name__", "") == "BundleFinder")
    finally:
        volume.uninstall()
        for name in set(sys.modules) - set(before):
            if name.partition(".")[0] in {path.partition("/")[0].removesuffix(".py") for path in TREE}:
                del sys.modules[name]


class Case(unittest.TestCase):
    def setUp(self):
        self.finder = self.enterContext(installed())

    def location(self, *parts):
        return "/".join((ROOT, *parts))


class MetaPathFinderTests(Case, abstract.FinderTests):
    def check(self, name, path, *parts):
        spec = self.finder.find_spec(name, path)
        self.assertEqual(spec.name, name)
        self.assertEqual(spec.origin, self.location(*parts))
        self.assertTrue(spec.has_location)
        return spec

    def test_module(self):
        self.assertIsNone(self.check("module", None, "module.py").submodule_search_locations)

    def test_package(self):
        spec = self.check("package", None, "package", "__init__.py")
        self.assertEqual(spec.submodule_search_locations, [self.location("package")])

    def test_module_in_package(self):
        self.check("package.module", [self.location("package")], "package", "module.py")

    def test_package_in_package(self):
        self.check("package.nested", [self.location("package")], "package", "nested", "__init__.py")

    def test_package_over_module(self):
        self.check("both", None, "both", "__init__.py")

    def test_failure(self):
        for name, path in (
            ("absent", None),
            ("package.absent", [self.location("package")]),
            # A submodule whose package doesn't begin in the bundle isn't ours.
            ("package.module", ["/elsewhere"]),
            ("package.module", []),
            ("module\udc80", None),
            ("", None),
        ):
            with self.subTest(name=name, path=path):
                self.assertIsNone(self.finder.find_spec(name, path))

    def test_conforms_to_the_abstract_class(self):
        self.assertTrue(hasattr(self.finder, "invalidate_caches"))
        self.assertIsNone(self.finder.invalidate_caches())


class PathEntryFinderTests(Case, abstract.FinderTests):
    def find(self, name, *directory):
        importer = next(filter(None, map(self.ask(self.location(*directory)), sys.path_hooks)))
        return importer.find_spec(name)

    def ask(self, path):
        def ask(hook):
            try:
                return hook(path)
            except ImportError:
                return None

        return ask

    def test_module(self):
        self.assertEqual(self.find("module").origin, self.location("module.py"))

    def test_package(self):
        spec = self.find("package")
        self.assertEqual(spec.submodule_search_locations, [self.location("package")])

    def test_module_in_package(self):
        spec = self.find("package.module", "package")
        self.assertEqual(spec.origin, self.location("package", "module.py"))

    def test_package_in_package(self):
        spec = self.find("package.nested", "package")
        self.assertEqual(spec.origin, self.location("package", "nested", "__init__.py"))

    def test_package_over_module(self):
        self.assertEqual(self.find("both").origin, self.location("both", "__init__.py"))

    def test_failure(self):
        self.assertIsNone(self.find("absent"))
        self.assertIsNone(self.find("package.absent", "package"))
        with self.assertRaises(StopIteration):
            self.find("module", "no", "such", "directory")
        for path in (b"/virtual/protocol", 1, None):
            with self.subTest(path=path), self.assertRaises(StopIteration):
                next(filter(None, map(self.ask(path), sys.path_hooks[:1])))

    def test_namespace_portion(self):
        spec = self.find("spread")
        self.assertIsNone(spec.loader)
        self.assertEqual(list(spec.submodule_search_locations), [self.location("spread")])


class LoaderTests(Case, abstract.LoaderTests):
    def load(self, name):
        module = importlib.import_module(name)
        self.assertIs(sys.modules[name], module)
        return module

    def check(self, module, *parts):
        self.assertEqual(module.__file__, self.location(*parts))
        self.assertEqual(type(module.__loader__).__name__, "BundleLoader")
        self.assertIs(module.__spec__.loader, module.__loader__)
        self.assertIs(module.__loader__.create_module(module.__spec__), None)
        self.assertFalse(hasattr(module, "__cached__"))

    def test_module(self):
        module = self.load("module")
        self.check(module, "module.py")
        self.assertEqual((module.__name__, module.__package__), ("module", ""))
        self.assertFalse(hasattr(module, "__path__"))

    def test_package(self):
        module = self.load("package")
        self.check(module, "package", "__init__.py")
        self.assertEqual((module.__name__, module.__package__), ("package", "package"))
        self.assertEqual(module.__path__, [self.location("package")])

    def test_lacking_parent(self):
        module = self.load("package.nested.module")
        self.check(module, "package", "nested", "module.py")
        self.assertEqual(module.__package__, "package.nested")
        self.assertFalse(hasattr(module, "__path__"))
        self.assertIn("package.nested", sys.modules)

    def test_state_after_failure(self):
        module = types.ModuleType("raising")
        spec = self.finder.find_spec("raising")
        module.__spec__, module.__loader__, module.kept = spec, spec.loader, self
        sys.modules["raising"] = module
        with self.assertRaises(NameError):
            importlib.reload(module)
        self.assertIs(sys.modules["raising"], module)
        self.assertEqual((module.kept, module.before), (self, 1))

    def test_unloadable(self):
        with self.assertRaises(ImportError) as caught:
            self.finder.find_spec("module").loader.get_code("absent")
        self.assertEqual(caught.exception.name, "absent")
        with self.assertRaises(NameError):
            importlib.import_module("raising")
        self.assertNotIn("raising", sys.modules)

    def test_reload_keeps_the_namespace(self):
        module = self.load("module")
        module.attribute, module.kept = 0, 1
        self.assertIs(importlib.reload(module), module)
        self.assertEqual((module.attribute, module.kept), (42, 1))

    def test_lazy_loader(self):
        spec = self.finder.find_spec("module")
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules["module"] = module
        spec.loader.exec_module(module)
        self.assertEqual(object.__getattribute__(module, "__dict__").get("attribute"), None)
        self.assertEqual(module.attribute, 42)
