"""Bundled code for a test file on disk to test."""


def add(a, b):
    return a + b
