import symengine


def use():
    x, y = symengine.symbols("x y")
    expression = symengine.expand((x + y) ** 3)
    compiled = symengine.Lambdify([x], [symengine.sin(x)])
    return [str(expression), str(expression.diff(x)), str(symengine.sqrt(8)), float(compiled([0.0])[0])]
