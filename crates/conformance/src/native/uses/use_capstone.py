import capstone


def use():
    engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    code = b"\x55\x48\x8b\x05\xb8\x13\x00\x00"
    return [[one.mnemonic, one.op_str] for one in engine.disasm(code, 0x1000)]
