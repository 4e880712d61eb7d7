import cchardet


def use():
    return cchardet.detect("Grüße aus München, schöne Tage".encode("iso-8859-1"))
