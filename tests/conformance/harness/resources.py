"""The trees of test_importlib.resources in bundles: none of them has files.

3.13 creates its trees during the tests, from nested dictionaries. Before 3.13 they are in the test package, as
directories and as zips; then the package itself is imported from a bundle.
"""
import itertools
import os

import shadow
import trees

ROOT = "/virtual/library"
numbers = itertools.count()


def tree_on_path(self, spec):
    volume = trees.install(trees.flatten(spec), f"/virtual/tree-{next(numbers)}")
    self.fixtures.callback(volume.uninstall)


def patch():
    import suites

    tree = {}
    for part in ("test/__init__.py", "test/support", "test/test_importlib"):
        path = os.path.join(suites.library(), *part.split("/"))
        found = trees.read_directory(path) if os.path.isdir(path) else {"": open(path, "rb").read()}
        tree.update({part + (name and "/" + name): data for name, data in found.items()})
    trees.install(tree, ROOT)
    hook = shadow.Shadow(zips=True)
    hook.archives = {f"{ROOT}/{name}": data for name, data in tree.items() if name.endswith(".zip")}
    hook.install()

    from test.test_importlib.resources import util

    for name in ("DiskSetup", "ZipSetup"):
        setup = getattr(util, name, None)
        if hasattr(setup, "tree_on_path"):
            setup.tree_on_path = tree_on_path
