"""Prints how the interpreter decodes byte sequences: codec, bytes, and text or error, separated by tabs.

The text of a source is encoded in UTF-8 again, so lone surrogates are errors, too.
"""
import encodings.aliases
import itertools
import random
import sys
import warnings

# An invalid escape of `unicode_escape`.
warnings.simplefilter("ignore")

SINGLE = sys.argv[1].split()
DOUBLE = sys.argv[2].split()
OTHERS = sys.argv[3].split()
# Names that exist only in some releases.
RENAMED = sys.argv[4].split()


def say(codec, sequence):
    try:
        found = "+" + str(sequence, codec).encode().hex()
    except (UnicodeError, LookupError, OverflowError) as error:
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

ESCAPE = b"\x1b"
SETS = [ESCAPE + sequence for sequence in (
    b"(B", b"(J", b"(I", b")B", b")J", b".A", b".F", b".B", b"$@", b"$A", b"$B", b"$(@", b"$(A", b"$(B", b"$(C", b"$(D",
    b"$(O", b"$(P", b"$(Q", b"$)A", b"$)C", b"&@" + ESCAPE + b"$B", b"&@", b"(", b"$", b"$(", b"N", b"NA", b"N\xc1",
    b"[1mZ", b"(" + b"1" * 20, b"&@" * 8 + b"B", b"",
)]


def rows(parts, longest):
    """Every sequence of up to this many parts."""
    for length in range(longest + 1):
        for row in itertools.product(parts, repeat=length):
            yield b"".join(row)


def shifted(codec):
    pairs(codec)
    for escape in SETS:
        for first in range(0x20, 0x80):
            say(codec, escape + bytes([first]))
            for second in range(0x1F, 0x82):
                say(codec, escape + (b"\x0e" if b")" in escape else b"") + bytes([first, second]))
        for byte in range(256):
            say(codec, escape + ESCAPE + b"N" + bytes([byte]))
    for row in rows([*SETS, b"\x0e", b"\x0f", b"\n", b"0!", b"\\", b"\xff"], 3):
        say(codec, row)


# Parts whose sequences cover everything that a codec distinguishes.
PARTS = {
    "hz": ([b"~", b"{", b"}", b"\n", b"0!", b"0", b"!", b"\xb0", b"~{", b"~}", b"~~"], 5),
    "utf_7": ([b"+", b"-", b"2D3", b"eA", b"A", b"B", b"//", b"=", b"\n", b"\\", b"~", b"\xe9"], 5),
    "unicode_escape": (
        [b"\\", b"x", b"u", b"U", b"N", b"{", b"}", b"DIGIT ONE", b"digit one", b"0011", b"d800", b"77", b"8", b"g",
         b"n", b"\n", b"\xe9"],
        4,
    ),
    "raw_unicode_escape": ([b"\\", b"x", b"u", b"U", b"0011", b"00", b"d800", b"g", b"n", b"\xe9"], 5),
    "punycode": ([b"-", b"a", b"Z", b"9", b"k", b"*", b"\n", b"\xe9", b"zzzzzzzzzz"], 5),
    "idna": ([b".", b"x", b"n", b"-", b"a" * 600, b"\xe9"], 4),
    "utf_16": ([b"\xff", b"\xfe", b"a", b"\0", b"\xd8\x3d", b"\xde\x00", b"\x3d\xd8"], 6),
    "utf_32": ([b"\xff", b"\xfe", b"a", b"\0", b"\0\0", b"\x10", b"\x11", b"\xd8"], 5),
}


def other(codec):
    if codec == "hz":
        pairs(codec, b"~{")
        pairs(codec, b"~{0!", b"~}")
    pairs(codec)
    for name in (codec, codec.rpartition("_")[0]):
        if name in PARTS:
            for row in rows(*PARTS[name]):
                say(codec, row)
    source = random.Random(codec)
    for _ in range(20_000):
        # Only printable ones: others end most sequences at once.
        say(codec, bytes(source.choices(range(0x20, 0x7F), k=source.randrange(3, 30))))


# The tokenizer itself handles every spelling of `utf_8_sig`.
for name in {*encodings.aliases.aliases, *encodings.aliases.aliases.values(), *OTHERS, *RENAMED} - {"utf_8_sig"}:
    for spelling in (name, name.upper(), name.replace("_", "-"), name.replace("_", "."), name + "_", "x" + name):
        say(spelling, b"abc")
for codec in OTHERS:
    if codec.startswith("iso2022"):
        shifted(codec)
    else:
        other(codec)
