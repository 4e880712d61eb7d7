import io

import pandas as pd


def use():
    table = pd.read_csv(io.StringIO("when,what,much\n2024-01-31,a,1\n2024-02-01,b,2\n2024-02-03,a,4\n"))
    table["when"] = pd.to_datetime(table["when"]).dt.tz_localize("Europe/Berlin")
    monthly = table.set_index("when")["much"].resample("MS").sum()
    return [
        table.groupby("what")["much"].sum().to_dict(),
        [str(when) for when in monthly.index],
        monthly.tolist(),
        table.merge(table, on="what").shape,
        pd.__version__,
    ]
