import os
import tempfile

import pandas
import pyreadstat


def use():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "a.sav")
        pyreadstat.write_sav(pandas.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}), path)
        table, about = pyreadstat.read_sav(path)
        return [table.to_dict("list"), about.column_names]
