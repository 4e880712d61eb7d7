"""pyphen: its dictionaries are resources, listed when it is imported."""

import pyphen


def main():
    dictionary = pyphen.Pyphen(lang="nl_NL")
    found = [dictionary.inserted("lettergrepen"), dictionary.wrap("autobandventieldopje", 11)]
    found.append(pyphen.Pyphen(lang="de").inserted("Silbentrennung"))
    return found + [len(pyphen.LANGUAGES), pyphen.language_fallback("de_XX")]
