import io

import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet


def use():
    table = pyarrow.table({"a": [1, 2, 3], "b": ["x", "y", None]})
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table, stream, compression="zstd")
    stream.seek(0)
    read = pyarrow.parquet.read_table(stream)
    text = pyarrow.csv.read_csv(io.BytesIO(b"a,b\n1,2\n3,4\n"))
    return [
        read.equals(table),
        pyarrow.compute.sum(read["a"]).as_py(),
        text.to_pydict(),
        pyarrow.array([1, 2]).to_numpy().tolist(),
        pyarrow.__version__,
    ]
