import numpy
import zxingcpp


def use():
    image = zxingcpp.write_barcode(zxingcpp.BarcodeFormat.QRCode, "include-py", 200, 200)
    found = zxingcpp.read_barcodes(numpy.array(image))
    return [[code.text, str(code.format)] for code in found]
