"""Prints the output of CPython's code generator, unit by unit: the interpreter's side of `cargo xtask conformance instructions`.

`answer` returns 0 and the units, or 1 and the reason why there are none. `stage.py`, which is appended to this, calls it.
Nested units come before those around them, with an empty line after each:

    LOAD_NAME 0 1:0-1:1
    POP_JUMP_IF_FALSE to 4 1:0-1:1
    RETURN_VALUE 0 -
"""
import ast
import opcode

import _testinternalcapi as internals

NAMES = {number: name for name, number in opcode.opmap.items()}
TARGETS = {name for name in opcode.opmap if "JUMP" in name or name.startswith("SETUP_") and name != "SETUP_ANNOTATIONS"}
TARGETS |= {"FOR_ITER", "SEND"}
if opcode.opmap["END_ASYNC_FOR"] in opcode.hasjump:
    TARGETS.add("END_ASYNC_FOR")


def show(sequence, lines):
    for nested in sequence.get_nested():
        show(nested, lines)
    for number, argument, line, end_line, column, end_column in sequence.get_instructions():
        name = NAMES[number]
        argument = "to %d" % argument if name in TARGETS else str(argument or 0)
        place = (line, column, end_line, end_column)
        nowhere = {(-1, -1, -1, -1): "-", (-2, -2, -2, -2): "next"}
        place = nowhere.get(place) or "%d:%d-%d:%d" % place
        lines.append("%s %s %s" % (name, argument, place))
    lines.append("")


def answer(source):
    try:
        tree = compile(source, "m.py", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        sequence, _ = internals.compiler_codegen(tree, "m.py", 0)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return 1, "%s: %s" % (type(error).__name__, getattr(error, "msg", None) or error)
    lines = []
    show(sequence, lines)
    return 0, "\n".join(lines) + "\n"
