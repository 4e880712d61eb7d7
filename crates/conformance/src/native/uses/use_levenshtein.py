import Levenshtein


def use():
    return [Levenshtein.distance("kitten", "sitting"), Levenshtein.editops("ab", "ba"), Levenshtein.median(["ab", "abc"])]
