"""Says from where each imported module came: the binary's bundle, the interpreter, or a file.

    modules = survey()
    print(modules[0].name, modules[0].kind, modules[0].origin)
    outside(modules)   ->  the pure-Python ones that aren't in the bundle
"""

import enum
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import BuiltinImporter, ExtensionFileLoader, FrozenImporter
from types import ModuleType

from weblog.table import Column, Table

__all__ = ["Imported", "Kind", "in_bundle", "outside", "summarise", "survey", "tabulate"]


class Kind(enum.Enum):
    """Where a module's code is."""

    BUNDLE = "bundle"
    BUILT_IN = "built-in"
    EXTENSION = "extension"
    CORE = "interpreter core"
    """What the interpreter runs before it can import anything."""
    FROZEN = "frozen"
    """Python code that the interpreter brings with it."""
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Imported:
    """A module, under its own name."""

    name: str
    kind: Kind
    origin: str
    aliases: tuple[str, ...]
    """Its other names in `sys.modules`: `os.path` for `posixpath`."""


def survey() -> list[Imported]:
    """All of `sys.modules`, each module once, sorted by name."""
    names: dict[int, list[str]] = {}
    modules: dict[int, ModuleType] = {}
    for name, entry in sorted(sys.modules.items()):
        module = _module(entry)
        if module is not None:
            names.setdefault(id(module), []).append(name)
            modules[id(module)] = module
    surveyed = [_describe(modules[key], names[key]) for key in modules]
    return sorted(surveyed, key=lambda imported: imported.name)


def outside(modules: Sequence[Imported]) -> list[Imported]:
    """Pure-Python modules that the bundle doesn't hold and the interpreter's start doesn't need."""
    return [module for module in modules if module.kind in (Kind.FROZEN, Kind.FILE)]


def in_bundle() -> bool:
    """Whether this very code came out of a bundle."""
    return _kind(sys.modules[__name__]) is Kind.BUNDLE


def summarise(modules: Sequence[Imported]) -> str:
    """One line with the number of each kind."""
    kinds = Counter(module.kind for module in modules)
    return (
        f"{len(modules)} modules: {kinds[Kind.BUNDLE]} from the bundle, "
        f"{kinds[Kind.BUILT_IN]} built-in, {kinds[Kind.EXTENSION]} extension modules, "
        f"{kinds[Kind.CORE]} interpreter core, "
        f"{len(outside(modules))} pure-Python outside the bundle"
    )


def tabulate(modules: Sequence[Imported]) -> Table:
    """A row for each module."""
    columns = (Column("module", "Module"), Column("kind", "Kind"), Column("origin", "Origin"))
    rows = [(_shown(module), module.kind.value, module.origin) for module in modules]
    return Table("where", "Imported modules", columns, rows)


_CORE = frozenset({"_frozen_importlib", "_frozen_importlib_external", "zipimport"})
# The loader's type says so in every module that a bundle's importer made.
_BUNDLE_LOADERS = "include_py"


def _module(entry: object) -> ModuleType | None:
    """The module behind an entry, which may be anything: until 3.12 `typing.io` is a class."""
    if isinstance(entry, ModuleType):
        return entry
    definer = sys.modules.get(getattr(entry, "__module__", ""))
    return definer if isinstance(definer, ModuleType) else None


def _describe(module: ModuleType, names: list[str]) -> Imported:
    spec = module.__spec__
    # `importlib` renames `_frozen_importlib`; its spec remembers.
    own_names = (spec.name if spec else None, module.__name__)
    name = next((own for own in own_names if own in names), names[0])
    kind = _kind(module)
    origin = spec.origin if spec else None
    if kind not in (Kind.CORE, Kind.FROZEN):
        # A frozen module has a `__file__` too: where its source would be.
        origin = getattr(module, "__file__", None) or origin
    aliases = tuple(other for other in names if other != name)
    return Imported(name, kind, origin or "-", aliases)


def _kind(module: ModuleType) -> Kind:
    spec = module.__spec__
    loader = spec.loader if spec else module.__loader__
    if type(loader).__module__ == _BUNDLE_LOADERS:
        return Kind.BUNDLE
    if loader is FrozenImporter:
        return Kind.CORE if spec and spec.name in _CORE else Kind.FROZEN
    if isinstance(loader, ExtensionFileLoader):
        return Kind.EXTENSION
    has_file = getattr(module, "__file__", None) is not None
    # Native code may make a module without any loader, as it makes `__main__`.
    if loader is BuiltinImporter or (loader is None and not has_file):
        return Kind.BUILT_IN
    return Kind.FILE


def _shown(module: Imported) -> str:
    return f"{module.name} ({', '.join(module.aliases)})" if module.aliases else module.name
