from . import __name__ as package

PARENT = package
