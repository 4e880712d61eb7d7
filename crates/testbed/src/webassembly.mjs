// Runs CPython as WebAssembly in node, with the arguments of `python`: options, then `-c SCRIPT [ARGUMENT]…`.
//
//   node --stack-size=200000 webassembly.mjs /path/to/node_modules/pyodide -I -S -c 'import sys; print(sys.version)'
//
// Standard input and output are the process's own, as bytes. No file of the machine is visible to the script.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [directory, ...options] = process.argv.slice(2);
const flag = options.indexOf("-c");
if (flag < 0) {
  console.error("webassembly.mjs: only `-c SCRIPT` can be run");
  process.exit(2);
}
const [script, ...rest] = options.slice(flag + 1);

const { loadPyodide } = await import(pathToFileURL(directory + "/pyodide.mjs"));
const python = await loadPyodide({ indexURL: directory });

// A pipe doesn't block if another process has set it so. Then reading fails with EAGAIN until there is something.
function read(buffer) {
  for (;;) {
    try {
      return fs.readSync(0, buffer);
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function write(descriptor) {
  return (buffer) => {
    try {
      return fs.writeSync(descriptor, buffer);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      return 0;
    }
  };
}

python.setStdin({ read, isatty: false });
python.setStdout({ write: write(1), isatty: false });
python.setStderr({ write: write(2), isatty: false });

const run = python.runPython(`
def run(script, arguments):
    import sys
    sys.argv[:] = ["-c", *arguments]
    status = 0
    try:
        exec(compile(script, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as exit:
        status = exit.code if isinstance(exit.code, int) else int(exit.code is not None)
    sys.stdout.flush()
    sys.stderr.flush()
    return status
run`);
try {
  process.exitCode = run(script, python.toPy(rest));
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
