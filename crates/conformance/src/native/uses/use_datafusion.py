import datafusion


def use():
    context = datafusion.SessionContext()
    table = context.from_pydict({"a": [1, 2, 3], "b": ["x", "y", "y"]}, name="t")
    found = context.sql("select b, sum(a) as total from t group by b order by b").to_pydict()
    return [found, table.count()]
