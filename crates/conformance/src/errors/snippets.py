"""Writes the sources of one of the interpreter's own tests: `snippets.py test_syntax`. Each is preceded by its length.

The test runs, and an audit hook records what is compiled. The string literals of the test's file, and the examples in
them, are sources as well.
"""
import ast
import doctest
import importlib.util
import os
import signal
import struct
import sys
import tempfile
import textwrap
import unittest

LONGEST = 20_000
SECONDS = 300

seen = set()
library = os.path.dirname(os.__file__)
process = os.getpid()
output = os.fdopen(os.dup(1), "wb")


def note(source):
    if isinstance(source, str):
        try:
            source = source.encode()
        except UnicodeEncodeError:
            return
    if isinstance(source, bytes) and len(source) < LONGEST and source not in seen and os.getpid() == process:
        seen.add(source)
        output.write(struct.pack("<I", len(source)) + source)


def watch(event, arguments):
    if event == "compile" and not str(arguments[1]).startswith(library):
        note(arguments[0])


def note_literals(path):
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            note(node.value)
            if isinstance(node.value, str):
                note(textwrap.dedent(node.value))
                try:
                    examples = doctest.DocTestParser().get_examples(node.value)
                except ValueError:
                    continue
                for example in examples:
                    note(example.source)


def finish(*_):
    output.flush()
    os._exit(0)


def main(name):
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in 0, 1, 2:
        os.dup2(nowhere, stream)
    signal.signal(signal.SIGALRM, finish)
    signal.alarm(SECONDS)
    os.chdir(tempfile.mkdtemp())
    spec = importlib.util.find_spec("test." + name)
    if spec is None:
        finish()
    note_literals(spec.origin)
    tests = unittest.defaultTestLoader.loadTestsFromName("test." + name)
    sys.addaudithook(watch)
    tests.run(unittest.TestResult())
    finish()


main(*sys.argv[1:])
