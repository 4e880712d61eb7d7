"""Rebuilds a project whose bundle has changed, by the assembler and by rustc, and prints the time and memory.

    embed.py PROJECT CARGO TARGET_DIR MEGABYTES…
    embed.py PROJECT CARGO TARGET_DIR --edit MEGABYTES…

With --edit the megabytes are extension modules that don't change, and one Python module is edited.

As RUSTC_WRAPPER it runs rustc and logs the time and memory of rustc and its linker.
"""

import os
import subprocess
import sys
import time


def measured(command, **options):
    """The processor time and the largest process of a command, including the processes it waited for."""
    process = subprocess.Popen(command, **options)
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def wrapper(arguments):
    code, seconds, megabytes = measured(arguments)
    name = arguments[arguments.index("--crate-name") + 1] if "--crate-name" in arguments else ""
    if name == "measured":
        with open(os.environ["EMBED_LOG"], "a") as log:
            print(seconds, megabytes, file=log)
    return code


def rebuild(project, cargo, target_dir, profile, way):
    log = os.path.join(project, "rustc.log")
    open(log, "w").close()
    environment = dict(os.environ, CARGO_TARGET_DIR=target_dir, EMBED_LOG=log)
    environment["RUSTC_WRAPPER"] = os.path.join(project, "wrapper")
    environment["CC"] = os.path.join(project, "cc")
    environment["EMBED_BY"] = way
    command = [cargo, "build", "--offline", "--quiet", *profile]
    with open(os.path.join(project, "cargo.log"), "w+") as said:
        code, seconds, _ = measured(command, cwd=project, env=environment, stderr=said)
        if code:
            said.seek(0)
            sys.exit(f"`{' '.join(command)}` ended with {code}:\n{said.read()}")
    lines = [line.split() for line in open(log)]
    compiled = sum(float(line[0]) for line in lines)
    return seconds, compiled, max(int(line[1]) for line in lines)


def script(project, name, text):
    path = os.path.join(project, name)
    with open(path, "w") as file:
        file.write(f"#!/bin/sh\n{text}\n")
    os.chmod(path, 0o755)


def extension_modules(project, megabytes):
    """Twenty extension modules that nothing imports, with this many megabytes in total."""
    source = 'asm(".section .rodata\\n.incbin \\"blob\\"\\n.text"); void *PyInit_NAME(void) { return 0; }'
    for number in range(20):
        with open(os.path.join(project, "blob"), "wb") as file:
            file.write(os.urandom(int(megabytes * 50_000)))
        name = f"m{number}"
        with open(os.path.join(project, "module.c"), "w") as file:
            file.write(source.replace("NAME", name))
        library = os.path.join(project, f"python/app/{name}.abi3.so")
        subprocess.run(["/usr/bin/cc", "-shared", "-o", library, "module.c"], cwd=project, check=True)


def edits(project, cargo, target_dir, *sizes):
    """Builds the project as it is, then edits one module and builds again."""
    print(" MB  profile  after        cargo build     rustc    peak", flush=True)
    for size in sizes:
        extension_modules(project, float(size))
        for profile in ([], ["--release"]):
            # The third build is measured. The first two compile everything else and let the files' times settle.
            for number in range(3):
                with open(os.path.join(project, "python/app/__init__.py"), "w") as file:
                    file.write(f"X = {number}\n")
                # A file that was just written isn't reused: it could change again within the same clock tick.
                time.sleep(1)
                whole, compiled, peak = rebuild(project, cargo, target_dir, profile, "assembler")
            name = "release" if profile else "debug"
            print(
                f"{size:>3}  {name:7}  one edit   {whole:9.2f} s  {compiled:6.2f} s  {peak:4} MB",
                flush=True,
            )


def main(project, cargo, target_dir, *sizes):
    tools(project)
    if sizes[0] == "--edit":
        edits(project, cargo, target_dir, *sizes[1:])
    else:
        changes(project, cargo, target_dir, *sizes)


def tools(project):
    script(project, "wrapper", f"exec {sys.executable!r} {os.path.abspath(__file__)!r} --wrap \"$@\"")
    # With a compiler that can't assemble the bundle, include_bytes! is used. Other crates need the compiler, too.
    script(project, "cc", 'case "$EMBED_BY $*" in "rustc "*app.s*) exit 1;; esac\nexec cc "$@"')


def changes(project, cargo, target_dir, *sizes):
    print(" MB  profile  by         cargo build     rustc    peak", flush=True)
    for size in sizes:
        for profile in ([], ["--release"]):
            for way in ("assembler", "rustc"):
                # The second build is measured. The first compiles everything else.
                for _ in range(2):
                    with open(os.path.join(project, "python/app/data.bin"), "wb") as file:
                        file.write(os.urandom(int(float(size) * 1_000_000)))
                    whole, compiled, peak = rebuild(project, cargo, target_dir, profile, way)
                name = "release" if profile else "debug"
                print(
                    f"{size:>3}  {name:7}  {way:9}  {whole:9.2f} s  {compiled:6.2f} s  {peak:4} MB",
                    flush=True,
                )


if sys.argv[1] == "--wrap":
    sys.exit(wrapper(sys.argv[2:]))
main(*sys.argv[1:])
