import pymssql


def use():
    try:
        pymssql.connect(server="127.0.0.1", port="1", user="a", password="b", login_timeout=1)
    except pymssql.OperationalError as error:
        said = error.args[0][0] if isinstance(error.args[0], tuple) else error.args[0]
    return [pymssql.get_dbversion() if hasattr(pymssql, "get_dbversion") else pymssql.__version__, said]
