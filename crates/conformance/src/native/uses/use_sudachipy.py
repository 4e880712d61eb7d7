import sudachipy


def use():
    tokens = sudachipy.Dictionary(dict="small").create().tokenize("東京都に行く", sudachipy.SplitMode.A)
    return [[token.surface() for token in tokens], tokens[-1].part_of_speech()[0]]
