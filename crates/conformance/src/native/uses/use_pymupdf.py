import pymupdf


def use():
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 72), "Hello, world", fontname="helv")
    page.draw_rect((10, 10, 50, 50), color=(1, 0, 0))
    again = pymupdf.open(stream=document.tobytes(), filetype="pdf")
    pixels = again[0].get_pixmap(dpi=50)
    return [again[0].get_text().strip(), pixels.width, pixels.height, len(again[0].search_for("world"))]
