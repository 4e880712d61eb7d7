"""Path hooks that come before CPython's own, and serve its zips and directories from bundles in memory.

    shadow = Shadow(zips=True, directories=[tempfile.gettempdir()])
    shadow.install()
    …                       # CPython's tests, which create zips and directories and import from them

A bundle is built when a path is first accessed, and again when the files have changed.
"""
import io
import os
import sys
import zipfile

import trees

class Source:
    """A zip file or a directory, and the bundle of its current content."""

    def __init__(self, path, read, stamp):
        self.path, self.read, self.stamp = path, read, stamp
        self.seen = self.hook = None

    def current(self):
        stamp = self.stamp(self.path)
        if stamp != self.seen:
            self.hook = None
            if stamp is not None:
                self.hook = trees.volume(self.read(self.path), self.path).path_hook()
            self.seen = stamp
        return self.hook


class ShadowFinder:
    """Our path-entry finder of a directory, looked up again whenever the files have changed."""

    def __init__(self, source, path):
        self.source, self.path = source, path
        self.hook = self.finder = None

    def ours(self):
        hook = self.source.current()
        if hook is not self.hook:
            self.hook, self.finder = hook, None
            if hook is not None:
                try:
                    self.finder = hook(self.path)
                except ImportError:
                    pass
        return self.finder

    def find_spec(self, fullname, target=None):
        finder = self.ours()
        return finder and finder.find_spec(fullname, target)

    def iter_modules(self, prefix=""):
        finder = self.ours()
        return finder.iter_modules(prefix) if finder else []

    def invalidate_caches(self):
        self.source.seen = None


class Shadow:
    def __init__(self, zips=False, directories=()):
        self.zips, self.directories = zips, [os.path.realpath(path) for path in directories]
        self.sources = {}
        #: Zips that are nowhere on disk: path to bytes.
        self.archives = {}

    def install(self):
        sys.path_hooks.insert(0, self)
        sys.path_importer_cache.clear()

    def source(self, path):
        """The source that serves a path: the outermost known one."""
        for known, source in self.sources.items():
            if path == known or path.startswith(known + os.sep):
                return source
        for archive, data in self.archives.items():
            if path == archive or path.startswith(archive + os.sep):
                read = lambda _, data=data: trees.read_zip(io.BytesIO(data))
                return self.sources.setdefault(archive, Source(archive, read, lambda _: True))
        above = path
        while self.zips and above != os.path.dirname(above):
            if os.path.isfile(above) and zipfile.is_zipfile(above):
                return self.sources.setdefault(above, Source(above, trees.read_zip, zip_stamp))
            above = os.path.dirname(above)
        real = os.path.realpath(path)
        for directory in self.directories:
            if real.startswith(directory + os.sep) and os.path.isdir(path):
                return self.sources.setdefault(
                    path, Source(path, trees.read_directory, directory_stamp)
                )
        return None

    def __call__(self, path):
        source = self.source(path) if isinstance(path, str) and path else None
        if source is None:
            raise ImportError("not shadowed")
        hook = source.current()
        if hook is None:
            raise ImportError("gone")
        hook(path.rstrip(os.sep))
        return ShadowFinder(source, path.rstrip(os.sep))


def zip_stamp(path):
    try:
        state = os.stat(path)
    except OSError:
        return None
    return zipfile.is_zipfile(path) and (state.st_mtime_ns, state.st_size, state.st_ino) or None


def directory_stamp(path):
    if not os.path.isdir(path):
        return None
    stamp = []
    for directory, directories, files in os.walk(path):
        directories[:] = [name for name in directories if name != "__pycache__"]
        for name in files + directories:
            try:
                state = os.lstat(os.path.join(directory, name))
            except OSError:
                continue
            stamp.append((directory, name, state.st_mtime_ns, state.st_size))
    return stamp
