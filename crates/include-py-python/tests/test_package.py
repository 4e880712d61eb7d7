"""Tests of the installed package: `python -m unittest test_package`; `cargo xtask conformance compileall --package` runs them."""

import contextlib
import importlib.util
import io
import marshal
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import warnings

import include_py
import include_py.compileall as compileall
import include_py.py_compile as py_compile


class Code(unittest.TestCase):
    def test_code_is_that_of_compile(self):
        source = b"def f(x):\n    return [y + x for y in range(3)]\n\nresult = f(1)\n"
        pyc = include_py.compile_to_pyc(source, "spam.py")
        self.assertEqual(pyc[:4], importlib.util.MAGIC_NUMBER)
        self.assertEqual(pyc[8:16], importlib.util.source_hash(source))
        code = marshal.loads(pyc[16:])
        self.assertEqual(code, compile(source, "spam.py", "exec", dont_inherit=True, optimize=0))
        namespace = {}
        exec(code, namespace)
        self.assertEqual(namespace["result"], [1, 2, 3])

    def test_errors_are_those_of_compile(self):
        for source in ["x = = 1\n", "é = 'ö' +\n", "if 1:\nx\n", "if 1:\n\tx\n        y\n", "f(a=1, a=2)\n"]:
            with self.subTest(source):
                # As bytes, because columns count those in 3.11 and 3.12.
                with self.assertRaises(SyntaxError) as theirs:
                    compile(source.encode(), "spam.py", "exec", dont_inherit=True)
                with self.assertRaises(SyntaxError) as ours:
                    include_py.compile_to_pyc(source.encode(), "spam.py")
                self.assertIs(type(ours.exception), type(theirs.exception))
                self.assertEqual(self.parts(ours.exception), self.parts(theirs.exception))

    @staticmethod
    def parts(error):
        """All but the text of the line, which the compiler proper leaves to whoever prints the error."""
        return type(error), error.msg, error.filename, error.lineno, error.offset, error.end_lineno, error.end_offset

    def test_levels_and_times_are_in_the_file(self):
        source = b"'doc'\nassert x\n"
        plain, stripped = (include_py.compile_to_pyc(source, "a.py", optimize=level, mtime=7) for level in (0, 2))
        self.assertEqual(plain[8:16], (7).to_bytes(4, "little") + len(source).to_bytes(4, "little"))
        self.assertLess(len(stripped), len(plain))
        self.assertTrue(include_py.diff(plain, stripped))
        self.assertEqual(include_py.diff(plain, plain), [])

    def test_files_are_listed_and_normalised(self):
        theirs = importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile("x = 1\n", "a.py", "exec"))
        ours = include_py.compile_to_pyc(b"x = 1\n", "a.py")
        self.assertEqual(include_py.normalize(theirs)[16:], ours[16:])
        self.assertIn("STORE_NAME", include_py.dis(theirs))
        shown = include_py.dis(theirs, show_caches=True, show_offsets=True, show_positions=True)
        self.assertIn("1:0-1:1", shown)

    def test_misuse_says_what_is_wrong(self):
        for call, message in [
            (lambda: include_py.compile_to_pyc(b"", "a.py", target="3.7.1"), "`3.7.1` isn't a release"),
            (lambda: include_py.compile_to_pyc(b"", "a.py", optimize=3), "`optimize` is 0, 1 or 2"),
            (lambda: compileall.compile_dir(".", exclude="a["), r"the pattern `a\[` is invalid"),
            (lambda: compileall.compile_dir(".", target=[]), "`target` names no release"),
            (lambda: compileall.compile_dir(".", target=["3.13.0", "3.13.1"]), "releases of the same minor version"),
            (lambda: include_py.dis(b"abc"), "not a valid .pyc file"),
            (lambda: include_py.normalize(importlib.util.MAGIC_NUMBER + bytes(13)), "not a valid .pyc file"),
        ]:
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                call()


