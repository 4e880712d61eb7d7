"""Prints what the interpreter makes of byte sequences: codec, bytes, text or complaint; separated by tabs."""
import sys

SINGLE = sys.argv[1].split()
DOUBLE = sys.argv[2].split()
STATEFUL = sys.argv[3].split()


def say(codec, sequence):
    try:
        found = "+" + sequence.decode(codec).encode("utf-8", "surrogatepass").hex()
    except UnicodeDecodeError as error:
        found = "-" + str(error)
    print(codec, sequence.hex(), found, sep="\t")


def pairs(codec, before=b"", after=b""):
    for first in range(256):
        say(codec, before + bytes([first]))
        for second in range(256):
            say(codec, before + bytes([first, second]) + after)


for codec in SINGLE:
    for byte in range(256):
        say(codec, bytes([byte]))
    say(codec, bytes(range(128)))
for codec in DOUBLE:
    pairs(codec)
    pairs(codec, b"a", b"A")
    if codec.startswith("euc_j"):
        pairs(codec, b"\x8f")
    if codec == "euc_kr":
        pairs(codec, b"\xa4\xd4")
        for first in range(0xA0, 0xFF):
            say(codec, b"\xa4\xd4\xa4\xa1\xa4" + bytes([first]))
            for second in range(0xA0, 0xFF):
                for third in (0xA1, 0xA8, 0xB3, 0xBB, 0xBE, 0xD4):
                    say(codec, bytes([0xA4, 0xD4, 0xA4, first, 0xA4, second, 0xA4, third]))
                say(codec, bytes([0xA4, 0xD4, 0xA4, 0xA1, 0xA4, first, 0xA4, second]))
    if codec == "gb18030":
        for first in range(0x81, 0x100):
            for second in range(0x2F, 0x3B):
                step = 1 if first in (0x81, 0x82, 0x83, 0x84, 0x8F, 0x90, 0xE3) else 9
                for third in range(0x7F, 0x100, step):
                    say(codec, bytes([first, second, third]))
                    for fourth in range(0x2F, 0x3B):
                        say(codec, bytes([first, second, third, fourth]))
