import datetime
import uuid

from cassandra import cqltypes, cmurmur3, query
from cassandra.cluster import Cluster, NoHostAvailable


def use():
    kind = cqltypes.lookup_casstype("MapType(UTF8Type, Int32Type)")
    data = kind.serialize({"a": 1, "b": 2}, 4)
    try:
        Cluster(["127.0.0.1"], port=1).connect()
    except NoHostAvailable:
        refused = True
    statement = query.bind_params("select %s, %s", (uuid.UUID(int=1), datetime.date(2026, 1, 2)), __import__("cassandra.encoder").encoder.Encoder())
    return [data.hex(), dict(kind.deserialize(data, 4)), cmurmur3.murmur3(b"abc"), refused, statement]
