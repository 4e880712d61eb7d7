import duckdb


def use():
    base = duckdb.connect()
    base.execute("create table t as select i, i % 3 as g from range(1000) r(i)")
    rows = base.sql("select g, sum(i)::bigint, median(i) from t group by g order by g").fetchall()
    return [rows, base.sql("select json_extract('{\"a\": [1, 2]}', '$.a[1]')").fetchall()]
