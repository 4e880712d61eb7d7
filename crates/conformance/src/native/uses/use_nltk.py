from nltk import FreqDist, ngrams
from nltk.metrics import edit_distance
from nltk.stem import PorterStemmer, SnowballStemmer
from nltk.tokenize import TreebankWordTokenizer
from nltk.tree import Tree


def use():
    words = TreebankWordTokenizer().tokenize("The runners weren't running quickly.")
    return [
        words,
        [PorterStemmer().stem(word) for word in words],
        SnowballStemmer("german").stem("laufenden"),
        FreqDist("banana").most_common(2),
        list(ngrams([1, 2, 3], 2)),
        edit_distance("kitten", "sitting"),
        Tree.fromstring("(S (NP x) (VP y))").height(),
    ]
