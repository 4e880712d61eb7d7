import cffi


def use():
    ffi = cffi.FFI()
    ffi.cdef("int abs(int); typedef struct { int a; double b; } pair;")
    pair = ffi.new("pair *", {"a": 1, "b": 2.5})
    seen = []

    @ffi.callback("int(int)")
    def called(number):
        seen.append(number)
        return number * 2

    return [ffi.dlopen(None).abs(-3), pair.b, called(4), seen]
