"""Trees of files as bundles: what include-py-build does with a source directory, at run time and in memory.

    volume(read_directory("/tmp/x"), "/tmp/x")      a Volume whose root is /tmp/x
    volume({"pkg/__init__.py": b"", "pkg/a.txt": b"a"}, "/virtual")
"""
import importlib._bootstrap_external as external
import marshal
import os
import re
import sys
import zipfile

import include_py_conformance


def read_directory(root):
    tree = {}
    for directory, directories, files in os.walk(root):
        directories[:] = [name for name in directories if name != "__pycache__"]
        inner = os.path.relpath(directory, root).replace(os.sep, "/")
        prefix = "" if inner == "." else inner + "/"
        if prefix:
            tree[prefix] = None
        for name in files:
            try:
                with open(os.path.join(directory, name), "rb") as file:
                    tree[prefix + name] = file.read()
            except OSError:
                pass
    return tree


def read_zip(path):
    with zipfile.ZipFile(path) as archive:
        return {
            info.filename: None if info.is_dir() else archive.read(info)
            for info in archive.infolist()
            if info.is_dir() or info.file_size < 1 << 31
        }


def flatten(tree, prefix=""):
    """A tree from nested dictionaries, as in CPython's fixtures."""
    flat = {}
    for name, content in tree.items():
        if isinstance(content, dict):
            flat.update(flatten(content, f"{prefix}{name}/"))
            if not content:
                flat[f"{prefix}{name}/"] = None
        else:
            flat[prefix + name] = content.encode() if isinstance(content, str) else content
    return flat


def install(tree, root):
    """Installs a bundle before those that are installed already, as a test inserts an entry first on sys.path."""
    new = volume(tree, root)
    new.install()
    first(root)
    return new


def first(root):
    """Moves the bundle at this root before the others."""
    ours = [place for place, one in enumerate(sys.meta_path) if type(one).__name__ == "BundleFinder"]
    finder = next(sys.meta_path[place] for place in ours if f'"{root}"' in repr(sys.meta_path[place]))
    sys.meta_path.remove(finder)
    sys.meta_path.insert(ours[0], finder)
    sys.path.remove(root)
    sys.path.insert(0, root)


def volume(tree, root):
    data = include_py_conformance.build("conformance", *parts(tree))
    return include_py_conformance.Volume(data, root)


def parts(tree):
    """Modules, files and distributions of a bundle."""
    # Metadata in a single file, as distutils wrote it.
    bare = [path for path in tree if path.endswith(".egg-info") and "/" not in path]
    tree = {path + "/PKG-INFO" if path in bare else path: data for path, data in tree.items()}
    found, files = {}, {}
    directories = set()
    # In a zip that has entries for directories, only those are namespace packages (zipimport, 3.13).
    portions = {path.rstrip("/") for path, data in tree.items() if data is None and path.endswith("/")}
    for path, data in tree.items():
        *above, name = path.split("/")
        for depth in range(1, len(above) + 1):
            directories.add("/".join(above[:depth]))
        if data is None or not name or ".." in above:
            continue
        if path.endswith((".py", ".pyc")) and "." not in "".join(above) and name.count(".") == 1:
            found.setdefault(path.rpartition(".")[0], {})[path.rpartition(".")[2]] = data
            if path.endswith(".py"):
                continue
        files[path] = data
    modules = []
    for stem, variants in found.items():
        source = variants.get("py")
        code = bytecode(variants.get("pyc")) or compiled(source, stem + ".py")
        if code is None:
            if source is not None:
                files[stem + ".py"] = source
            continue
        package = stem.endswith("/__init__")
        name = stem.removesuffix("/__init__").replace("/", ".")
        if name == "__init__" or (package and stem.removesuffix("/__init__") not in directories):
            files[stem + ".py"] = source or b""
            continue
        modules.append((name, stem + ".py", "package" if package else "module", code, source))
    # A package hides a module of the same name, as it does for importlib.
    packages = {module[0] for module in modules if module[2] == "package"}
    for module in list(modules):
        if module[2] == "module" and module[0] in packages:
            modules.remove(module)
            if module[4] is not None:
                files[module[1]] = module[4]
    taken = {module[0] for module in modules}
    for directory in sorted(portions or directories):
        if directory and "." not in directory and directory.replace("/", ".") not in taken:
            modules.append((directory.replace("/", "."), directory, "namespace", None, None))
    return modules, files, distributions(tree, directories)


def distributions(tree, directories):
    found = {}
    for directory in sorted(directories):
        if directory.endswith((".dist-info", ".egg-info")) or directory == "EGG-INFO":
            metadata = tree.get(directory + "/METADATA") or tree.get(directory + "/PKG-INFO") or b""
            stated = re.search(rb"^Name: *(\S+)", metadata, re.M | re.I)
            name = stated.group(1).decode() if stated else directory.partition("-")[0].partition(".")[0]
            found.setdefault(name, directory)
    return found


def bytecode(data):
    """The code of a .pyc file of this interpreter's magic number."""
    if data is None:
        return None
    try:
        external._classify_pyc(data, "x", {"name": "x"})
        marshal.loads(data[16:])
    except (ImportError, EOFError, ValueError, TypeError):
        return None
    return data[16:]


def compiled(source, path):
    if source is None:
        return None
    try:
        return marshal.dumps(compile(source, path, "exec", dont_inherit=True))
    except (SyntaxError, ValueError):
        return None
