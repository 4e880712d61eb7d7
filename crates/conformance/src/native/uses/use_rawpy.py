import rawpy


def use():
    try:
        rawpy.imread(__import__("io").BytesIO(b"not a photograph" * 100))
    except rawpy.LibRawError as error:
        refused = str(error)
    return [rawpy.libraw_version[:2], sorted(rawpy.flags)[:3], refused]
