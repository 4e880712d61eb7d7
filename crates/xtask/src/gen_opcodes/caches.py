"""Prints the part of crates/pyc-code/src/dis/caches.rs for the interpreter that runs this.

The names and sizes of the fields that an instruction's inline cache has, from `opcode._cache_format`.
"""
import opcode
import sys

FORMATS = getattr(opcode, "_cache_format", {})
if any(FORMATS.values()):
    print("\nstatic PY3%d: &[(Op, Fields)] = &[" % sys.version_info[1])
    for name, fields in sorted(FORMATS.items()):
        if fields:
            text = ", ".join('("%s", %d)' % field for field in fields.items())
            print("    (Op::%s, &[%s])," % (name, text))
    print("];")
