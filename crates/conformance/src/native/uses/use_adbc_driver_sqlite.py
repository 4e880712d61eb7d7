import adbc_driver_manager
import adbc_driver_sqlite
import adbc_driver_sqlite.dbapi


def use():
    with adbc_driver_sqlite.connect() as base, adbc_driver_manager.AdbcConnection(base) as connection:
        with adbc_driver_manager.AdbcStatement(connection) as statement:
            statement.set_sql_query("select 1 + 1 as two union select 7")
            handle, count = statement.execute_query()
            return [type(handle).__name__, count, adbc_driver_sqlite._driver_path().endswith(".so")]
