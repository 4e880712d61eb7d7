import unicorn
from unicorn.x86_const import UC_X86_REG_ECX, UC_X86_REG_EDX


def use():
    machine = unicorn.Uc(unicorn.UC_ARCH_X86, unicorn.UC_MODE_32)
    machine.mem_map(0x100000, 2 * 1024 * 1024)
    # `inc ecx; dec edx`
    machine.mem_write(0x100000, b"\x41\x4a")
    machine.reg_write(UC_X86_REG_ECX, 1)
    machine.reg_write(UC_X86_REG_EDX, 9)
    machine.emu_start(0x100000, 0x100002)
    return [machine.reg_read(UC_X86_REG_ECX), machine.reg_read(UC_X86_REG_EDX)]
