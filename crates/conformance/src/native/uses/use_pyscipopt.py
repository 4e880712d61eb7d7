import pyscipopt


def use():
    model = pyscipopt.Model()
    model.hideOutput()
    x, y = model.addVar("x", vtype="INTEGER"), model.addVar("y")
    model.addCons(2 * x + y * y >= 10)
    model.addCons(y <= 3)
    model.setObjective(x + y)
    model.optimize()
    return [model.getStatus(), round(model.getObjVal(), 4)]
