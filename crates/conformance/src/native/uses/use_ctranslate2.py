import ctranslate2
import numpy


def use():
    view = ctranslate2.StorageView.from_array(numpy.arange(6, dtype=numpy.float32).reshape(2, 3))
    half = view.to(ctranslate2.DataType.float16)
    return [view.shape, str(view.dtype), numpy.array(half.to(ctranslate2.DataType.float32)).tolist(), "float32" in ctranslate2.get_supported_compute_types("cpu")]
