"""What a module defines becomes old without a collection of older objects, and thresholds don't change."""

import gc
import importlib
import sys

collections = []


def import_again():
    sys.modules.pop("plistlib", None)
    collections.clear()
    plistlib = importlib.import_module("plistlib")
    return any(one is plistlib.UID for one in gc.get_objects(generation=2))


def watch(phase, info):
    collections.append(info)


def check():
    import_again()
    usual = gc.get_threshold()
    gc.collect()
    gc.callbacks.append(watch)
    # CPython's own threshold may be reached inside a module. At its end no collection runs.
    assert import_again() and not any(info["generation"] for info in collections), collections
    assert gc.get_threshold() == usual
    gc.disable()
    assert not import_again()
    gc.enable()
    gc.freeze()
    gc.collect()
    assert not import_again() and gc.get_freeze_count() > 0
    gc.unfreeze()
