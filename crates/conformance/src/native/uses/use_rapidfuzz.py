from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein


def use():
    return [
        process.extractOne("new york jets", ["New York Giants", "new york jet"])[0],
        round(fuzz.token_sort_ratio("a b c", "c b d"), 3),
        Levenshtein.distance("kitten", "sitting"),
        fuzz.ratio.__module__,
    ]