class Trees(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def compile(self, **options):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            success = compileall.compile_dir(self.root, **options)
        return success, output.getvalue()

    def test_output_and_value_are_those_of_compileall(self):
        import compileall as theirs

        for name, text in [("a.py", "x = 1\n"), ("b.py", "x = = 1\n"), ("c.txt", "")]:
            (self.root / name).write_text(text)
        ours = self.compile(force=True)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            success = theirs.compile_dir(self.root, force=True)
        self.assertEqual(ours, (success, output.getvalue()))

    def test_targets_exclusions_and_the_directory_are_those_of_the_command(self):
        for name in ["a.py", "tests/b.py", "p/c.py"]:
            (self.root / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / "in" / name).write_text("x = 1\n")
        out = self.root / "out"
        options = {"quiet": 1, "target": ["3.12", "3.13.0"], "exclude": "tests", "out_dir": out}
        self.assertTrue(compileall.compile_dir(self.root / "in", **options))
        found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.pyc"))
        names = ["{}__pycache__/{}.cpython-3{}.pyc".format(*one)
                 for one in [("", "a", 12), ("", "a", 13), ("p/", "c", 12), ("p/", "c", 13)]]
        self.assertEqual(found, names)
        self.assertEqual(list(self.root.glob("in/**/*.pyc")), [])
        self.assertTrue(compileall.compile_file(self.root / "in/a.py", legacy=True, target="3.14", out_dir=out, quiet=1))
        magic = (out / "a.pyc").read_bytes()[:2]
        self.assertEqual(int.from_bytes(magic, "little"), 3627)

    def test_warnings_go_through_the_filters_of_python(self):
        (self.root / "a.py").write_text("x is 1\n")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.assertTrue(self.compile()[0])
        self.assertEqual([warning.category for warning in caught], [SyntaxWarning])
        self.assertEqual(caught[0].lineno, 1)

    def test_warnings_that_are_errors_keep_the_file_from_being_written(self):
        source = str(self.root / "warned.py")
        (self.root / "warned.py").write_text("x = 1 is 2\n")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertFalse(compileall.compile_file(source, quiet=2))
            self.assertIsNone(py_compile.compile(source, quiet=2))
            with self.assertRaises(py_compile.PyCompileError):
                py_compile.compile(source, doraise=True)
        self.assertFalse(os.path.exists(importlib.util.cache_from_source(source)))

    def test_other_threads_run_meanwhile(self):
        for number in range(50):
            (self.root / f"m{number}.py").write_text("x = [1, 2, 3]\n" * 2000)
        stop, counted = threading.Event(), []

        def count():
            while not stop.is_set():
                counted.append(None)
                stop.wait(0.001)

        thread = threading.Thread(target=count)
        thread.start()
        success, _ = self.compile(quiet=1, workers=2)
        stop.set()
        thread.join()
        self.assertTrue(success)
        self.assertGreater(len(counted), 3)

    @unittest.skipUnless(hasattr(signal, "SIGINT") and os.name == "posix", "needs signals")
    def test_ctrl_c_is_a_keyboard_interrupt(self):
        for number in range(400):
            (self.root / f"m{number}.py").write_text("x = [1, 2, 3]\n" * 2000)
        # Python ignores the signal if the process that started it does, as shells do in the background.
        handled = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        compiled = f"import include_py.compileall as c; print('go', flush=True); c.compile_dir({str(self.root)!r}, quiet=1)"
        script = f"{handled}\n{compiled}"
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            child.stdout.readline()
            child.send_signal(signal.SIGINT)
            _, error = child.communicate(timeout=60)
        self.assertIn(b"KeyboardInterrupt", error)
        left = [path.name for path in self.root.glob("__pycache__/*") if path.suffix != ".pyc"]
        self.assertEqual(left, [])

    def test_the_command_is_in_the_package(self):
        (self.root / "a.py").write_text("x = 1\n")
        command = [sys.executable, "-m", "include_py", "compile", "-q", str(self.root)]
        self.assertEqual(subprocess.run(command, timeout=60).returncode, 0)
        self.assertEqual(len(list(self.root.glob("__pycache__/a.cpython-*.pyc"))), 1)


if __name__ == "__main__":
    unittest.main()
