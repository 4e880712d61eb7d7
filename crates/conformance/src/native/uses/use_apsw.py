import apsw
import apsw.ext


def use():
    connection = apsw.Connection(":memory:")
    connection.create_scalar_function("twice", lambda x: 2 * x)
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(x); INSERT INTO t VALUES('some words')")
    return [
        connection.execute("SELECT twice(21)").get,
        connection.execute("SELECT x FROM t('words')").get,
        apsw.ext.format_query_table(connection, "SELECT 1 AS a"),
    ]
