"""mako: a lookup over a bundled directory, with inheritance, and with compiled templates kept on disk."""

import os

from mako import exceptions
from mako.lookup import TemplateLookup


def main():
    directory = os.path.join(os.path.dirname(__file__), "mako")
    found = []
    for kept in (None, "kept"):
        lookup = TemplateLookup([directory], module_directory=kept, filesystem_checks=True)
        found.append(lookup.get_template("page.mako").render(names=["<a>", "b"]))
        try:
            lookup.get_template("absent.mako")
        except exceptions.TopLevelLookupException as error:
            found.append(type(error).__name__)
        try:
            lookup.get_template("page.mako").render(names=1)
        except TypeError:
            found.append("for name in names" in exceptions.text_error_template().render())
    return found + [sorted(name for name in os.listdir("kept") if name.endswith(".py"))]
