import array

import miniaudio


def use():
    tone = array.array("h", [0, 1000, 2000, 1000] * 100)
    sound = miniaudio.DecodedSoundFile("tone", 1, 8000, miniaudio.SampleFormat.SIGNED16, tone)
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "tone.wav")
        miniaudio.wav_write_file(path, sound)
        info = miniaudio.get_file_info(path)
        with open(path, "rb") as file:
            again = miniaudio.decode(file.read(), nchannels=1, sample_rate=8000)
    return [info.num_frames, info.sample_rate, list(again.samples[:4])]
