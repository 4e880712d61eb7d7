import os
import tempfile

import fastparquet
import pandas


def use():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a.parquet")
        table = pandas.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5]})
        fastparquet.write(path, table, compression="SNAPPY")
        return fastparquet.ParquetFile(path).to_pandas().to_dict("list")
