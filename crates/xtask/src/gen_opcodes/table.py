"""Prints crates/pyc-code/src/op/pyXY.rs for the interpreter that runs this.

    python3.13 table.py > crates/pyc-code/src/op/py313.rs

Everything comes from the interpreter: numbers and caches from `opcode`, stack effects from `dis.stack_effect`, and the
meaning of arguments from the output of `dis` for one instruction with that argument.
"""
import dis
import opcode
import sys

OPS = sorted((number, name) for name, number in opcode.opmap.items()
             if number < 256 and not name.startswith("INSTRUMENTED_"))
MARKS = tuple("mark%d" % index for index in range(256))


def has_argument(number):
    return number in opcode.hasarg if hasattr(opcode, "hasarg") else number >= opcode.HAVE_ARGUMENT


def caches(number, name):
    entries = getattr(opcode, "_inline_cache_entries", None)
    if entries is None:
        return 0
    return entries.get(name, 0) if hasattr(entries, "get") else entries[number]


LOCALS = compile("def f(%s): pass" % ",".join(MARKS), "probe", "exec").co_consts[0]
FREE = compile("def f():\n %s=0\n def g(): return %s" % ("=".join(MARKS), ",".join(MARKS)), "probe", "exec")
FREE = next(c for c in next(c for c in FREE.co_consts if hasattr(c, "co_code")).co_consts if hasattr(c, "co_code"))


def probe(number, argument, code=LOCALS):
    """The one instruction as `dis` sees it, with 100 NOPs before and after for jumps to land on."""
    nops = bytes([opcode.opmap["NOP"], 0]) * 600
    body = nops + bytes([number, argument]) + nops
    code = code.replace(co_code=body, co_names=MARKS, co_consts=MARKS,
                        **({"co_linetable": b""} if hasattr(code, "co_linetable") else {"co_lnotab": b""}))
    return next(i for i in dis.get_instructions(code) if i.offset == len(nops))


def argument_kind(number, name):
    if not has_argument(number):
        return "Argument::None"
    if name in ("EXTENDED_ARG", "ENTER_EXECUTOR", "TRACE_RECORD"):  # building code with the latter two crashes CPython
        return "Argument::Number"
    if number in opcode.hasjabs:
        return "Argument::Jump(Direction::Absolute)"
    if number in opcode.hasjrel:
        away = probe(number, 4).argval
        return "Argument::Jump(Direction::%s)" % ("Forward" if away > 1200 else "Backward")
    if number in opcode.hasconst:
        return "Argument::Const" if probe(number, 3).argrepr == repr(MARKS[3]) else "Argument::Number"
    if number in opcode.hasname:
        return name_kind(number)
    if number in opcode.hascompare:
        return compare_kind(number)
    if number in opcode.hasfree or number in opcode.haslocal:
        instruction = probe(number, 0x21, LOCALS if number in opcode.haslocal or sys.version_info >= (3, 11) else FREE)
        if isinstance(instruction.argval, tuple):
            return "Argument::LocalPair"
        return "Argument::Cell" if number in opcode.hasfree else "Argument::Local"
    return choice_kind(number)


def name_kind(number):
    shift = next(shift for shift in range(4) if probe(number, 0x80).argval == MARKS[0x80 >> shift])
    shown = [probe(number, flags).argrepr.replace(MARKS[0], "{}") for flags in range(1 << shift)]
    return "Argument::Name { shift: %d, shown: %s }" % (shift, strings(shown))


def compare_kind(number):
    shown = list(opcode.cmp_op)
    shift = next(shift for shift in range(8) if probe(number, 5 << shift).argval == shown[5])
    to_bool = next((1 << bit for bit in range(shift) if "bool(" in probe(number, 1 << bit).argrepr), 0)
    return "Argument::Compare { shift: %d, to_bool: %d, shown: %s }" % (shift, to_bool, strings(shown))


def choice_kind(number):
    """The shortest list that describes what `dis` shows: it may repeat after a power of two, or stay the same."""
    shown = []
    for argument in range(256):
        try:
            shown.append(probe(number, argument).argrepr)
        except (IndexError, KeyError):
            break
    if not any(shown):
        return "Argument::Number"
    for length in (1, 2, 4, 8, 16, 32, 64, 128):
        rest = shown[length:]
        if all(text == shown[index % length] for index, text in enumerate(shown)) or \
                len(shown) == 256 and all(text == shown[length - 1] for text in rest):
            shown = shown[:length]
            break
    return "Argument::Choice(%s)" % strings(shown)


def strings(texts):
    return "&[%s]" % ", ".join('"%s"' % text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)


def effect(number, jump):
    if not has_argument(number):
        try:
            return "Effect::Fixed(%d)" % dis.stack_effect(number, jump=jump)
        except ValueError:
            return "Effect::Fixed(0)"
    arguments = list(range(300)) + [0x102, 0x203, 0x1002]
    try:
        known = [(argument, dis.stack_effect(number, argument, jump=jump)) for argument in arguments]
    except ValueError:
        return "Effect::Fixed(0)"
    at = dict(known)
    base, each = at[0], at[1] - at[0]
    bits = [at[1 << bit] - base for bit in range(4)]
    models = [
        ("Effect::Fixed(%d)" % base, lambda a: base),
        ("Effect::PerArgument { base: %d, each: %d }" % (base, each), lambda a: base + a * each),
        ("Effect::PerBit { base: %d, bits: %s }" % (base, bits), lambda a: base + sum(bits[i] for i in range(4) if a >> i & 1)),
        ("Effect::PerByte { base: %d }" % base, lambda a: base + a % 256 + a // 256),
    ]
    models += [("Effect::At { argument: %d, then: %d, otherwise: %d }" % (x, at[x], base),
                lambda a, x=x: at[x] if a == x else base) for x in range(1, 16)]
    for text, model in models:
        if all(model(a) == e for a, e in known):
            return text
    raise SystemExit("no model for the stack effect of %s: %s" % (opcode.opname[number], known[:16]))


def main():
    version = "3.%d" % sys.version_info[1]
    forward = opcode.opmap["JUMP_FORWARD"]
    unit = (probe(forward, 8).argval - probe(forward, 4).argval) // 4
    rows = [(number, name, caches(number, name), argument_kind(number, name), effect(number, False), effect(number, True))
            for number, name in OPS]
    text = "\n".join("    row(Op::%s, %d, %d, %s, %s, %s)," % (name, number, cached, kind, straight, jump)
                     for number, name, cached, kind, straight, jump in rows)
    jump = ", Direction" if "Direction::" in text else ""
    print("""//! The instructions of CPython %s.
//!
//! @generated by `cargo xtask gen-opcodes` from the interpreter itself

use super::effect::Effect;
use super::mnemonic::Op;
use super::table::{Argument%s, Info, Table, row};

pub(super) static ROWS: [Info; %d] = [
%s
];

pub(super) const TABLE: Table = Table::new(&ROWS, %d);""" % (version, jump, len(rows), text, unit))


main()
