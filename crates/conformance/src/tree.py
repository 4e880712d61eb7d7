"""Prints `ast.parse` as `pyc_compiler::stage::syntax` does: the interpreter's side of `cargo xtask conformance tree`.

`answer` returns 0 and the tree, or 1 and the reason why there is none. `stage.py`, which is appended to this, calls it.
"""
import ast
import struct
import sys

sys.set_int_max_str_digits(0)
UNNAMED = {"type_ignores", "type_comment"}


def quote(data):
    return "'%s'" % "".join(chr(b) if 32 <= b < 127 and b not in (39, 92) else "\\x%02x" % b for b in data)


def text(value):
    return quote(value.encode("utf-8", "surrogatepass"))


def bits(value):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", value))


def constant(value):
    match value:
        case str():
            return text(value)
        case bytes():
            return "b" + quote(value)
        case float():
            return "float:" + bits(value)
        case complex():
            return "complex:%s,%s" % (bits(value.real), bits(value.imag))
        case _ if value is ...:
            return "Ellipsis"
        case _:
            return str(value)


def head(node):
    parts = [type(node).__name__]
    if hasattr(node, "lineno"):
        parts.append("%d:%d-%d:%d" % (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset))
    for name, value in ast.iter_fields(node):
        if name in UNNAMED:
            continue
        if name == "value" and isinstance(node, (ast.Constant, ast.MatchSingleton)):
            parts.append("value=" + constant(value))
        elif isinstance(value, (ast.operator, ast.unaryop, ast.boolop, ast.expr_context)):
            parts.append("%s=%s" % (name, type(value).__name__))
        elif name == "ops":
            parts.extend("op=" + type(op).__name__ for op in value)
        elif name == "kind":
            parts.extend(["kind=u"] if value == "u" else [])
        elif isinstance(value, str):
            parts.append("%s=%s" % (name, text(value)))
        elif isinstance(value, int):
            parts.append("%s=%d" % (name, value))
        elif isinstance(value, list):
            parts.extend("%s=%s" % (name, text(one)) for one in value if isinstance(one, str))
    return " ".join(parts)


def show(lines, indent, field, node):
    if node is None:
        lines.append("  " * indent + field + " -")
        return
    lines.append("  " * indent + field + " " + head(node))
    for name, value in ast.iter_fields(node):
        if name in UNNAMED or name == "ops":
            continue
        if isinstance(value, list):
            for one in value:
                if not isinstance(one, str):
                    show(lines, indent + 1, name, one)
        elif isinstance(value, ast.AST) and not isinstance(value, (ast.operator, ast.unaryop, ast.boolop, ast.expr_context)):
            show(lines, indent + 1, name, value)


def answer(source):
    try:
        tree = compile(source, "m.py", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        message = "%s:%s:%s: %s: %s" % (
            getattr(error, "lineno", None), getattr(error, "offset", None), getattr(error, "end_offset", None),
            type(error).__name__, getattr(error, "msg", None) or error)
        return 1, message
    lines = []
    show(lines, 0, "", tree)
    lines[0] = lines[0].strip()
    return 0, "\n".join(lines) + "\n"
