import pyodbc


def use():
    try:
        pyodbc.connect("DRIVER=nothing;SERVER=nowhere")
    except pyodbc.Error as error:
        said = error.args[0]
    return [pyodbc.version, said, pyodbc.drivers()]
