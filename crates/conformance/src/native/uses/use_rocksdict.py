import tempfile

from rocksdict import Rdict


def use():
    with tempfile.TemporaryDirectory() as place:
        database = Rdict(place + "/db")
        database["a"], database[2] = [1, 2], "two"
        found = [database["a"], database[2], sorted(map(str, database.keys()))]
        database.close()
        return found
