import highspy


def use():
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    x, y = solver.addVariable(lb=0), solver.addIntegral(lb=0)
    solver.addConstr(x + 2 * y <= 7)
    solver.addConstr(3 * x + y <= 9)
    solver.maximize(2 * x + 3 * y)
    return [solver.modelStatusToString(solver.getModelStatus()), round(solver.getObjectiveValue(), 6)]
