import io

import numpy as np
import soundfile


def use():
    stream = io.BytesIO()
    soundfile.write(stream, np.sin(np.arange(8000) / 10), 8000, format="OGG", subtype="VORBIS")
    stream.seek(0)
    data, rate = soundfile.read(stream)
    return [len(data), rate, soundfile.__libsndfile_version__]
