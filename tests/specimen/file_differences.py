"""The same operations on a directory of files and on the same directory in the bundle (see ../files.rs).

Each operation gives a value or raises; `differences` lists those that don't give the same for both. A path below
the directory is written as `TOP`, so that it may lie anywhere.
"""

import configparser
import contextlib
import copy
import csv
import filecmp
import fileinput
import fnmatch
import glob
import gzip
import hashlib
import importlib.resources
import io
import linecache
import mmap
import os
import pathlib
import pickle
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import tokenize
import warnings
import zipfile

OPERATIONS = []
PATHS = []


def operation(function):
    """Takes the directory's path as a string."""
    OPERATIONS.append(function)
    return function


def of_path(function):
    """Takes the directory as `importlib.resources.files` gives it: a path, or what stands for one."""
    PATHS.append(function)
    return function


def each(*calls):
    """What each of the calls gives, or its error."""
    return [outcome(call) for call in calls]


def outcome(call):
    try:
        return call()
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            return (type(error).__name__, error.errno, error.strerror, error.filename, error.filename2)
        return (type(error).__name__, str(error))


def text(top):
    return os.path.join(top, "text.txt")


def binary(top):
    return os.path.join(top, "nested", "bytes.bin")


def described(stream):
    with stream:
        kind = type(stream).__name__
        facts = [kind, stream.name, stream.mode, stream.readable(), stream.writable(), stream.seekable(), stream.isatty()]
        return [*facts, stream.read(), stream.tell(), stream.closed]


def warned(function):
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        function().close()
    return [(str(warning.message), warning.category.__name__, os.path.basename(warning.filename)) for warning in shown]


@operation
def opened(top):
    return each(
        lambda: described(open(text(top))),
        lambda: described(open(text(top), "rt", encoding="latin-1", newline="")),
        lambda: described(open(text(top), "r", 1, "ascii", "replace")),
        lambda: described(open(text(top), "r", 100, None, None, None, True)),
        lambda: described(open(text(top), "rb")),
        lambda: described(open(binary(top), mode="br", buffering=7)),
        lambda: warned(lambda: open(text(top), "rb", 1)),
        lambda: described(open(pathlib.Path(text(top)))),
        lambda: described(open(os.fsencode(text(top)))),
        lambda: described(io.open(file=text(top))),
        lambda: described(io.open_code(text(top))),
        lambda: described(open(text(top), opener=os.open)),
        lambda: described(open(text(top), opener=lambda path, flags: os.open(path, flags))),
        lambda: described(os.fdopen(os.open(text(top), os.O_RDONLY), "rb")) [2:],
    )


@operation
def opened_wrongly(top):
    wrong = [
        *[lambda mode=mode: open(text(top), mode) for mode in ("", "q", "rr", "rw", "b", "bt", "rbt", "U", "rU", "r+x")],
        lambda: open(text(top), 5),
        lambda: open(text(top), "r", 0),
        lambda: open(text(top), "rb", encoding="utf-8"),
        lambda: open(text(top), "rb", errors="strict"),
        lambda: open(text(top), "rb", newline=""),
        lambda: open(text(top), encoding="no such"),
        lambda: open(text(top), newline="x"),
        lambda: open(text(top), closefd=False),
        lambda: open(text(top), "x"),
        lambda: open(top),
        lambda: open(top, "w"),
        lambda: open(top, "x"),
        lambda: open(os.path.join(top, "absent")),
        lambda: open(os.path.join(top, "absent", "x"), "w"),
        lambda: open(text(top) + "/"),
        lambda: open(os.path.join(text(top), "x")),
        lambda: open(os.path.join(text(top), "x"), "w"),
        lambda: open(os.path.join(top, "nul\0")),
    ]
    return each(*wrong)


