"""Dumps the results of CPython's flow graph and assembler for instruction sequences, one record a sequence.

    flow.py OUTPUT STEP RANDOM

The instructions are those of CPython's own code generator, for every unit of every STEPth file of the standard library.
Constants and variables are made up, since only their kinds and numbers matter. Then come RANDOM sequences that no code
generator would produce. A record:

    unit LABEL LOCALS
    consts VALUE...                              i7 s616263 N T F, t3 before the items of a tuple
    in COUNT        then COUNT lines             OP ARGUMENT LINE END_LINE COLUMN END_COLUMN
    out COUNT       then COUNT lines             after optimize_cfg
    consts VALUE...                              after optimize_cfg
    code CELLS FREES STACK BYTES LOCATIONS EXCEPTIONS VARIABLES CELLVARS
                                                 the result of assemble_code_object for `in`, or nothing after `code`
"""

import ast
import opcode
import os
import random
import sys
import warnings

import _testinternalcapi as internals

NAMES = {number: name for name, number in opcode.opmap.items()}
JUMPS = {name for name in opcode.opmap if "JUMP" in name or name in ("FOR_ITER", "SEND")}
PUSHES = {"SETUP_FINALLY", "SETUP_CLEANUP", "SETUP_WITH"}
EXITS = {"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "JUMP", "JUMP_NO_INTERRUPT"}
LOCALS = {name for name in opcode.opmap if name.startswith(("LOAD_FAST", "STORE_FAST", "DELETE_FAST"))}
CELLS = {"LOAD_CLOSURE", "LOAD_DEREF", "STORE_DEREF", "DELETE_DEREF", "LOAD_FROM_DICT_OR_DEREF"}
CONSTS = {"LOAD_CONST", "RETURN_CONST"}


def sources(step):
    found = []
    for directory, directories, files in os.walk(os.path.dirname(os.__file__)):
        directories[:] = sorted(set(directories) - {"site-packages", "__pycache__"})
        found += [os.path.join(directory, name) for name in sorted(files) if name.endswith(".py")]
    # Debian has links to files that it doesn't install.
    return list(filter(os.path.exists, found))[::step]


def main(output, step, count):
    with open(output, "w") as out:
        for seed in range(count):
            instructions = scrambled(random.Random(seed))
            unit(out, f"random-{seed}", sequence_of(instructions), assembling=False)
        for path in sources(step):
            with open(path, "rb") as source:
                text = source.read()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    tree = ast.parse(text, path)
                    sequence, _ = internals.compiler_codegen(tree, path, 0)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            todo = [sequence]
            while todo:
                sequence = todo.pop()
                todo.extend(sequence.get_nested())
                unit(out, path, sequence)


SIMPLE = [
    ("NOP", 1), ("POP_TOP", 1), ("TO_BOOL", 1), ("UNARY_NOT", 1), ("PUSH_NULL", 1), ("LOAD_CONST", 12), ("COPY", 3),
    ("SWAP", 4), ("BUILD_TUPLE", 4), ("UNPACK_SEQUENCE", 4), ("COMPARE_OP", 3), ("IS_OP", 2), ("CONTAINS_OP", 2),
    ("LOAD_GLOBAL", 4), ("CALL", 2), ("LOAD_FAST", 20), ("STORE_FAST", 20), ("DELETE_FAST", 3),
    ("LOAD_FAST_AND_CLEAR", 3), ("STORE_FAST_MAYBE_NULL", 3), ("RESUME", 1),
]
OFTEN = [("NOP", 1), ("POP_TOP", 1), ("SWAP", 4), ("LOAD_CONST", 6), ("LOAD_FAST", 4), ("STORE_FAST", 4), ("TO_BOOL", 1)]
CONDITIONS = ["POP_JUMP_IF_TRUE", "POP_JUMP_IF_FALSE", "POP_JUMP_IF_NONE", "POP_JUMP_IF_NOT_NONE"]


def scrambled(chance):
    """Random instructions with jumps to anywhere.

    Backward jumps have lines and come after an instruction that no jump skips: CPython would copy empty loops forever.
    """
    length = chance.randrange(4, 60)
    line, instructions, guarded = 1, [], set()
    while len(instructions) < length:
        at = len(instructions)
        line = max(1, line + chance.choice([0, 0, 0, 0, 1, 1, -1, 2]))
        place = (line, line, 0, 1) if chance.random() < 0.8 else (-1, -1, -1, -1)
        kind = chance.random()
        if kind < 0.2 and at > 0:
            op = chance.choice(CONDITIONS + ["JUMP"] * 3 + ["JUMP_NO_INTERRUPT", "FOR_ITER"])
            target = chance.randrange(length + 1)
            if target <= at + 1:
                place = (line, line, 0, 1)
                instructions.append(("CALL", 0, *place))
                guarded.add(at + 1)
            instructions.append((op, target, *place))
        elif kind < 0.27:
            instructions.append((chance.choice(["RETURN_VALUE", "RAISE_VARARGS", "RERAISE"]), 0, *place))
        else:
            op, limit = chance.choice(SIMPLE if chance.random() < 0.6 else OFTEN)
            instructions.append((op, chance.randrange(limit) + (op in ("COPY", "SWAP", "BUILD_TUPLE")), *place))
    instructions.append(("RETURN_VALUE", 0, line, line, 0, 1))
    last = len(instructions) - 1
    jump = lambda op, target, *place: (op, min(target - (target in guarded), last), *place)
    return [jump(*one) if one[0] in JUMPS else one for one in instructions]


def sequence_of(instructions):
    sequence = internals.new_instruction_sequence()
    labels = {}
    for op, argument, *_ in instructions:
        if op in JUMPS and argument not in labels:
            labels[argument] = sequence.new_label()
    for at, (op, argument, *place) in enumerate(instructions):
        if at in labels:
            sequence.use_label(labels[at])
        sequence.addop(opcode.opmap[op], labels[argument] if op in JUMPS else argument, *place)
    return sequence


def unit(out, path, sequence, assembling=True):
    instructions = [(NAMES[op], argument or 0, *place) for op, argument, *place in sequence.get_instructions()]
    count = lambda ops: 1 + max((argument for op, argument, *_ in instructions if op in ops), default=-1)
    consts = constants(count(CONSTS))
    variables = count(LOCALS)
    cells = count(CELLS)
    line = max(1, min((line for _, _, line, *_ in instructions if line > 0), default=1))
    print("unit", f"{path}:{line}".replace(" ", "_"), variables, file=out)
    print("consts", *map(value, consts), file=out)
    listing(out, "in", instructions)
    # A sequence must end in a return. For nested units, the code generator leaves adding it to the next step.
    if instructions[-1][0] not in EXITS:
        raise SystemExit(f"{path}: a sequence without an end")
    after = list(consts)
    optimized = internals.optimize_cfg(sequence, after, variables).get_instructions()
    listing(out, "out", [(NAMES[op], argument or 0, *place) for op, argument, *place in optimized])
    print("consts", *map(value, after), file=out)
    frees = cells // 3
    if not assembling:
        print("code", file=out)
        return
    print("code", *assembled(path, sequence, instructions, consts, variables, cells - frees, frees, line), file=out)


def constants(count):
    """Distinct constants, of the kinds that passes distinguish."""
    special = {1: None, 2: False, 4: 0, 5: True, 7: "", 8: ()}
    return [special.get(at, 1000 + at if at % 2 else f"s{at}") for at in range(count)]


def value(constant):
    if isinstance(constant, tuple):
        return " ".join([f"t{len(constant)}", *map(value, constant)])
    if isinstance(constant, str):
        return "s" + constant.encode().hex()
    if isinstance(constant, bool) or constant is None:
        return str(constant)[0]
    return f"i{constant}"


def listing(out, title, instructions):
    print(title, len(instructions), file=out)
    for instruction in instructions:
        print(*instruction, file=out)


def assembled(path, sequence, instructions, consts, variables, cells, frees, line):
    """Nothing if a `POP_BLOCK` is unreachable: the assembler has no opcode for it."""
    reached, todo = set(), [0]
    while todo:
        at = todo.pop()
        while at not in reached:
            reached.add(at)
            op, argument, *_ = instructions[at]
            if op in JUMPS or op in PUSHES:
                todo.append(argument)
            if op in EXITS:
                break
            at += 1
    if any(op == "POP_BLOCK" and at not in reached for at, (op, *_) in enumerate(instructions)):
        return []
    numbered = lambda names, start=0: {name: start + at for at, name in enumerate(names)}
    names = [f"v{at}" for at in range(variables)]
    cellvars = [f"v{at}" if at % 2 == 0 and at < variables else f"c{at}" for at in range(cells)]
    metadata = {
        "name": "f", "qualname": "f", "consts": numbered(map(repr, consts)), "names": {},
        "varnames": numbered(names), "cellvars": numbered(cellvars),
        "freevars": numbered([f"f{at}" for at in range(frees)], cells), "fasthidden": {},
        "argcount": 0, "posonlyargcount": 0, "kwonlyargcount": 0, "firstlineno": line,
    }
    code = internals.assemble_code_object(path, sequence, metadata)
    tables = [table.hex() or "-" for table in (code.co_code, code.co_linetable, code.co_exceptiontable)]
    listed = lambda names: ",".join(names) or "-"
    return [cells, frees, code.co_stacksize, *tables, listed(code.co_varnames), listed(code.co_cellvars)]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
