import gzip
import io

import indexed_gzip


def use():
    data = bytes(range(256)) * 4000
    with indexed_gzip.IndexedGzipFile(fileobj=io.BytesIO(gzip.compress(data)), spacing=65536) as file:
        file.build_full_index()
        file.seek(1000 * 256 + 5)
        points = len(list(file.seek_points()))
        return [list(file.read(3)), points > 0, len(file.read())]
