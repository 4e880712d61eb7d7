import sqlite3

import sqlite_vec


def use():
    connection = sqlite3.connect(":memory:")
    connection.enable_load_extension(True)
    sqlite_vec.load(connection)
    connection.execute("create virtual table v using vec0(point float[2])")
    for point in ([1.0, 0.0], [0.0, 1.0]):
        packed = sqlite_vec.serialize_float32(point)
        connection.execute("insert into v(point) values (?)", [packed])
    wanted = sqlite_vec.serialize_float32([0.9, 0.1])
    query = "select rowid from v where point match ? order by distance limit 1"
    return [
        connection.execute("select vec_version()").fetchone(),
        connection.execute(query, [wanted]).fetchone(),
    ]
