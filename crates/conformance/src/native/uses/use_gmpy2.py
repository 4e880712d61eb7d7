import gmpy2


def use():
    with gmpy2.context(precision=200):
        root = str(gmpy2.sqrt(gmpy2.mpfr(2)))
    return [str(gmpy2.mpz(2) ** 200), gmpy2.is_prime(2**127 - 1), root, gmpy2.mp_version()]
