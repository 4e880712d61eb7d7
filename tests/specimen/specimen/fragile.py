import specimen

specimen.ATTEMPTS = getattr(specimen, "ATTEMPTS", 0) + 1
if specimen.ATTEMPTS == 1:
    raise RuntimeError("first attempt")
