"""What a module defines becomes old without the collector having looked at it; thresholds stay."""

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
    assert import_again() and collections == [], collections
    assert gc.get_threshold() == usual
    gc.disable()
    assert not import_again()
    gc.enable()
    gc.freeze()
    gc.collect()
    assert not import_again() and gc.get_freeze_count() > 0
    gc.unfreeze()
