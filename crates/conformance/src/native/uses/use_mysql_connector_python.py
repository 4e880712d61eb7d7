# Before `ssl`: the wheel has a newer OpenSSL of the same name.
import _mysql_connector
import mysql.connector
from mysql.connector import errors


def use():
    try:
        mysql.connector.connect(host="127.0.0.1", port=1, user="a", password="b", use_pure=False, connection_timeout=5)
    except errors.Error as error:
        refused = error.errno
    return [mysql.connector.HAVE_CEXT, refused, _mysql_connector.MySQL().get_client_info()]
