from kiwisolver import Solver, Variable, strength


def use():
    left, right = Variable("left"), Variable("right")
    solver = Solver()
    for constraint in (left >= 0, right == left + 100, (left == 20) | strength.weak, (right >= 150) | "strong"):
        solver.addConstraint(constraint)
    solver.updateVariables()
    return [left.value(), right.value()]
