"""Says what a web server's access log is telling you.

    weblog report access.log access.log.1.gz
"""

from importlib import metadata

__all__ = ["version"]


def version() -> str:
    """The version of the installed distribution, `1.0`."""
    return metadata.version("weblog")
