import polars


def use():
    frame = polars.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"]})
    grouped = frame.lazy().group_by("b").agg(polars.col("a").sum()).sort("b").collect()
    return [grouped.to_dict(as_series=False), polars.__version__]
