import io

import av
import numpy


def use():
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for shade in range(5):
            picture = numpy.full((64, 64, 3), shade * 40, dtype=numpy.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    buffer.seek(0)
    with av.open(buffer) as container:
        shades = [round(frame.to_ndarray(format="gray").mean(), -1) for frame in container.decode(video=0)]
    return [shades, "h264" in av.codecs_available, sorted(av.library_versions)]
