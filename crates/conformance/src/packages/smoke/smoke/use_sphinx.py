"""sphinx: documentation on disk with the themes, and of the bundled modules."""

import io
import os
import pathlib
import re

from sphinx.application import Sphinx

INDEX = """
Title
=====

.. automodule:: smoke.documented
   :members:

.. toctree::

   other

:py:func:`smoke.documented.shown`
"""


def main():
    pathlib.Path("docs").mkdir()
    pathlib.Path("docs/conf.py").write_text(
        "project = 'Smoke'\nextensions = ['sphinx.ext.autodoc', 'sphinx.ext.viewcode']\nhtml_theme = 'alabaster'\n"
    )
    pathlib.Path("docs/index.rst").write_text(INDEX)
    pathlib.Path("docs/other.rst").write_text("Other\n=====\n\n.. code-block:: python\n\n   x = 1\n")
    found = []
    for builder in ("html", "text", "man", "epub"):
        warnings = io.StringIO()
        app = Sphinx("docs", "docs", f"out/{builder}", "out/trees", builder, status=None, warning=warnings)
        app.build()
        found.append((app.statuscode, sorted(re.sub("\x1b[^m]*m", "", warnings.getvalue()).splitlines())))
    found.append(pathlib.Path("out/text/index.txt").read_text())
    page = pathlib.Path("out/html/index.html").read_text()
    found.append(re.search(r'<dt class="sig.*?</dt>', page, re.DOTALL)[0])
    found.append(sorted(os.listdir("out/html/_static")))
    found.append("return" in pathlib.Path("out/html/_modules/smoke/documented.html").read_text())
    # What was copied out of a package can be written again.
    with open("out/html/_static/basic.css", "a", encoding="utf-8") as stream:
        stream.write("/* edited */")
    return found
