import io

import cairocffi


def use():
    surface = cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, 20, 10)
    context = cairocffi.Context(surface)
    context.set_source_rgb(1, 0, 0)
    context.rectangle(5, 2, 10, 6)
    context.fill()
    picture = io.BytesIO()
    surface.write_to_png(picture)
    return [picture.getvalue()[:4].hex(), bytes(surface.get_data())[4 * (20 * 5 + 10) + 2], cairocffi.cairo_version() > 11000]
