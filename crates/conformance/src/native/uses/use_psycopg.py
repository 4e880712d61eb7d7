import psycopg
from psycopg import pq, sql


def use():
    try:
        psycopg.connect("host=127.0.0.1 port=1 connect_timeout=2")
    except psycopg.OperationalError as error:
        wrong = "127.0.0.1" in str(error)
    return [pq.__impl__, pq.version(), wrong, sql.SQL("a = {}").format(sql.Literal(1)).as_string(None)]
