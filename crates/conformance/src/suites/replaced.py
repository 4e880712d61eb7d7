"""Runs a suite of CPython's tests in which `compile()`, `exec()` and `eval()` use our compiler for sources.

`replaced.py REPORT SUITE PROGRAM VERSION`; without the last two arguments, the interpreter's own compiler is used. A line
`COUNTS {"ours": 12, …}` says how many sources ours compiled, and how many were left to the interpreter, by reason.
"""
import __future__
import builtins
import codecs
import collections
import json
import marshal
import os
import re
import subprocess
import sys
import warnings

FUTURE = 0
for _feature in __future__.all_feature_names:
    FUTURE |= getattr(__future__, _feature).compiler_flag
# These are always on, so they change nothing. `nested_scopes` has the same number as another flag.
ALWAYS_ON = 0
for _feature in ("nested_scopes", "generators", "division", "absolute_import", "with_statement", "print_function",
                 "unicode_literals", "generator_stop"):
    ALWAYS_ON |= getattr(__future__, _feature).compiler_flag
# PyCF_DONT_IMPLY_DEDENT and PyCF_SOURCE_IS_UTF8 have no effect on complete sources.
HARMLESS = 0x0200 | 0x0100
COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
CATEGORIES = {"SyntaxWarning": SyntaxWarning, "DeprecationWarning": DeprecationWarning}

counts = collections.Counter()
theirs = {name: getattr(builtins, name) for name in ("compile", "exec", "eval")}


class Compiler:
    """The process of our compiler; each process that compiles has its own."""

    def __init__(self, program, version):
        self.command = [program, "suites", "--answer", version]
        self.process = None
        self.owner = None

    def ask(self, **request):
        if self.owner != os.getpid():
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe)
            self.owner = os.getpid()
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemError("our compiler has ended")
        return json.loads(line)


def bytes_of(source):
    """The bytes to compile, or a str: the reason why the interpreter must compile this."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    if not isinstance(source, str):
        return "not a source"
    for line in source.split("\n", 2)[:2]:
        found = COOKIE.match(line)
        if found and found[1].lower().replace("_", "-") not in ("utf-8", "utf8"):
            return "a text with a cookie, which `compile()` doesn't read"
    try:
        # With a byte order mark, columns count characters, as in all texts. Without, those of bytes count bytes in 3.11
        # and 3.12.
        return codecs.BOM_UTF8 + source.encode()
    except UnicodeEncodeError:
        return "a text with surrogates"


def inherited(frame):
    """The future features of the calling code."""
    return frame.f_code.co_flags & FUTURE & ~ALWAYS_ON


def ours(compiler, source, filename, mode, flags, optimize):
    """The code, or a str: the reason why the interpreter must compile this."""
    if not isinstance(filename, str) or mode not in ("exec", "single", "eval"):
        return "arguments that it refuses, or that only it has"
    if flags & ~ALWAYS_ON & ~HARMLESS:
        return "flags: a tree, features of the code around, incomplete input, `await` at the top"
    source = bytes_of(source)
    if isinstance(source, str):
        return source
    level = sys.flags.optimize if optimize == -1 else optimize
    try:
        answer = compiler.ask(source=source.hex(), file=filename, mode=mode, optimize=level)
    except UnicodeEncodeError:
        return "a file name with surrogates"
    text = source.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").split("\n")
    for category, message, *place in answer["warnings"]:
        try:
            warnings.warn_explicit(message, CATEGORIES[category], filename, place[0] or 0)
        except (SyntaxWarning, DeprecationWarning):
            # A filter turned the warning into an error (`compile.c: _PyCompile_Warn`, `_PyErr_EmitSyntaxWarning`).
            line, column, end_line, end_column = place
            shown = text[line - 1] if line and line <= len(text) else None
            # The error's message, unlike the warning's, lacks this sentence.
            message = message.replace(" Such sequences will not work in the future.", "")
            raise SyntaxError(message, (filename, line, column, shown, end_line, end_column)) from None
    if "error" in answer:
        raise exception(*answer["error"], filename, text)
    return marshal.loads(bytes.fromhex(answer["code"]))


def exception(name, message, line, column, end_line, end_column, shown, filename, text):
    kind = getattr(builtins, name)
    if not issubclass(kind, SyntaxError):
        return kind(message)
    if shown is not None and line is not None and line < len(text):
        shown += "\n"
    if line is None:
        # The location of errors about the bytes as a whole (`pegen_errors.c: _Pypegen_tokenizer_error`, 3.13).
        return kind(message, (filename, 0, -1, None)) if "codec" in message or "encoding" in message else kind(message)
    return kind(message, (filename, line, column or 0, shown, end_line, end_column or 0))


def replace(compiler):
    def made(source, filename, mode, flags, optimize):
        code = ours(compiler, source, filename, mode, flags, optimize)
        if isinstance(code, str):
            counts[code] += 1
            return None
        counts["ours"] += 1
        return code

    def compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, **others):
        around = 0 if dont_inherit else inherited(sys._getframe(1))
        named = os.fsdecode(filename) if isinstance(filename, (bytes, os.PathLike)) else filename
        try:
            code = made(source, named, mode, flags | around, optimize) if not others else None
        except (SyntaxError, ValueError):
            counts["ours"] += 1
            raise
        if code is None:
            return theirs["compile"](source, filename, mode, flags | around, True, optimize, **others)
        return code

    def run(name, mode):
        def executed(source, globals=None, locals=None, /, **others):
            frame = sys._getframe(1)
            if globals is None:
                globals = frame.f_globals
                if locals is None:
                    fast = frame.f_code.co_flags & 1
                    locals = dict(frame.f_locals) if fast else frame.f_locals
            if isinstance(source, (str, bytes)):
                if name == "eval":
                    source = source.lstrip(" \t" if isinstance(source, str) else b" \t")
                try:
                    source = made(source, "<string>", mode, inherited(frame), -1) or source
                except (SyntaxError, ValueError):
                    counts["ours"] += 1
                    raise
            return theirs[name](source, globals, locals, **others)
        return executed

    builtins.compile = compile
    builtins.exec = run("exec", "exec")
    builtins.eval = run("eval", "eval")


def main(report, suite, *replacement):
    if replacement:
        replace(Compiler(*replacement))
    sys.argv = ["test", "--junit-xml", report, suite]
    try:
        from test.libregrtest.main import main as run
        run()
    finally:
        print("COUNTS", json.dumps(counts), file=sys.__stderr__)


main(*sys.argv[1:])
