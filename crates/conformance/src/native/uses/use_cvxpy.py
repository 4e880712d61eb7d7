import cvxpy


def use():
    x, y = cvxpy.Variable(), cvxpy.Variable()
    wanted = cvxpy.Minimize(cvxpy.square(x - y))
    problem = cvxpy.Problem(wanted, [x + y == 1, x - y >= 1])
    found = []
    for solver in ["CLARABEL", "OSQP", "SCS"]:
        found.append([solver, round(problem.solve(solver=solver), 2), round(float(x.value), 2)])
    return found
