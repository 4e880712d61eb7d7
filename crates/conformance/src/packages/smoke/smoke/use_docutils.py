"""docutils: writers with templates, style sheets and languages that it opens or imports by name."""

from docutils.core import publish_parts, publish_string

TEXT = """
=====
Title
=====

.. contents::

One
===

.. note:: A *note* with ``code``.

.. code:: python

   print(1)

.. csv-table:: Planets

   Earth, 1

.. math:: a^2 + b^2

|copy| \u2014 unicode

.. include:: <isonum.txt>
"""


def main():
    quiet = {"report_level": 5, "datestamp": None, "generator": None, "source_link": None}
    found = [publish_parts(TEXT, writer="html5", settings_overrides=quiet)["whole"]]
    for writer in ("html4", "latex", "xml", "pseudoxml", "manpage", "odt"):
        made = publish_string(TEXT, writer=writer, settings_overrides={**quiet, "date": None})
        # An .odt file has the time in it.
        found.append(made if writer not in ("odt", "manpage") else bool(made))
    german = publish_parts(TEXT, writer="html5", settings_overrides={**quiet, "language_code": "de"})
    return found + ["Inhalt" in german["whole"]]
