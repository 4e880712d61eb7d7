import numpy
import simplejpeg


def use():
    image = numpy.zeros((16, 24, 3), numpy.uint8)
    image[:, :, 1] = 200
    data = simplejpeg.encode_jpeg(image, quality=95)
    again = simplejpeg.decode_jpeg(data)
    return [simplejpeg.decode_jpeg_header(data)[:2], int(again[8, 8, 1]) // 10, again.shape]
