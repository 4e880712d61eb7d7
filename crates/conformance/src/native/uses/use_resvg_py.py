import resvg_py


def use():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9" fill="red"/></svg>'
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))[:8].hex()
