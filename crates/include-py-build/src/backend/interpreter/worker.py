"""Compiles modules for include-py-build. Requests come from standard input, answers go to standard output.

A frame is b"ipw1", a u32 and that many bytes of fields; a field is a u32 and that many bytes. Integers are
little-endian; in fields they are decimal text, b"" for None.

    first answer   b"ready", then the facts listed in `hello`
    request        manner, file name for the code object, source; the manner is an optimisation level, or
                   b"undocumented": without docstrings, but with assertions
    answer         b"code", marshalled code object, then line and message of each warning
                   b"syntax", type, message, line, column, end line, end column, text of the line
                   b"error", type, message
"""

import _ast
import gc
import marshal
import sys
import warnings

# `importlib.util` has these, too, but it imports half of the standard library.
from _frozen_importlib_external import MAGIC_NUMBER, decode_source

try:
    import posix as system
except ImportError:
    import msvcrt
    import nt as system

    msvcrt.setmode(0, system.O_BINARY)
    msvcrt.setmode(1, system.O_BINARY)

FRAME = b"ipw1"
UNDOCUMENTED = b"undocumented"

ONLY_AST = _ast.PyCF_ONLY_AST
DOCUMENTED = (_ast.Module, _ast.ClassDef, _ast.FunctionDef, _ast.AsyncFunctionDef)

# Nothing else may print between our frames.
CHANNEL = system.dup(1)
system.dup2(2, 1)


def main():
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", SyntaxWarning)
    gc.disable()

    send(hello())
    while True:
        request = receive()
        if request is None:
            break
        send(answer(*request))


def hello():
    flags = sys.flags
    wanted = (
        ("-I", flags.isolated == 1),
        ("-B", flags.dont_write_bytecode == 1),
        ("-S", flags.no_site == 1),
        ("-X utf8", flags.utf8_mode == 1),
    )
    return [
        b"ready",
        sys.implementation.name,
        sys.hexversion,
        int.from_bytes(MAGIC_NUMBER[:2], "little"),
        marshal.version,
        sys.version,
        sys.executable,
        sys.base_prefix,
        getattr(sys, "_stdlib_dir", None),
        next((entry for entry in sys.path if is_extension_dir(entry)), None),
        ", ".join(name for name, given in wanted if not given),
    ]


def is_extension_dir(path):
    name = path.replace("\\", "/").rpartition("/")[2]
    if name not in ("lib-dynload", "DLLs"):
        return False
    try:
        system.stat(path)
    except OSError:
        return False
    return True


def answer(manner, filename, source):
    filename = filename.decode("utf-8")
    level = 0 if manner == UNDOCUMENTED else int(manner)
    try:
        with warnings.catch_warnings(record=True) as caught:
            if manner == UNDOCUMENTED:
                source_or_tree = compile(source, filename, "exec", ONLY_AST, True, level)
                leave_out_docstrings(source_or_tree)
            else:
                source_or_tree = source
            code = compile(source_or_tree, filename, "exec", 0, True, level)
            data = marshal.dumps(code)
    except SyntaxError as error:
        return syntax_error(error, source, filename, level)
    except Exception as error:
        return [b"error", type(error).__name__, str(error)]
    fields = [b"code", data]
    for warning in caught:
        fields += [warning.lineno, str(warning.message)]
    return fields


def leave_out_docstrings(tree):
    """Removes docstrings as -OO does since 3.13: nothing replaces them, and no other string becomes one."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, DOCUMENTED) and node.body and is_string(node.body[0]):
            leave_out_docstring(node)
        # Definitions are statements, and only these lists contain statements.
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                nodes += inner


def leave_out_docstring(node):
    body = node.body
    del body[0]
    if isinstance(node, _ast.Module):
        # A `from __future__ import` couldn't follow a `pass`.
        while body and is_string(body[0]):
            del body[0]
    elif not body:
        line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        body.append(_ast.Pass(lineno=line, end_lineno=line, col_offset=0, end_col_offset=0))
    elif is_string(body[0]):
        place = {name: getattr(body[0], name) for name in body[0]._attributes}
        body[0] = _ast.Pass(**place)


def is_string(statement):
    return (
        isinstance(statement, _ast.Expr)
        and isinstance(statement.value, _ast.Constant)
        and isinstance(statement.value.value, str)
    )


def syntax_error(error, source, filename, optimize):
    """The answer for a module that isn't valid Python, with its columns in characters."""
    line, column, end_line, end_column = error.lineno, error.offset, error.end_lineno, error.end_offset
    text = error.text
    try:
        decoded = decode_source(source)
    except (SyntaxError, UnicodeError, LookupError):
        decoded = None
    if decoded is not None:
        try:
            # Before 3.13, some columns are in bytes if the source is bytes.
            compile(decoded, filename, "exec", 0, True, optimize)
        except SyntaxError as second:
            line, column, end_line, end_column = second.lineno, second.offset, second.end_lineno, second.end_offset
            text = second.text
        if text is None and line is not None:
            # The compiler (not the parser) reads the line from the file with the source's name. If there is no such
            # file, its columns are in bytes (errors.c: PyErr_RangedSyntaxLocationObject, 3.11 to 3.13).
            lines = decoded.split("\n")
            text = lines[line - 1] if 0 < line <= len(lines) else ""
            column = in_characters(text, column)
            if end_line == line:
                end_column = in_characters(text, end_column)
    return [b"syntax", type(error).__name__, error.msg, line, column, end_line, end_column, text]


def in_characters(text, column):
    if column is None or column < 1:
        return column
    return len(text.encode("utf-8")[: column - 1].decode("utf-8", "replace")) + 1


def receive():
    header = read(8, True)
    if header is None:
        return None
    assert header[:4] == FRAME
    body = read(int.from_bytes(header[4:], "little"), False)
    fields = []
    position = 0
    while position < len(body):
        start = position + 4
        position = start + int.from_bytes(body[position:start], "little")
        fields.append(body[start:position])
    return fields


def read(count, may_end):
    """`count` bytes. None at the end of the input, if `may_end` allows it here."""
    parts = []
    missing = count
    while missing:
        part = system.read(0, min(missing, 1 << 20))
        if not part:
            if may_end and missing == count:
                return None
            raise EOFError("a request is incomplete")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def send(fields):
    parts = []
    for field in fields:
        if field is None:
            field = b""
        elif not isinstance(field, bytes):
            # Messages and paths can contain lone surrogates.
            field = str(field).encode("utf-8", "backslashreplace")
        parts += [len(field).to_bytes(4, "little"), field]
    body = b"".join(parts)
    rest = memoryview(FRAME + len(body).to_bytes(4, "little") + body)
    while rest:
        rest = rest[system.write(CHANNEL, rest) :]


main()
