import adbc_driver_manager
import adbc_driver_sqlite


def use():
    with adbc_driver_sqlite.connect(":memory:") as database:
        with adbc_driver_manager.AdbcConnection(database) as connection:
            with adbc_driver_manager.AdbcStatement(connection) as statement:
                statement.set_sql_query("SELECT 1 AS a, 'x' AS b")
                stream, _ = statement.execute_query()
                return [type(stream).__name__, connection.get_info() is not None]
