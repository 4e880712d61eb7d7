import flint


def use():
    polynomial = flint.fmpz_poly([-1, 0, 1])
    return [
        str(polynomial.factor()),
        str(flint.fmpz(2) ** 100),
        str(flint.fmpq(1, 3) + flint.fmpq(1, 6)),
        str(flint.fmpz_mat([[1, 2], [3, 4]]).det()),
        str(flint.arb.pi())[:12],
    ]
