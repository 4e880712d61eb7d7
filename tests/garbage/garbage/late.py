"""The same after an import of a hundred modules, whose objects aren't garbage."""

import asyncio, decimal, email.mime.text, http.server, statistics, unittest.mock, xml.etree.ElementTree

from . import objects
