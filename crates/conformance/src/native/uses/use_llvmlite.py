import ctypes

import llvmlite.binding
import llvmlite.ir as ir


def use():
    llvmlite.binding.initialize_native_target()
    llvmlite.binding.initialize_native_asmprinter()
    number = ir.IntType(64)
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(number, [number, number]), "add")
    builder = ir.IRBuilder(function.append_basic_block())
    builder.ret(builder.add(*function.args))
    compiled = llvmlite.binding.parse_assembly(str(module))
    machine = llvmlite.binding.Target.from_default_triple().create_target_machine()
    with llvmlite.binding.create_mcjit_compiler(compiled, machine) as engine:
        engine.finalize_object()
        add = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(engine.get_function_address("add"))
        return [add(40, 2), llvmlite.binding.llvm_version_info[0]]
