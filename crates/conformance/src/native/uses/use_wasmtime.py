import wasmtime


def use():
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    module = wasmtime.Module(
        engine, '(module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))'
    )
    instance = wasmtime.Instance(store, module, [])
    return instance.exports(store)["add"](store, 2, 3)
