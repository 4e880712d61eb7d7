import datetime

import pymssql


def use():
    # FreeTDS connects only with the C library's tables of character sets.
    return [pymssql.version_info() != "", pymssql.Date(2024, 1, 2) == datetime.date(2024, 1, 2), pymssql.paramstyle]