@operation
def raw_streams(top):
    def steps():
        with open(binary(top), "rb", 0) as stream:
            target = bytearray(2)
            yield stream.readinto(target), target, stream.read(), stream.read(), stream.seek(0), stream.readall()
            yield stream.seek(-1, 2), stream.read(5), stream.seek(1), stream.seek(1, 1), stream.tell(), stream.seek(99)
            yield stream.read(1), stream.closefd, stream.mode, stream.name, isinstance(stream, io.RawIOBase)
            yield each(lambda: stream.write(b"x"), stream.truncate, lambda: stream.seek(-1), lambda: stream.seek(0, 9))
        yield each(stream.read, stream.fileno, stream.tell, stream.readable, stream.flush, stream.close, stream.__enter__)
        with open(text(top), "rb", 0) as stream:
            yield list(stream), stream.seek(0), stream.readlines(5), stream.seek(0), stream.readline(4)

    return list(steps())


@operation
def buffered_streams(top):
    with open(binary(top), "rb") as stream:
        facts = [stream.peek(1)[:1], stream.read1(2), stream.raw.name, stream.seek(1), stream.read(), stream.detach().tell()]
    with open(text(top), encoding="utf-8") as stream:
        facts += [stream.buffer.name, stream.encoding, stream.errors, stream.newlines, stream.line_buffering, next(stream)]
        facts += [stream.readline(), each(lambda: stream.write("x")), stream.seek(0), stream.tell(), list(stream)]
    with open(text(top), "rb") as stream:
        facts += each(lambda: stream.write(b"x"), lambda: pickle.dumps(stream), lambda: stream.truncate())
    return facts


