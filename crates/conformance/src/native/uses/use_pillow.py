import io

from PIL import Image, ImageDraw, ImageFont, features


def use():
    image = Image.new("RGB", (64, 64), "navy")
    ImageDraw.Draw(image).text((5, 5), "hé", font=ImageFont.load_default(20), fill="white")
    sizes = []
    for kind in ("PNG", "JPEG", "WEBP", "TIFF"):
        stream = io.BytesIO()
        image.resize((32, 32)).save(stream, kind)
        stream.seek(0)
        sizes.append([kind, Image.open(stream).size, len(stream.getvalue())])
    return [sizes, features.version("freetype2"), features.check("libjpeg_turbo")]
