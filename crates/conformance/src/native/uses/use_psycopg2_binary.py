import psycopg2
import psycopg2.extensions


def use():
    try:
        psycopg2.connect("host=127.0.0.1 port=1 dbname=x connect_timeout=2 sslmode=require")
    except psycopg2.OperationalError as error:
        said = str(error).splitlines()[0]
    return [psycopg2.extensions.libpq_version(), psycopg2.extensions.adapt("it's").getquoted().decode(), said]
