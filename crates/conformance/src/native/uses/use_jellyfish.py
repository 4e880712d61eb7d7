import jellyfish


def use():
    return [jellyfish.soundex("Robert"), jellyfish.jaro_winkler_similarity("abc", "abd"), jellyfish.metaphone("Smith")]
