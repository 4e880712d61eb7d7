"""Writes pyc-compiler's Unicode tables: `tables.py NAMES IDENTIFIERS OLD_NAMES [ALIASES]`.

NAMES
    256 strings, each preceded by its length (a byte): what each byte of a name stands for
    the number of blocks (u32), and for each block its offset from the first one's (u32)
    blocks of names in alphabetical order: how much is the same as in the name before (a byte), how many bytes follow
    (a byte) and these; then the code point minus that of the name before, zigzag, seven bits a byte, the lowest first
IDENTIFIERS
    twice (XID_Start, XID_Continue): the number of ranges, then for each the distance of its start from the end of the
    one before, and its length; all as above, without the zigzag

Ideographs, including Tangut ones, and Hangul syllables are named by rule, so they have no entry. Aliases can't be
listed, only looked up: those of the old table are looked up again, and those of a file like the Unicode database's
NameAliases.txt, if there is one.
"""
import collections
import struct
import sys
import unicodedata

BLOCK = 32
RULED = "CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ", "TANGUT IDEOGRAPH-"


def varint(number):
    data = bytearray()
    while number >= 128:
        data.append(number & 127 | 128)
        number >>= 7
    data.append(number)
    return bytes(data)


def read_names(data):
    """The names of a table, decoded as in `crates/pyc-compiler/src/unicode/names.rs`."""
    at, strings = 0, []
    for _ in range(256 if data else 0):
        size = data[at]
        strings.append(data[at + 1 : at + 1 + size])
        at += 1 + size
    if not data:
        return
    (blocks,) = struct.unpack_from("<I", data, at)
    at += 4 + 4 * blocks
    name = b""
    while at < len(data):
        same, size = data[at], data[at + 1]
        at += 2
        name = name[:same] + b"".join(strings[byte] for byte in data[at : at + size])
        at += size
        while data[at] & 128:
            at += 1
        at += 1
        yield name.decode()


def named(candidates):
    names = {}
    for code in range(sys.maxunicode + 1):
        name = unicodedata.name(chr(code), "")
        if name and not name.startswith(RULED):
            names[name] = code
    for name in candidates:
        if not name.startswith(RULED):
            try:
                found = unicodedata.lookup(name)
            except KeyError:
                continue
            if len(found) == 1:
                names[name] = ord(found)
    return dict(sorted(names.items()))


def common(first, second):
    size = 0
    while size < min(len(first), len(second)) and first[size] == second[size]:
        size += 1
    return size


def dictionary(rests):
    """Frequent pairs, merged repeatedly, one for each byte that no name contains."""
    strings = [bytes([byte]) for byte in range(256)]
    used = set(b"".join(rests))
    words = [list(rest) for rest in rests[::4]]
    for byte in range(256):
        if byte in used:
            continue
        pairs = collections.Counter(pair for word in words for pair in zip(word, word[1:]))
        (first, second), _ = max(pairs.items(), key=lambda item: (item[1], item[0]))
        strings[byte] = strings[first] + strings[second]
        for word in words:
            at = 0
            while at + 1 < len(word):
                if word[at] == first and word[at + 1] == second:
                    word[at : at + 2] = [byte]
                at += 1
    return strings


def encode(rest, strings):
    """The shortest encoding of a text."""
    best = [(0, None)] + [(len(rest) + 1, None)] * len(rest)
    for end in range(1, len(rest) + 1):
        for byte, string in enumerate(strings):
            start = end - len(string)
            if start >= 0 and best[start][0] + 1 < best[end][0] and rest[start:end] == string:
                best[end] = best[start][0] + 1, byte
    data, end = bytearray(), len(rest)
    while end:
        data.append(best[end][1])
        end -= len(strings[best[end][1]])
    return bytes(data[::-1])


def names_table(names):
    before, rests = b"", []
    for number, name in enumerate(map(str.encode, names)):
        same = common(before, name) if number % BLOCK else 0
        rests.append((same, name[same:]))
        before = name
    strings = dictionary([rest for _, rest in rests])
    blocks, offsets, before = bytearray(), [], 0
    for number, ((same, rest), code) in enumerate(zip(rests, names.values())):
        if number % BLOCK == 0:
            offsets.append(len(blocks))
            before = 0
        encoded = encode(rest, strings)
        blocks += bytes([same, len(encoded)]) + encoded
        delta = code - before
        blocks += varint(delta * 2 if delta >= 0 else -delta * 2 - 1)
        before = code
    head = b"".join(bytes([len(string)]) + string for string in strings)
    return head + struct.pack(f"<{len(offsets) + 1}I", len(offsets), *offsets) + blocks


def ranges(test):
    found = []
    for code in range(128, sys.maxunicode + 1):
        if test(chr(code)):
            if found and found[-1][1] == code:
                found[-1][1] = code + 1
            else:
                found.append([code, code + 1])
    data, end = varint(len(found)), 0
    for start, stop in found:
        data += varint(start - end) + varint(stop - start)
        end = stop
    return data


def main():
    names, identifiers, old, *aliases = sys.argv[1:]
    with open(old, "rb") as file:
        candidates = list(read_names(file.read()))
    for path in aliases:
        with open(path) as file:
            candidates += [line.split(";")[1] for line in file if line[:1] not in "#\n"]
    with open(names, "wb") as file:
        file.write(names_table(named(candidates)))
    with open(identifiers, "wb") as file:
        file.write(ranges(str.isidentifier) + ranges(lambda character: ("a" + character).isidentifier()))


main()
