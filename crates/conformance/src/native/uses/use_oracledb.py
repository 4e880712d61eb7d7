import oracledb


def use():
    parameters = oracledb.ConnectParams(user="a", host="h", port=1522, service_name="s")
    try:
        oracledb.connect(user="a", password="b", dsn="127.0.0.1:1/none", tcp_connect_timeout=5)
    except oracledb.Error as error:
        return [parameters.get_connect_string(), error.args[0].full_code, oracledb.is_thin_mode()]
