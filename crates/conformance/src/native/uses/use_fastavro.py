import io

import fastavro


def use():
    fields = [{"name": "a", "type": "long"}, {"name": "b", "type": ["null", "string"]}]
    schema = fastavro.parse_schema({"type": "record", "name": "R", "fields": fields})
    stream = io.BytesIO()
    fastavro.writer(stream, schema, [{"a": 1, "b": None}, {"a": 2, "b": "é"}], codec="deflate", sync_marker=b"0" * 16)
    stream.seek(0)
    return [list(fastavro.reader(stream)), "_read" in fastavro.reader.__module__]
