"""Compiles Python sources to .pyc files with the command `include-py`, without any Python.

    load("@include_py//:pyc.bzl", "pyc_library")

    pyc_library(
        name = "app_pyc",
        srcs = glob(["app/**/*.py"]),
        target = "3.13.0",
    )

Each source is compiled by an action of its own, whose result depends only on the source's bytes, its
path, the release and the options. So Bazel can cache it and run it anywhere. Persistent workers
answer the actions, if the strategy is `worker`.
"""

def _pyc_library(ctx):
    outputs = [_compile(ctx, source) for source in ctx.files.srcs]
    return [DefaultInfo(
        files = depset(outputs),
        runfiles = ctx.runfiles(files = outputs),
    )]

def _compile(ctx, source):
    """Declares the action for a source, and returns its output."""
    directory, name = _place(ctx, source)

    # Bazel gives the arguments to the worker as a request, and otherwise writes them to a file.
    arguments = ctx.actions.args()
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    arguments.add_all(["-q", "-f", "--format", "terminal"])
    arguments.add("--target", ctx.attr.target)
    arguments.add("-o", str(ctx.attr.optimize))
    arguments.add("--invalidation-mode", ctx.attr.invalidation)
    if not source.is_source:
        # Otherwise the configuration's directory, which differs from build to build, would be in
        # the code.
        arguments.add("-s", source.root.path)
    if ctx.attr.layout == "beside":
        arguments.add("-b")
        output = ctx.actions.declare_file(_joined(directory, name + ".pyc"))
        arguments.add("--out-dir", output.dirname)
    else:
        version = "".join(ctx.attr.target.split(".")[:2])
        level = ".opt-%d" % ctx.attr.optimize if ctx.attr.optimize else ""
        file = "__pycache__/%s.cpython-%s%s.pyc" % (name, version, level)
        output = ctx.actions.declare_file(_joined(directory, file))
        arguments.add("--out-dir", output.dirname[:-len("/__pycache__")])
    arguments.add("--")
    arguments.add(source)

    ctx.actions.run(
        mnemonic = "IncludePyCompile",
        progress_message = "Compiling %s" % source.short_path,
        executable = ctx.executable._command,
        arguments = ["worker", arguments],
        inputs = [source],
        outputs = [output],
        execution_requirements = {
            "requires-worker-protocol": "json",
            "supports-multiplex-workers": "1",
            "supports-workers": "1",
        },
    )
    return output

def _place(ctx, source):
    """The source's directory, relative to the package of the target, and its name without `.py`."""
    path = source.short_path
    if path.startswith("../"):
        # In another repository than the main one, which is where the target must be, too.
        path = path[path.index("/", len("../")) + 1:]
    package = ctx.label.package + "/" if ctx.label.package else ""
    if source.owner.package != ctx.label.package or not path.startswith(package):
        fail("`%s` is in another package; use a `pyc_library` there" % source.short_path)
    directory, _, name = path[len(package):].rpartition("/")
    return directory, name[:-len(".py")]

def _joined(directory, name):
    return directory + "/" + name if directory else name

pyc_library = rule(
    implementation = _pyc_library,
    doc = "Compiles each source to a .pyc file, which is also a runfile.",
    attrs = {
        "srcs": attr.label_list(
            allow_files = [".py"],
            doc = "Sources of this package. Generated ones are allowed.",
        ),
        "target": attr.string(
            mandatory = True,
            doc = "The CPython release that the code is for: `3.13.0`, or `3.13` for its newest release.",
        ),
        "optimize": attr.int(
            default = 0,
            values = [0, 1, 2],
            doc = "Level 1 leaves out assertions, level 2 docstrings, too.",
        ),
        "invalidation": attr.string(
            default = "unchecked-hash",
            values = ["unchecked-hash", "checked-hash"],
            doc = "Whether Python compares the source with the hash in the file. Modification times aren't " +
                  "supported, because Bazel doesn't keep them.",
        ),
        "layout": attr.string(
            default = "pycache",
            values = ["pycache", "beside"],
            doc = "`pycache` for files that Python finds in addition to the sources, `beside` for `a.pyc` " +
                  "that replaces `a.py`.",
        ),
        "_command": attr.label(
            default = ":command",
            executable = True,
            allow_files = True,
            cfg = "exec",
        ),
    },
)

def _no_command(_ctx):
    fail("no command is set; set the flag `--@include_py//:command` to the label of the executable `include-py`")

no_command = rule(
    implementation = _no_command,
    doc = "The default of the flag `command`, which only says what to do.",
)
