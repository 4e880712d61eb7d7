import importlib.resources
import io

import freetype


def use():
    data = importlib.resources.files("reportlab").joinpath("fonts/Vera.ttf").read_bytes()
    face = freetype.Face(io.BytesIO(data))
    face.set_char_size(48 * 64)
    face.load_char("S")
    bitmap = face.glyph.bitmap
    return [face.family_name.decode(), bitmap.width, bitmap.rows, sum(bitmap.buffer), freetype.version()]
