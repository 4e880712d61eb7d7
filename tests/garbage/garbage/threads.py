"""A thread works while another one imports."""

import threading

from . import Cycle, peak

made = 0


def work():
    global made
    while made < 12_000:
        Cycle(bytearray(50_000))
        made += 1


thread = threading.Thread(target=work)
thread.start()
import argparse, asyncio, csv, decimal, doctest, email.mime.text, fractions, http.server, imaplib, mailbox
import pdb, plistlib, sqlite3, statistics, tarfile, unittest.mock, xml.etree.ElementTree, xmlrpc.client, zipfile

thread.join()
assert peak() < 400, peak()
