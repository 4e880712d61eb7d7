"""Measures the programs in a directory, and compares them with files and PyInstaller for the same application.

    measure.py DIRECTORY RUNS

Each round runs each variant once. The results are the minimum of the processor time and the median of the wall time.
`cold` is the wall time of the first start after the program's files were dropped from the system's memory.
"""

import os
import statistics
import subprocess
import sys
import time


def files_below(path):
    if os.path.isfile(path):
        yield path
    for directory, _, names in os.walk(path):
        for name in names:
            yield os.path.join(directory, name)


def drop(paths):
    """Drops these files from the system's memory, so that it reads them from the disk again."""
    os.sync()
    for path in paths:
        for file in files_below(path):
            if os.path.isfile(file):
                descriptor = os.open(file, os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)


def run(command, scratch):
    """The processor time and wall time in seconds, the largest process in MB, and the last line of the output."""
    environment = {"HOME": scratch, "TMPDIR": scratch, "PATH": "/usr/bin:/bin"}
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        if name in os.environ:
            environment[name] = os.environ[name]
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, cwd=scratch, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"`{' '.join(command)}` ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, said.splitlines()[-1]


def pyinstaller(directory, name, kind):
    """PyInstaller's build of the application, with or without the packages: the program, and all its files."""
    place = os.path.join(directory, "pyinstaller", name)
    one = os.path.join(place, kind, name)
    program = one if kind == "onefile" else os.path.join(one, name)
    if not os.path.exists(program):
        os.makedirs(place, exist_ok=True)
        script = os.path.join(place, "main.py")
        # The file isn't written again, so that PyInstaller's analysis of it serves both kinds.
        if not os.path.exists(script):
            with open(script, "w") as file:
                file.write("import app\napp.main()\n")
        paths = [os.path.join(directory, "tools")]
        options = ["--paths", os.path.join(directory, "python")]
        if name == "pandas":
            paths.append(os.path.join(directory, "site"))
        else:
            options += ["--exclude-module", "pandas"]
        command = [sys.executable, "-m", "PyInstaller", f"--{kind}", "--name", name, "--log-level", "ERROR"]
        command += ["--noconfirm", "--specpath", place, "--workpath", os.path.join(place, "work")]
        command += ["--distpath", os.path.join(place, kind)]
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join(paths), PYTHONNOUSERSITE="1")
        subprocess.run([*command, *options, script], check=True, env=environment, cwd=place)
    return [program], [one]


def ways(directory):
    """Rows: the program, the variant, the command, the program's files, and whether these are all its files."""
    built = os.path.join(directory, "target", "release")
    site, python = (os.path.join(directory, name) for name in ("site", "python"))
    library = os.path.dirname(os.__file__)
    for what in ("hello", "pandas"):
        paths = [python, site] if what == "pandas" else [python]
        code = f"import sys; sys.path[:0] = {paths!r}; import app; app.main()"
        subprocess.run([sys.executable, "-m", "compileall", "-q", *paths], stdout=subprocess.DEVNULL)
        files = [sys.executable, "-I", "-X", "utf8", "-c", code]
        yield what, "files", files, [*paths, os.path.join(library, "encodings")], False
        ours = ["one-file", "shared"] if what == "hello" else ["one-file", "compressed"]
        for way in ours:
            program = os.path.join(built, f"{what}-{way}")
            yield what, way.replace("-", " "), [program], [program], True
        for kind in ("onedir", "onefile"):
            yield what, f"PyInstaller {kind}", *pyinstaller(directory, what, kind), True


def main():
    directory, runs = sys.argv[1], int(sys.argv[2])
    scratch = os.path.join(directory, "scratch")
    os.makedirs(scratch, exist_ok=True)
    rows = list(ways(directory))
    measured = {row[:2]: [] for row in rows}
    loops = {row[:2]: [] for row in rows if row[0] == "hello"}
    cold = {row[:2]: [] for row in rows}
    for _ in range(runs):
        for what, way, command, files, _ in rows:
            measured[what, way].append(run([*command, what], scratch))
            if what == "hello":
                loops[what, way].append(run([*command, "loop"], scratch)[0])
    for _ in range(3):
        for what, way, command, files, _ in rows:
            drop(files)
            cold[what, way].append(run([*command, what], scratch)[1])
    print("program  way                   size MB   CPU s  wall s  cold s  peak MB  loop CPU s")
    for what, way, command, files, whole in rows:
        size = sum(os.lstat(file).st_size for path in files for file in files_below(path)) / 1e6
        cpu = min(one[0] for one in measured[what, way])
        wall = statistics.median(one[1] for one in measured[what, way])
        peak = statistics.median(one[2] for one in measured[what, way])
        loop = f"{min(loops[what, way]):.2f}" if what == "hello" else ""
        size = f"{size:.1f}" if whole else ""
        cold_wall = statistics.median(cold[what, way])
        print(f"{what:8} {way:20} {size:>8} {cpu:7.3f} {wall:7.3f} {cold_wall:7.3f} {peak:8.1f}  {loop}")
    print("\nprogram  way                  resident  of it anonymous  files  shared  memory files, KB")
    for what, way, command, *_ in rows:
        kept = run([*command, what, "memory"], scratch)[3]
        print(f"{what:8} {way:20} " + " ".join(f"{int(number):>10}" for number in kept.split()))


main()
