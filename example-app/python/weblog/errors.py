"""What can go wrong, and the status the process then ends with.

    raise InputError("cannot read `nope.log`: No such file or directory")   # status 2
"""

import enum

__all__ = ["EmptyError", "InputError", "Status", "WeblogError"]


class Status(enum.IntEnum):
    """The exit statuses, those of `grep`: 1 says that nothing was found."""

    OK = 0
    EMPTY = 1
    ERROR = 2
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class WeblogError(Exception):
    """Anything the user should read as one line rather than as a traceback."""

    status = Status.ERROR


class InputError(WeblogError):
    """A log, an option or a query that can't be used as given."""


class EmptyError(WeblogError):
    """The logs were read, and hold no request to report on."""

    status = Status.EMPTY
