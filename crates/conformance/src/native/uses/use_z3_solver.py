import z3


def use():
    x, y = z3.Ints("x y")
    solver = z3.Solver()
    solver.add(x + y == 10, x - y == 4)
    return [str(solver.check()), str(solver.model()[x]), z3.get_version_string()]
