import os
import tempfile

import pycrfsuite


def use():
    trainer = pycrfsuite.Trainer(verbose=False)
    for _ in range(5):
        trainer.append([["w=a"], ["w=b"], ["w=c"]], ["X", "Y", "Z"])
    trainer.set_params({"max_iterations": 20})
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        found = tagger.tag([["w=c"], ["w=a"]])
        tagger.close()
    return [found, sorted(trainer.get_params())[:2]]
