import io

import pillow_heif
from PIL import Image


def use():
    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    Image.new("RGB", (64, 32), (200, 30, 60)).save(buffer, "HEIF", quality=90)
    again = Image.open(io.BytesIO(buffer.getvalue()))
    return [again.size, again.format, all(abs(a - b) < 8 for a, b in zip(again.getpixel((5, 5)), (200, 30, 60)))]
