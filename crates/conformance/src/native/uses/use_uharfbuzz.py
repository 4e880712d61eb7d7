import importlib.resources

import uharfbuzz


def use():
    data = importlib.resources.files("reportlab").joinpath("fonts/Vera.ttf").read_bytes()
    font = uharfbuzz.Font(uharfbuzz.Face(data))
    buffer = uharfbuzz.Buffer()
    buffer.add_str("Hello")
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {"kern": True})
    return [[info.codepoint for info in buffer.glyph_infos], sum(place.x_advance for place in buffer.glyph_positions)]
