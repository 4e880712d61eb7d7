import pickle

import ahocorasick


def use():
    automaton = ahocorasick.Automaton()
    for word in ["he", "she", "hers"]:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return [list(automaton.iter("ushers")), len(pickle.loads(pickle.dumps(automaton)))]
