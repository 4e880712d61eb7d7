"""What benches/marshal runs in the interpreter: sends streams, then for each line on standard input a time."""
import marshal
import os
import struct
import sys
import time
import warnings

warnings.simplefilter("ignore")
out = sys.stdout.buffer
streams, total = [], 0
for directory, directories, files in os.walk(os.path.dirname(os.__file__)):
    directories[:] = sorted(set(directories) - {"site-packages", "__pycache__"})
    for name in sorted(files):
        if name.endswith(".py") and total < 40_000_000:
            try:
                with open(os.path.join(directory, name), "rb") as file:
                    streams.append(marshal.dumps(compile(file.read(), name, "exec", dont_inherit=True)))
                total += len(streams[-1])
            except (OSError, SyntaxError, ValueError):
                pass
out.write(struct.pack("<II", sys.version_info[1], len(streams)))
for stream in streams:
    out.write(struct.pack("<I", len(stream)))
    out.write(stream)
out.flush()
codes = [marshal.loads(stream) for stream in streams]
for line in sys.stdin:
    function, values = (marshal.loads, streams) if line.strip() == "loads" else (marshal.dumps, codes)
    start = time.process_time()
    for value in values:
        function(value)
    print(time.process_time() - start, flush=True)
