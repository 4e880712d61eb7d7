import io

import pypdfium2


def use():
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 200)
    buffer = io.BytesIO()
    document.save(buffer)
    again = pypdfium2.PdfDocument(buffer.getvalue())
    picture = again[0].render(scale=0.5).to_numpy()
    return [len(again), again[0].get_size(), picture.shape, int(picture.mean())]
