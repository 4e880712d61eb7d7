"""After a descriptor was kept, the collector visits the objects of a module, but not all objects each time."""

import gc
import importlib
import os
import sys

generations = []


def watch(phase, info):
    if phase == "start":
        generations.append(info["generation"])


def import_and_keep_descriptors():
    kept = []
    for _ in range(40):
        kept.append(os.open(os.devnull, os.O_RDONLY))
        sys.modules.pop("plistlib", None)
        importlib.import_module("plistlib")
    # Here CPython would count its collections and start one.
    objects = [[] for _ in range(3 * gc.get_threshold()[0])]
    for descriptor in kept:
        os.close(descriptor)
    return objects


def check():
    gc.collect()
    gc.callbacks.append(watch)
    import_and_keep_descriptors()
    gc.callbacks.remove(watch)
    assert generations.count(1) >= 20, generations
    assert 2 not in generations, generations
