"""A package that the end-to-end tests bundle and import."""

LOADED = ["specimen"]
