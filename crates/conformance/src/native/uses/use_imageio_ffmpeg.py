import os
import tempfile

import imageio_ffmpeg


def use():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "film.mp4")
        writer = imageio_ffmpeg.write_frames(path, (64, 48), fps=10)
        writer.send(None)
        for number in range(5):
            writer.send(bytes([40 * number]) * (64 * 48 * 3))
        writer.close()
        reader = imageio_ffmpeg.read_frames(path)
        about = next(reader)
        frames = [frame[0] // 20 for frame in reader]
    return [about["size"], about["fps"], len(frames), frames, os.path.isfile(imageio_ffmpeg.get_ffmpeg_exe())]
