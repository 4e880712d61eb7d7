import os
import tempfile

import Cython.Compiler.Scanning
from Cython.Compiler.Main import CompilationOptions, compile_single, default_options


def use():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "fast.pyx")
        with open(path, "w") as file:
            file.write("from libc.math cimport sqrt\ncdef double root(double x):\n    return sqrt(x)\n\ndef use(int x):\n    return [root(n) for n in range(x)]\n")
        made = compile_single(path, CompilationOptions(default_options, language_level=3), "fast")
        with open(os.path.join(directory, "fast.c")) as file:
            text = file.read()
    return [made.num_errors, "PyInit_fast" in text, text.count("__Pyx_") > 100, Cython.Compiler.Scanning.__file__.rsplit(".", 1)[1]]
