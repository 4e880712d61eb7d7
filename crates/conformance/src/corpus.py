"""Compiles the standard library of the Python that runs this. Writes one record for each file to standard output.

    corpus.py MODE STEP [CF1.py]

MODE is plain, oracle (with the canonical form of CF1.py), listing (with that of dis) or reversed (in reversed order, with
the syntax trees kept alive). A record is a byte that says whether the canonical form loads as an equal object, then name,
stream and extra, each preceded by its length.
"""
import ast
import builtins
import dis
import importlib.util
import inspect
import io
import marshal
import os
import re
import struct
import sys
import warnings

warnings.simplefilter("ignore")
ADDRESS = re.compile(r"^(Disassembly of <code object .*?) at 0x[0-9a-f]+(?=, file )", re.M)


def shown(value):
    """repr() without addresses, and with the elements of frozensets in the order of their text."""
    kind = type(value)
    if kind is tuple:
        return "(" + ", ".join(map(shown, value)) + (",)" if len(value) == 1 else ")")
    if kind is frozenset:
        return "frozenset({" + ", ".join(sorted(map(shown, value))) + "})" if value else "frozenset()"
    if kind is slice:
        return "slice(%s, %s, %s)" % tuple(map(shown, (value.start, value.stop, value.step)))
    if kind.__name__ == "code":
        return '<code object %s, file "%s", line %d>' % (value.co_name, value.co_filename, value.co_firstlineno)
    return builtins.repr(value)


OPTIONS = ("show_caches", "show_offsets", "show_positions")


def listing(code):
    """The names of the options that this version has, and three texts: without and with all of them, and the summaries
    of all code objects."""
    dis.repr = shown
    options = [name for name in OPTIONS if name in inspect.signature(dis.dis).parameters]
    texts = [" ".join(options)]
    for chosen in ([], options):
        out = io.StringIO()
        dis.dis(code, file=out, **dict.fromkeys(chosen, True))
        texts.append(ADDRESS.sub(r"\1", out.getvalue()))
    texts.append("".join(summaries(code)))
    return "\f".join(texts).encode("utf-8", "surrogatepass")


def summaries(code):
    text = dis.code_info(code) + "\n"
    # It formats constants by `%r`.
    for row in enumerate(code.co_consts):
        text = text.replace("%4d: %r\n" % row, "%4d: %s\n" % (row[0], shown(row[1])), 1)
    yield text
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from summaries(constant)


def sources(step):
    library = os.path.dirname(os.__file__)
    found = []
    for directory, directories, files in os.walk(library):
        directories[:] = sorted(set(directories) - {"site-packages", "__pycache__"})
        found += [os.path.join(directory, name) for name in sorted(files) if name.endswith(".py")]
    return library, found[::step]


def equal(stream, canonical):
    """A code object with a NaN among its constants isn't equal to itself."""
    code = marshal.loads(stream)
    return marshal.loads(canonical) == code or marshal.loads(stream) != code


def main(mode, step, cf1=None):
    out = sys.stdout.buffer
    if cf1:
        spec = importlib.util.spec_from_file_location("cf1", cf1)
        oracle = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(oracle)
    library, files = sources(int(step))
    alive = []
    for path in reversed(files) if mode == "reversed" else files:
        name = os.path.relpath(path, library)
        try:
            with open(path, "rb") as file:
                tree = file.read()
            if mode == "reversed":
                tree = ast.parse(tree, name)
                alive = (alive + [tree])[-20:]
            code = compile(tree, name, "exec", dont_inherit=True)
            stream = marshal.dumps(code)
            extra = listing(code) if mode == "listing" else b""
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if cf1:
            extra = oracle.canonical(stream, sys.version_info[1])
        out.write(bytes([not cf1 or equal(stream, extra)]))
        for part in (name.encode("utf-8", "surrogateescape"), stream, extra):
            out.write(struct.pack("<I", len(part)))
            out.write(part)
    out.flush()


main(*sys.argv[1:])
