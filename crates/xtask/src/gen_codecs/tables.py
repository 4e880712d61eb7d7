"""Writes tables for `pyc-compiler` of what the interpreter's codecs decode: python tables.py TABLES NAMES

TABLES (binary): a line of text, then the tables, all in LEB128: the parent's number + 1 or 0; the number
of pairs, the pairs; the number of chunks, the chunks. A chunk: the gap to its first key, its number of
keys, and each value's difference to the one before + 1, zigzag; a 0 is followed by how many more follow.
A key is the bytes as a big-endian number, or 0x1000000 + a four-byte sequence's number in GB 18030.
"""
import encodings.aliases
import pkgutil
import sys

MORE, GONE, PAIR = 0x110000, 0x110001, 0x110002
SINGLE = """
ascii latin_1 iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10
iso8859_11 iso8859_13 iso8859_14 iso8859_15 iso8859_16 cp037 cp1006 cp1026 cp1125 cp1140 cp1250 cp1251
cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp273 cp424 cp437 cp500 cp720 cp737 cp775 cp850 cp852
cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874 cp875 hp_roman8 koi8_r
koi8_t koi8_u kz1048 mac_arabic mac_croatian mac_cyrillic mac_farsi mac_greek mac_iceland mac_latin2
mac_roman mac_romanian mac_turkish palmos ptcp154 tis_620
""".split()
# Each is paired with its parent: the table only has the differences from that codec.
DOUBLE = [
    ("gb18030", None), ("gbk", "gb18030"), ("gb2312", "gbk"),
    ("big5", None), ("cp950", "big5"), ("big5hkscs", "big5"),
    ("cp949", None), ("euc_kr", "cp949"), ("johab", None),
    ("cp932", None), ("shift_jis", "cp932"), ("shift_jis_2004", "cp932"),
    ("shift_jisx0213", "shift_jis_2004"),
    ("euc_jp", None), ("euc_jis_2004", "euc_jp"), ("euc_jisx0213", "euc_jis_2004"),
]
# Codecs that are decoded by other means, or don't decode to text.
OTHERS = """
base64_codec bz2_codec charmap hex_codec hz idna iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3
iso2022_jp_ext iso2022_kr punycode quopri_codec raw_unicode_escape rot_13 undefined unicode_escape utf_16 utf_16_be
utf_16_le utf_32 utf_32_be utf_32_le utf_7 uu_codec zlib_codec
""".split()
# `mbcs` and `oem` exist only on Windows. The others are no codecs, or are handled before codecs are looked up.
NOT_NAMED = {"aliases", "iso8859_1", "mbcs", "oem", "utf_8", "utf_8_sig"}


def met(codec, sequence):
    """The text of exactly this sequence. None if it is invalid, MORE if it is incomplete."""
    try:
        text = sequence.decode(codec)
    except UnicodeDecodeError as error:
        return MORE if error.reason.startswith("incomplete") and error.start == 0 else None
    return text


def linear(number):
    number, fourth = divmod(number, 10)
    number, third = divmod(number, 126)
    first, second = divmod(number, 10)
    return bytes([first + 0x81, second + 0x30, third + 0x81, fourth + 0x30])


def table(codec):
    known = {}

    def follow(prefix):
        for byte in range(256):
            sequence = prefix + bytes([byte])
            found = met(codec, sequence)
            if found is None:
                continue
            known[int.from_bytes(sequence, "big")] = found
            if found == MORE and len(sequence) < (2 if codec in ("gb18030", "euc_kr") else 3):
                follow(sequence)

    follow(b"")
    if codec == "gb18030":
        for number in range(0x7E * 12600):
            found = met(codec, linear(number))
            if isinstance(found, str):
                known[0x1000000 + number] = found
    return known


def leb(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def packed(known, parent, parents_number):
    if parent is not None:
        edits = {key: value for key, value in known.items() if parent.get(key) != value}
        edits.update((key, GONE) for key in parent if key not in known and key < 0x1000000)
        known = edits
    pairs, chunks = [], []
    last = -2
    for key in sorted(known):
        value = known[key]
        if isinstance(value, str):
            if len(value) == 1:
                value = ord(value)
            else:
                first, second = map(ord, value)
                if (first, second) not in pairs:
                    pairs.append((first, second))
                value = PAIR + pairs.index((first, second))
        if key != last + 1:
            chunks.append((key, []))
        chunks[-1][1].append(value)
        last = key
    out = bytearray()
    out += leb(0 if parents_number is None else parents_number + 1) + leb(len(pairs))
    for pair in pairs:
        out += leb(pair[0]) + leb(pair[1])
    out += leb(len(chunks))
    end, before = 0, 0
    for start, values in chunks:
        out += leb(start - end) + leb(len(values))
        end = start + len(values)
        zeros = None
        for value in values:
            change = value - before - 1
            before = value
            if change == 0:
                zeros = 0 if zeros is None else zeros + 1
                continue
            if zeros is not None:
                out += b"\0" + leb(zeros)
                zeros = None
            out += leb(change * 2 if change > 0 else -change * 2 - 1)
        if zeros is not None:
            out += b"\0" + leb(zeros)
    return bytes(out)


def normalized(name):
    return "_".join(part for part in name.replace("-", "_").split("_") if part)


def main(tables, names):
    order, made = [], {}
    data = bytearray(b"@generated by `cargo xtask gen-codecs` from the interpreter's codecs\n")
    for codec, parent in [(name, "ascii" if name != "ascii" else None) for name in SINGLE] + DOUBLE:
        made[codec] = table(codec)
        number = order.index(parent) if parent else None
        data += packed(made[codec], made.get(parent), number)
        order.append(codec)
    modules = {module.name for module in pkgutil.iter_modules(encodings.__path__)} - NOT_NAMED
    if modules != {*order, *OTHERS}:
        sys.exit(f"codecs that aren't known or aren't there: {modules ^ {*order, *OTHERS}}")
    aliases = {}
    for alias, name in encodings.aliases.aliases.items():
        aliases.setdefault(name, []).append(alias)
    with open(tables, "wb") as file:
        file.write(data)
    with open(names, "w") as file:
        file.write("# Codec, its aliases; in the order of the tables, then those without one.\n")
        file.write("# @generated by `cargo xtask gen-codecs` from `encodings.aliases`.\n")
        for codec in order + OTHERS:
            file.write(" ".join([codec, *sorted(aliases.get(codec, []))]) + "\n")


main(*sys.argv[1:])
