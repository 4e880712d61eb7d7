"""Makes the specimens of the Python that runs this: specimen.3NN.pyc, its listing and its canonical form.

    python3.13 make.py ../../../../path/to/cf1.py

The listing is that of `dis`, without the addresses of code objects and with the elements of frozensets sorted.
"""
import builtins
import dis
import importlib.util
import io
import marshal
import os
import py_compile
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def shown(value):
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


def listing(code):
    dis.repr = shown
    out = io.StringIO()
    dis.dis(code, file=out)
    address = re.compile(r"^(Disassembly of <code object .*?) at 0x[0-9a-f]+(?=, file )", re.M)
    return address.sub(r"\1", out.getvalue())


def main(cf1):
    spec = importlib.util.spec_from_file_location("cf1", cf1)
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    base = os.path.join(HERE, "specimen.3%02d" % sys.version_info[1])
    py_compile.compile(os.path.join(HERE, "specimen.py"), base + ".pyc", "specimen.py", doraise=True,
                       invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    with open(base + ".pyc", "rb") as file:
        stream = file.read()[16:]
    with open(base + ".dis", "w", encoding="utf-8") as file:
        file.write(listing(marshal.loads(stream)))
    with open(base + ".cf1", "wb") as file:
        file.write(oracle.canonical(stream, sys.version_info[1]))


main(sys.argv[1])
