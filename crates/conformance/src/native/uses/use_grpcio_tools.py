import importlib.resources
import os
import sys
import tempfile

from grpc_tools import protoc

PROTO = '''syntax = "proto3"; package p; import "google/protobuf/timestamp.proto";
message Ask { string name = 1; google.protobuf.Timestamp at = 2; } service S { rpc Do(Ask) returns (Ask); }'''


def use():
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "ask_of_tools.proto"), "w") as file:
            file.write(PROTO)
        with importlib.resources.as_file(importlib.resources.files("grpc_tools") / "_proto") as known:
            code = protoc.main(["", f"-I{directory}", f"-I{known}", f"--python_out={directory}", f"--grpc_python_out={directory}", "ask_of_tools.proto"])
        made = sorted(os.listdir(directory))
        sys.path.insert(0, directory)
        import ask_of_tools_pb2

        data = ask_of_tools_pb2.Ask(name="x").SerializeToString()
    return [code, made, data.hex()]
