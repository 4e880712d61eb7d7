"""The fixtures of test_importlib.metadata, with bundles instead of their zips and directories.

A directory that a test puts on `sys.path` is replaced by a virtual root, `/virtual/tmp/x`, which has no files.
It is that of a bundle of the directory. The bundle is built again whenever the files have changed.
"""
import contextlib
import io
import sys

import shadow
import trees


class Live:
    """Runs before our finder on sys.meta_path, and updates the bundle if necessary."""

    def __init__(self, directory, root):
        self.directory, self.root = directory, root
        self.seen = self.volume = None

    def refresh(self):
        stamp = shadow.directory_stamp(self.directory)
        if stamp != self.seen:
            self.remove()
            self.seen = stamp
            if stamp is not None:
                self.volume = trees.install(trees.read_directory(self.directory), self.root)
                for live in reversed([one for one in sys.meta_path if isinstance(one, Live)]):
                    if live.volume is not None:
                        trees.first(live.root)

    def remove(self):
        if self.volume is not None:
            self.volume.uninstall()
            self.volume = None

    def find_spec(self, name, path=None, target=None):
        self.refresh()

    def find_distributions(self, context):
        self.refresh()
        return ()

    def invalidate_caches(self):
        self.seen = None


@contextlib.contextmanager
def add_sys_path(directory):
    live = Live(str(directory), f"/virtual{directory}")
    sys.meta_path.insert(0, live)
    live.refresh()
    try:
        yield
    finally:
        live.remove()
        sys.meta_path.remove(live)


def fixture_on_path(self, filename):
    from importlib import resources

    data = resources.files(self.root).joinpath(filename).read_bytes()
    volume = trees.install(trees.read_zip(io.BytesIO(data)), f"/virtual/{filename}")
    self.resources.callback(volume.uninstall)


def patch():
    try:
        from test.test_importlib.metadata import fixtures
    except ImportError:
        from test.test_importlib import fixtures

    fixtures.OnSysPath.add_sys_path = staticmethod(add_sys_path)
    fixtures.ZipFixtures._fixture_on_path = fixture_on_path
