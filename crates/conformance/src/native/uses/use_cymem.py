from cymem.cymem import Address, Pool


def use():
    pool = Pool()
    Address(1, 64)
    return [type(pool).__name__, pool.size]
