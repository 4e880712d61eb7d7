from ortools.algorithms.python import knapsack_solver
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model


def use():
    model = cp_model.CpModel()
    x, y = model.new_int_var(0, 10, "x"), model.new_int_var(0, 10, "y")
    model.add(2 * x + 3 * y <= 20)
    model.maximize(3 * x + 4 * y)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)

    linear = pywraplp.Solver.CreateSolver("GLOP")
    z = linear.NumVar(0, 1, "z")
    linear.Maximize(5 * z)
    linear.Solve()

    sack = knapsack_solver.KnapsackSolver(
        knapsack_solver.SolverType.KNAPSACK_DYNAMIC_PROGRAMMING_SOLVER, "sack"
    )
    sack.init([3, 4, 5], [[2, 3, 4]], [5])
    return [solver.status_name(status), solver.objective_value, z.solution_value(), sack.solve()]
