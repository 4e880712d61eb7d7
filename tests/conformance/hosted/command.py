"""The command line of `python`, as far as its own tests use it, for a program that contains the whole library.

    program -m test test_json
    program -I -X faulthandler -c "print(1)"

Options for what the host has fixed already (isolated, UTF-8 mode, no bytecode files) are accepted and ignored.
"""
import _imp
import builtins
import runpy
import sys

TAKING_VALUES = "XW"
FIXED = "BEIPRSbdhiqsuvx"


def main():
    frozen()
    arguments = sys.argv[1:]
    if arguments == ["-V"] or arguments == ["--version"]:
        print("Python", sys.version.split()[0])
        return
    while arguments and arguments[0].startswith("-") and arguments[0] != "-":
        letters = arguments.pop(0)[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in TAKING_VALUES:
                option(letter, letters or arguments.pop(0))
                break
            if letter == "c":
                return command(letters or arguments.pop(0), arguments)
            if letter == "m":
                name = letters or arguments.pop(0)
                sys.argv[:] = [name, *arguments]
                return runpy._run_module_as_main(name)
            if letter == "B":
                sys.dont_write_bytecode = True
            if letter not in FIXED:
                sys.exit(f"this program has no option -{letter}")
    if not arguments or arguments[0] == "-":
        return command(sys.stdin.read(), arguments[1:], "<stdin>")
    sys.argv[:] = arguments
    runpy.run_path(arguments[0], run_name="__main__")


def frozen():
    """Lets CPython's tests import importlib again, in pure Python.

    The modules that CPython needs to start are in its table of frozen modules, which a sub-interpreter uses.
    When importlib is initialised, it asserts that modules in that table have no location.
    """
    for name, module in list(sys.modules.items()):
        spec = getattr(module, "__spec__", None)
        if _imp.is_frozen(name) and type(getattr(spec, "loader", None)).__name__ == "BundleLoader":
            spec.loader_state = type(sys.implementation)(origname=name, filename=spec.origin)
            spec.has_location = False


def command(source, arguments, name="<string>"):
    sys.argv[:] = ["-c", *arguments]
    sys.path.insert(0, "")
    code = compile(source, name, "exec", dont_inherit=True)
    builtins.exec(code, sys.modules["__main__"].__dict__)


def option(letter, value):
    if letter == "W":
        import warnings

        sys.warnoptions.append(value)
        warnings._processoptions([value])
    else:
        name, _, setting = value.partition("=")
        sys._xoptions[name] = setting or True
        if name == "faulthandler":
            import faulthandler

            faulthandler.enable()
