"""Bundled code that coverage measures."""


def kind(number):
    if number > 0:
        return "positive"
    return "other"
