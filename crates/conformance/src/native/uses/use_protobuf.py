from google.protobuf import descriptor_pb2, json_format, struct_pb2
from google.protobuf.internal import api_implementation


def use():
    struct = struct_pb2.Struct()
    struct.update({"a": [1, {"b": "é"}]})
    again = struct_pb2.Struct.FromString(struct.SerializeToString())
    field = descriptor_pb2.FieldDescriptorProto(name="x", number=3)
    return [json_format.MessageToDict(again), field.ByteSize(), api_implementation.Type()]
