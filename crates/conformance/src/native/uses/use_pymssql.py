import pymssql


def use():
    try:
        pymssql.connect("127.0.0.1", "user", "secret", "db", port=1, login_timeout=2)
    except pymssql.OperationalError as error:
        return [error.args[0][0], pymssql.version_info().partition(" ")[0]]
