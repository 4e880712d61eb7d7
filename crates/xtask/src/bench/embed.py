"""Rebuilds a project whose bundle has changed, by the assembler and by rustc, and says what that took.

    embed.py PROJECT CARGO TARGET_DIR MEGABYTES…

As RUSTC_WRAPPER it runs rustc, and notes what rustc and its linker took.
"""

import os
import subprocess
import sys


def measured(command, **options):
    """Processor time and the largest process of a command and of all that it has waited for."""
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


def rebuild(project, cargo, target_dir, profile, way, data):
    with open(os.path.join(project, "python/app/data.bin"), "wb") as file:
        file.write(data)
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


def main(project, cargo, target_dir, *sizes):
    script(project, "wrapper", f"exec {sys.executable!r} {os.path.abspath(__file__)!r} --wrap \"$@\"")
    # A compiler that doesn't assemble the bundle leaves include_bytes!; other crates need it, too.
    script(project, "cc", 'case "$EMBED_BY $*" in "rustc "*app.s*) exit 1;; esac\nexec cc "$@"')
    print(" MB  profile  by         cargo build     rustc    peak", flush=True)
    for size in sizes:
        for profile in ([], ["--release"]):
            for way in ("assembler", "rustc"):
                # The second build is measured: everything else has been compiled by the first.
                for _ in range(2):
                    data = os.urandom(int(float(size) * 1_000_000))
                    whole, compiled, peak = rebuild(project, cargo, target_dir, profile, way, data)
                name = "release" if profile else "debug"
                print(
                    f"{size:>3}  {name:7}  {way:9}  {whole:9.2f} s  {compiled:6.2f} s  {peak:4} MB",
                    flush=True,
                )


if sys.argv[1] == "--wrap":
    sys.exit(wrapper(sys.argv[2:]))
main(*sys.argv[1:])
