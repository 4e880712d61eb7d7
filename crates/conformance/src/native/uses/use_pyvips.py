import pyvips


def use():
    image = pyvips.Image.black(60, 40, bands=3).draw_rect([255, 0, 0], 10, 10, 20, 20, fill=True)
    png = image.resize(0.5).pngsave_buffer()
    again = pyvips.Image.new_from_buffer(png, "")
    jpeg = pyvips.Image.new_from_buffer(image.jpegsave_buffer(), "")
    return [again.width, again.height, again.getpoint(10, 10), round(jpeg.avg()), pyvips.version(0)]
