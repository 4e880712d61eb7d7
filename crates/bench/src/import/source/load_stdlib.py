"""The public modules of the standard library and their imports, except for modules that open windows,
interact with the user or are for other systems."""

import sys

ELSEWHERE = {"msilib", "msvcrt", "nt", "ossaudiodev", "winreg", "winsound", "_winapi"}
ACTING = {"antigravity", "this", "turtle", "turtledemo", "tkinter", "idlelib", "test", "lib2to3"}
OPTIONAL = {"dbm", "curses", "readline", "nis", "spwd", "crypt", "ensurepip"}

for name in sorted(sys.stdlib_module_names - ELSEWHERE - ACTING - OPTIONAL):
    if not name.startswith("_"):
        __import__(name)

import concurrent.futures.process  # noqa: E402
import email.mime.multipart  # noqa: E402, F401
import email.mime.text  # noqa: E402, F401
import http.server  # noqa: E402, F401
import importlib.metadata  # noqa: E402, F401
import importlib.resources  # noqa: E402, F401
import json.tool  # noqa: E402, F401
import logging.config  # noqa: E402, F401
import multiprocessing.managers  # noqa: E402, F401
import sqlite3.dbapi2  # noqa: E402, F401
import unittest.mock  # noqa: E402, F401
import urllib.robotparser  # noqa: E402, F401
import wsgiref.simple_server  # noqa: E402, F401
import xml.dom.minidom  # noqa: E402, F401
import xml.etree.ElementTree  # noqa: E402, F401
import xml.sax.handler  # noqa: E402, F401
import xmlrpc.server  # noqa: E402, F401
