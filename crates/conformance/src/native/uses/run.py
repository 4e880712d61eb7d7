"""Runs one use, in this process or in one that multiprocessing starts, and prints its result."""

import importlib
import json


def result(name):
    return importlib.import_module(f"uses.use_{name}").use()


def run(name, how):
    if how == "plain":
        found = result(name)
    else:
        import multiprocessing

        with multiprocessing.get_context(how).Pool(1) as pool:
            found = pool.apply_async(result, (name,)).get(120)
    print(json.dumps(found, sort_keys=True))