@operation
def descriptors(top):
    with open(text(top), "rb") as stream:
        stream.seek(5)
        number = stream.fileno()
        facts = [number == stream.fileno(), os.get_inheritable(number), os.read(number, 3), os.isatty(number)]
        status = os.fstat(number)
        facts += [stat.S_ISREG(status.st_mode), status.st_size, os.path.getsize(number)]
        facts += [outcome(lambda: os.write(number, b"x")), stream.seek(0), stream.read(4)]
    facts.append(outcome(lambda: os.fstat(number)))
    with open(text(top), "rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        facts += [mapped[:4], len(mapped)]
    with open(text(top)) as stream:
        facts.append(subprocess.run(["cat"], stdin=stream, capture_output=True).stdout)
    number = os.open(binary(top), os.O_RDONLY | os.O_CLOEXEC)
    facts += [os.read(number, 2), os.lseek(number, 0, 0), os.pread(number, 1, 2), outcome(lambda: os.write(number, b"x"))]
    os.close(number)
    return facts


@operation
def opened_by_flags(top):
    def refused(path, flags):
        return lambda: os.open(path, flags)

    return each(
        refused(text(top), os.O_RDONLY | os.O_DIRECTORY),
        refused(text(top), os.O_CREAT | os.O_EXCL),
        refused(top, os.O_WRONLY),
        refused(top, os.O_RDWR | os.O_CREAT),
        refused(top, os.O_CREAT | os.O_EXCL),
        refused(os.path.join(top, "absent"), os.O_RDONLY),
        refused(os.path.join(top, "absent", "x"), os.O_CREAT),
        refused(os.path.join(text(top), "x"), os.O_RDONLY),
    )


@operation
def directory_descriptors(top):
    number = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        other = os.dup(number)
        facts = [sorted(os.listdir(number)), stat.S_ISDIR(os.stat(number).st_mode), stat.S_ISDIR(os.fstat(other).st_mode)]
        facts += [os.path.samestat(os.stat(top), os.fstat(number)), os.path.sameopenfile(number, other)]
        os.close(other)
        with os.scandir(number) as entries:
            facts += sorted((entry.name, entry.path, entry.is_dir(), entry.stat().st_size > 0) for entry in entries if entry.is_file())
        facts += [os.stat("text.txt", dir_fd=number).st_size, os.access("text.txt", os.R_OK, dir_fd=number)]
        facts += each(lambda: os.stat("absent", dir_fd=number), lambda: os.lstat("nested/../text.txt", dir_fd=number).st_size)
        inner = os.open("nested", os.O_RDONLY, dir_fd=number)
        facts.append(os.listdir(inner))
        file = os.open("bytes.bin", os.O_RDONLY, dir_fd=inner)
        facts.append(os.read(file, 9))
        os.close(file)
        os.close(inner)
        facts.append([(path, directories, files) for path, directories, files, _ in os.fwalk(".", dir_fd=number)])
        here = os.getcwd()
        try:
            os.fchdir(number)
            facts += [os.getcwd(), sorted(os.listdir())]
        finally:
            os.chdir(here)
        return facts
    finally:
        os.close(number)


@operation
def walked(top):
    def names(walk):
        return sorted((path, sorted(directories), sorted(files)) for path, directories, files, *_ in walk)

    return [
        names(os.walk(top)),
        names(os.walk(top, topdown=False)),
        names(os.walk(os.fsencode(top))),
        names(os.fwalk(top)),
        names(os.fwalk(top, topdown=False)),
        names(os.fwalk(os.fsencode(top), follow_symlinks=True)),
        outcome(lambda: list(os.fwalk(os.path.join(top, "absent")))),
        list(os.walk(os.path.join(top, "absent"))),
        sorted(glob.glob(os.path.join(top, "**"), recursive=True)),
        sorted(glob.glob("**/*.bin", root_dir=top, recursive=True)),
        glob.glob(os.fsencode(os.path.join(top, "*.txt"))),
    ]


@operation
def current_directory(top):
    here = os.getcwd()
    try:
        facts = each(lambda: os.chdir(text(top)), lambda: os.chdir(os.path.join(top, "absent")))
        os.chdir(os.path.join(top, "nested"))
        facts += [os.getcwd(), os.getcwdb(), os.listdir(), os.listdir("."), open("bytes.bin", "rb").read()]
        facts += [open(os.path.join("..", "text.txt")).name, os.path.abspath("x"), pathlib.Path.cwd(), os.path.exists("x")]
        facts += [pathlib.Path("bytes.bin").resolve(), os.path.realpath("."), glob.glob("*"), [*os.walk(".")]]
        facts += [[(entry.name, entry.path) for entry in os.scandir()], outcome(lambda: open("absent"))]
        os.chdir("..")
        facts += [os.getcwd(), os.path.isfile("text.txt"), os.path.relpath("nested", top)]
        os.chdir(pathlib.Path("nested"))
        facts.append(os.path.relpath(text(top)))
        with contextlib.chdir(here):
            facts += [os.getcwd() == here, os.path.exists("bytes.bin")]
        facts += [os.getcwd(), open("bytes.bin", "rb").name]
        return facts
    finally:
        os.chdir(here)


@operation
def spelled(top):
    nested = os.path.join(top, "nested")
    paths = [os.path.relpath(text(top)), f"{top}//text.txt", f"{top}/./text.txt", f"{nested}/../text.txt", f"{top}/nested//..//./text.txt"]
    paths += [f"{top}/absent/../text.txt", f"{top}/text.txt/", f"{top}/text.txt/.", f"{top}/text.txt/../text.txt", f"{nested}/", f"{nested}/."]
    paths += [os.fsencode(text(top)), pathlib.Path(text(top))]
    return [(outcome(lambda: open(path).read()), os.path.exists(path), os.path.isdir(path)) for path in paths]


@operation
def told(top):
    status = os.stat(text(top))
    with os.scandir(top) as entries:
        entry = next(entry for entry in entries if entry.name == "text.txt")
    return [
        stat.filemode(status.st_mode),
        stat.filemode(os.stat(top).st_mode),
        status.st_size,
        status.st_blksize > 0,
        status.st_rdev,
        each(*(lambda name=name: os.stat(os.path.join(top, name, "x" * 300)) for name in ("", "nested", "absent", "text.txt"))),
        len(status),
        (entry.name, os.fspath(entry), entry.is_file(), entry.is_symlink(), entry.stat().st_size),
        each(lambda: os.readlink(text(top)), lambda: os.readlink(os.path.join(top, "absent")), lambda: os.readlink(top)),
        os.path.realpath(text(top)),
        os.path.samefile(text(top), f"{top}/./text.txt"),
        os.path.samefile(top, text(top)),
        [os.path.islink(top), os.path.ismount(top), os.path.lexists(text(top)), os.path.getmtime(text(top)) > 0],
        os.access(text(top), os.R_OK),
        os.listxattr(text(top)),
        each(lambda: os.getxattr(text(top), "user.x"), lambda: os.getxattr(os.path.join(top, "absent"), "user.x")),
        type(shutil.disk_usage(top)).__name__,
        (len(os.statvfs(top)), os.statvfs(text(top)).f_bsize > 0, os.pathconf(top, "PC_NAME_MAX") > 0),
        each(*[lambda call=call: call(os.path.join(top, "absent")) for call in (os.statvfs, os.listdir, os.scandir, os.stat, os.lstat)]),
        each(*[lambda call=call: call(os.path.join(text(top), "x")) for call in (os.statvfs, os.listdir, os.stat, os.rmdir, os.mkdir)]),
        each(lambda: os.listdir(text(top)), lambda: os.scandir(text(top)), lambda: os.mkdir(top), lambda: os.link(text(top), top)),
        each(lambda: os.symlink("x", top), lambda: os.truncate(top, 0), lambda: os.chmod(os.path.join(top, "absent"), 0o600)),
        each(lambda: os.utime(os.path.join(top, "absent")), lambda: os.makedirs(os.path.join(top, "nested"), exist_ok=True)),
        each(lambda: os.link(os.path.join(top, "absent"), text(top)), lambda: os.rename(os.path.join(top, "a", "b"), text(top))),
        each(lambda: os.stat(text(top), 5), lambda: os.listdir(1.5), lambda: os.access(text(top)), lambda: os.stat(text(top) + "\0")),
    ]


@operation
def copied(top):
    with tempfile.TemporaryDirectory() as directory:
        target = os.path.join(directory, "copy")

        def result(copier):
            shutil.rmtree(target, ignore_errors=True)
            with contextlib.suppress(OSError):
                os.remove(target)
            copier()
            found = []
            below = glob.glob(os.path.join(target, "**"), recursive=True) if os.path.isdir(target) else []
            for path in [target, *sorted(below)]:
                status = os.stat(path)
                kept = status.st_mtime_ns == os.stat(os.path.join(top, os.path.relpath(path, target))).st_mtime_ns if os.path.isdir(target) else None
                found.append((os.path.relpath(path, target), oct(status.st_mode), kept, os.access(path, os.W_OK), os.path.isdir(path) or open(path, "rb").read()))
            return found

        def with_mode():
            open(target, "w").close()
            os.chmod(target, 0o600)
            shutil.copymode(text(top), target)

        facts = [result(with_mode), shutil.copy(text(top), directory) == os.path.join(directory, "text.txt")]
        for copier in (shutil.copy, shutil.copy2, shutil.copyfile):
            facts.append(result(lambda: copier(text(top), target)))
            facts.append(result(lambda: copier(pathlib.Path(text(top)), pathlib.Path(target))))
        facts.append(result(lambda: shutil.copytree(top, target)))
        facts.append(result(lambda: shutil.copytree(top, target, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("*.txt"))))
        facts += each(lambda: shutil.copy(top, directory), lambda: shutil.copyfile(text(top), text(top)))
        facts.append(filecmp.cmp(text(top), os.path.join(directory, "text.txt"), shallow=False))
        archive = shutil.make_archive(os.path.join(directory, "archive"), "zip", top)
        with zipfile.ZipFile(archive) as zipped:
            facts.append(sorted(zipped.namelist()))
        with tarfile.open(os.path.join(directory, "a.tar"), "w") as tar:
            tar.add(top, "a")
            facts.append(sorted((member.name, member.isdir(), oct(member.mode), member.size) for member in tar))
        return facts


@operation
def read_by_the_library(top):
    with tokenize.open(text(top)) as stream:
        facts = [stream.encoding, stream.read()]
    linecache.clearcache()
    facts += [linecache.getlines(text(top)), list(csv.reader(open(text(top))))]
    with fileinput.input([text(top)]) as lines:
        facts.append([(line, lines.filename(), lines.filelineno()) for line in lines])
    with open(binary(top), "rb") as stream:
        facts.append(hashlib.sha256(stream.read()).hexdigest())
    with open(binary(top), "rb") as stream:
        facts.append(hashlib.file_digest(stream, "sha256").hexdigest())
    facts += each(lambda: configparser.ConfigParser().read(text(top)), lambda: gzip.open(text(top)).read())
    facts += each(lambda: zipfile.ZipFile(text(top)), lambda: tarfile.open(text(top)), lambda: configparser.ConfigParser().read(text(top) + "x"))
    comparison = filecmp.dircmp(top, top)
    facts += [comparison.same_files, comparison.common_dirs, fnmatch.filter(os.listdir(top), "*.txt")]
    return facts


@operation
def concrete_paths(top):
    path = pathlib.Path(top)
    return [
        (path / "text.txt").read_text(), (path / "text.txt").read_bytes(), sorted(path.iterdir()), sorted(path.rglob("*")),
        sorted(path.glob("**/*.bin")), path.resolve(), (path / "nested" / ".." / "text.txt").resolve(), path.is_dir(),
        (path / "text.txt").samefile(text(top)), (path / "text.txt").stat().st_size, path.is_symlink(), path.is_mount(),
        [path.exists(), (path / "absent").exists(), (path / "text.txt" / "x").exists(), (path / "text.txt").is_file()],
        each(lambda: (path / "absent").read_text(), lambda: path.read_bytes(), lambda: list((path / "text.txt").iterdir())),
        each(lambda: path.mkdir(), lambda: (path / "nested").mkdir(exist_ok=True), lambda: (path / "text.txt").touch(exist_ok=False)),
        each(lambda: (path / "absent").resolve(strict=True), lambda: path.readlink()),
        (path / "nested" / ".." / "text.txt").resolve(strict=True), os.path.realpath(path, strict=True),
        each(
            lambda: os.path.realpath(path / "text.txt" / "x", strict=True), lambda: os.path.realpath(path / "a" / "b", strict=True),
            lambda: os.path.realpath(path / "absent"), lambda: os.path.realpath(path / "absent", strict=False),
        ),
    ]


@of_path
def parts_of_paths(top):
    path = top / "nested" / "bytes.tar.bin"
    return [
        path.name, path.stem, path.suffix, path.suffixes, path.parent, path.parent.parent, path.parts[-2:], path.parents[0], path.parents[1],
        path.with_suffix(".x"), path.with_name("y"), path.with_stem("z"), path.relative_to(top), path.relative_to(str(top)), path.as_posix(),
        path.is_relative_to(top), top.is_relative_to(path), path.match("*.bin"), path.match("nested/*"), path.is_absolute(), path.anchor, path.drive,
        path.absolute(), path.resolve(), path.expanduser(), path.joinpath("a", "b/c"), path.joinpath(), top.joinpath(pathlib.PurePath("a/b")),
        path / pathlib.Path("q"), "x" / path, path / "/absolute", str(path), os.fspath(path), bytes(path), f"{path}", os.path.join(path, "x"),
        path.as_uri(), each(lambda: path / 5, lambda: path / None, lambda: path.with_name(""), lambda: top.relative_to(path), lambda: path.absent),
        os.path.basename(path), os.path.splitext(path), pathlib.Path(path), pathlib.PurePath(path).name, top / "nested" / "", top / ".",
    ]


@of_path
def paths_as_values(top):
    one, other, third = top / "a", top / "b", top / "a" / "x"
    concrete = pathlib.Path(str(one))
    return [
        sorted([other, third, one]), one < other, one <= one, one > third, max(one, other), one == top / "a", one != other, one == "a", one == str(one),
        {one: 1}[top / "a"], len({one, other, top / "a"}), one == concrete, concrete == one, hash(one) == hash(concrete), {concrete: 2}[one], concrete < other,
        sorted([pathlib.Path(str(other)), one]), each(lambda: one < "b", lambda: one < 5), copy.copy(one) == one, copy.deepcopy([one]) == [one],
        pickle.loads(pickle.dumps(one)) == one, sorted(top.iterdir()), isinstance(one, os.PathLike), isinstance(one, importlib.resources.abc.Traversable),
    ]


@of_path
def paths_read(top):
    file = top / "text.txt"
    return [
        described(file.open()), described(file.open("rb")), described(file.open("r", encoding="latin-1", errors="strict", newline="")),
        described(file.open(mode="rb", buffering=0))[1:], described(file.open("r", 1, "utf-8")), file.read_text(), file.read_text("latin-1"),
        file.read_text("ascii", "replace"), file.read_text(encoding="ascii", errors="ignore"), file.read_bytes(), file.exists(), top.is_dir(),
        file.is_file(), (top / "absent").exists(), file.is_symlink(), file.stat().st_size, file.lstat().st_size, stat.filemode(file.stat().st_mode),
        file.samefile(str(file)), file.samefile(top), (top / "nested").is_mount(),
        each(lambda: file.open("q"), lambda: file.open("rb", encoding="x"), lambda: top.open(), lambda: (top / "absent").open(), lambda: file.open("x")),
        each(lambda: file.read_text("ascii"), lambda: top.read_bytes(), lambda: (top / "absent").read_text(), lambda: (top / "absent").stat()),
        each(lambda: list(file.iterdir()), lambda: list((top / "absent").iterdir()), lambda: (file / "x").read_text(), lambda: (file / "x").stat()),
        (top / "nested" / ".." / "text.txt").read_text(), top.joinpath("nested", "bytes.bin").read_bytes(), top.joinpath("nested/bytes.bin").is_file(),
    ]


@of_path
def paths_found(top):
    patterns = ["*", "*.txt", "**/*", "**/*.bin", "nested/*", "*/bytes.bin", "**", "absent", "nested", "n?sted/[ab]*", "*/", "TEXT.txt"]
    found = [sorted(map(str, top.glob(pattern))) for pattern in patterns]
    found += [sorted(map(str, top.rglob(pattern))) for pattern in ["*", "*.bin", "nested/*", "bytes.bin", "absent"]]
    found += [kind for kind, _ in each(lambda: list(top.glob("")), lambda: list(top.glob("/x")))]
    if sys.version_info >= (3, 12):
        found += [sorted(top.walk()), sorted(top.walk(top_down=False)), list((top / "absent").walk()), [str(path) for path in top.glob("T*", case_sensitive=False)]]
        pruned = []
        for path, directories, files in top.walk():
            pruned.append((path, files))
            directories.clear()
        found.append(pruned)
    return found


@of_path
def paths_given_to_functions(top):
    file = top / "text.txt"
    with tempfile.TemporaryDirectory() as directory:
        shutil.copy(file, directory)
        shutil.copytree(top, os.path.join(directory, "tree"))
        facts = sorted(os.listdir(directory)) + sorted(os.listdir(os.path.join(directory, "tree")))
    with importlib.resources.as_file(file) as path:
        facts += [type(path).__name__, path.name, path.read_bytes()]
    with importlib.resources.as_file(top) as path:
        facts += [type(path).__name__, path.name, sorted(child.name for child in path.rglob("*"))]
    facts += [described(open(file)), os.stat(file).st_size, os.path.exists(file), sorted(os.listdir(top)), os.path.getsize(file)]
    facts += [described(io.open(file, "rb")), sorted(glob.glob(str(top / "*"))), os.path.isdir(top), [*os.walk(top / "nested")]]
    return facts


def written(value, top):
    """As text, without what must differ."""
    text = repr(value).replace(str(top), "TOP").replace(os.path.relpath(top), "TOP")
    return text.replace("include_py.Bundle", "Bundle").replace("BundlePath", "PosixPath").replace("BundleFile", "FileIO")


def differences(path):
    """Lines that say what isn't the same for the directory `path` of a bundle and for a copy of it."""
    lines = []
    with importlib.resources.as_file(path) as copied:
        for function in OPERATIONS + PATHS:
            given = (str(path), str(copied)) if function in OPERATIONS else (path, copied)
            results = []
            for top in given:
                result = outcome(lambda: function(top))
                result = result if isinstance(result, list) else [result]
                results.append([written(one, top) for one in result])
            ours, theirs = results
            for place in range(max(len(ours), len(theirs))):
                pair = [side[place] if place < len(side) else "nothing" for side in (ours, theirs)]
                if pair[0] != pair[1]:
                    lines.append(f"{function.__name__} {place}:\n  bundle {pair[0]}\n  files  {pair[1]}")
    return lines
