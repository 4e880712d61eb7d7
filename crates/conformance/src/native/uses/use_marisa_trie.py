import marisa_trie


def use():
    trie = marisa_trie.Trie(["key1", "key2", "other"])
    records = marisa_trie.RecordTrie("<H", [("a", (1,)), ("ab", (2,))])
    return [trie.keys("key"), trie["other"], records["ab"], records.items()]
