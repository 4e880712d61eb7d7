import pysqlite3


def use():
    base = pysqlite3.connect(":memory:")
    base.execute("create virtual table t using fts5(text)")
    base.execute("insert into t values ('one file'), ('two files')")
    found = base.execute("select text from t where t match 'file*' order by rank, text").fetchall()
    return [found, base.execute("select json_extract('{\"a\": [1, 2]}', '$.a[1]')").fetchone(), pysqlite3.sqlite_version]
