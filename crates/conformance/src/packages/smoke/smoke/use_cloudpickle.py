"""cloudpickle: functions and classes by value, of a bundled module, too."""

import pickle

import cloudpickle

from smoke import calculator


def main():
    factor = 3

    class Thing:
        size = factor

        def grow(self, by=lambda n: n * factor):
            return by(self.size)

    found = [pickle.loads(cloudpickle.dumps(Thing))().grow()]
    found.append(pickle.loads(cloudpickle.dumps(lambda a: calculator.add(a, factor)))(4))
    by_name = len(cloudpickle.dumps(calculator.add))
    cloudpickle.register_pickle_by_value(calculator)
    by_value = cloudpickle.dumps(calculator.add)
    cloudpickle.unregister_pickle_by_value(calculator)
    found.append((len(by_value) > by_name, pickle.loads(by_value)(1, 1)))
    found.append(pickle.loads(cloudpickle.dumps(calculator)) is calculator)
    specs = pickle.loads(cloudpickle.dumps(calculator.__spec__))
    return found + [specs == calculator.__spec__]
