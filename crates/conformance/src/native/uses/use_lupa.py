import lupa


def use():
    lua = lupa.LuaRuntime(unpack_returned_tuples=True)
    double = lua.eval("function(x) return x * 2, #'abc' end")
    return [double(21), lua.eval("python.eval('1 + 1')"), lua.globals()._VERSION]
