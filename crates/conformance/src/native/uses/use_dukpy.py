import dukpy


def use():
    interpreter = dukpy.JSInterpreter()
    interpreter.export_function("twice", lambda x: 2 * x)
    return [dukpy.evaljs("var a = 3; a * dukpy['x']", x=7), interpreter.evaljs("call_python('twice', 21)")]
