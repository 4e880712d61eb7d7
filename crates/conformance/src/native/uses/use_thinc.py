import numpy
from thinc.api import Adam, Relu, Softmax, chain, fix_random_seed


def use():
    fix_random_seed(0)
    model = chain(Relu(nO=8), Softmax())
    given = numpy.eye(4, dtype="f")
    model.initialize(X=given, Y=given)
    adam = Adam(0.05)
    for _ in range(80):
        guess, backprop = model.begin_update(given)
        backprop((guess - given) / 4)
        model.finish_update(adam)
    return model.predict(given).argmax(axis=1).tolist()
