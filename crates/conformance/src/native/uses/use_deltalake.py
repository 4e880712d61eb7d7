import tempfile

import deltalake
from arro3.core import Array, DataType, Table


def use():
    with tempfile.TemporaryDirectory() as place:
        table = Table.from_pydict({"a": Array([1, 2, 3], type=DataType.int64())})
        deltalake.write_deltalake(place, table)
        deltalake.write_deltalake(place, table, mode="append")
        delta = deltalake.DeltaTable(place)
        return [delta.version(), len(delta.file_uris()), delta.schema().to_json()]
