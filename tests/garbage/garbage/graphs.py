"""Graphs that outlive young collections, with an import after each."""

import importlib

from . import Cycle, peak

NAMES = """argparse asyncio csv decimal doctest email.mime.text fractions http.server imaplib mailbox pdb plistlib
sqlite3 statistics tarfile unittest.mock xml.etree.ElementTree xmlrpc.client zipfile difflib shelve""".split()


def graph():
    root = Cycle([])
    for _ in range(100):
        child = Cycle([root])
        root.payload.append(child)
        child.payload += [Cycle([child, bytearray(3000)]) for _ in range(50)]


for number in range(100):
    graph()
    if number < 5 * len(NAMES) and number % 5 == 0:
        importlib.import_module(NAMES[number // 5])
assert peak() < 450, peak()
