"""A module with a function to be inspected and one that fails."""

VALUE = 42


def double(number):
    # A comment that only the source has.
    return 2 * number


def fail():
    raise ValueError("specimen failure")
