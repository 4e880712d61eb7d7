"""The measured application: a greeting, a loop, a small use of pandas. The last line is the memory in use at the end."""

import sys


def loop():
    found, table = 0, {}
    for number in range(4_000_000):
        found = (found * 31 + number) % 1_000_003
        table[found % 1000] = table.get(found % 1000, 0) + 1
    print(len(table), found)


def pandas():
    import pandas

    frame = pandas.DataFrame({"a": [1, 2, 1, 3], "b": [1.5, 2.5, 3.5, 4.5]})
    print(frame.groupby("a")["b"].mean().to_dict())


def memory():
    """Resident memory, and the sizes of what was loaded from memory files, in KB."""
    with open("/proc/self/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    sizes = {}
    with open("/proc/self/maps") as maps:
        for line in maps:
            if "/memfd:" in line:
                addresses, _, offset, _, inode = line.split()[:5]
                start, end = (int(address, 16) for address in addresses.split("-"))
                sizes[inode] = max(sizes.get(inode, 0), int(offset, 16) + end - start)
    names = ["VmRSS", "RssAnon", "RssFile", "RssShmem"]
    return [int(fields[name].split()[0]) for name in names] + [sum(sizes.values()) // 1024]


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else "hello"
    if what == "loop":
        loop()
    elif what == "pandas":
        pandas()
    else:
        print("hello")
    if sys.argv[-1] == "memory":
        print(*memory())
