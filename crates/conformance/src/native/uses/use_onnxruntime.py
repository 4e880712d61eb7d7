import onnxruntime


def field(number, content):
    """A field of a protobuf message: a number, or a string, bytes or message."""
    if isinstance(content, int):
        return bytes([number << 3, content])
    content = content.encode() if isinstance(content, str) else content
    return bytes([number << 3 | 2, len(content)]) + content


def model():
    """`y = x + x` on two floats, in ONNX' own format."""
    shape = field(2, field(1, field(1, 2)))
    tensor = lambda name: field(1, name) + field(2, field(1, field(1, 1) + shape))
    node = field(1, "x") + field(1, "x") + field(2, "y") + field(4, "Add")
    graph = field(1, node) + field(2, "g") + field(11, tensor("x")) + field(12, tensor("y"))
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 14))


def use():
    session = onnxruntime.InferenceSession(model(), providers=["CPUExecutionProvider"])
    import numpy as np

    found = session.run(None, {"x": np.array([1.5, 2.0], np.float32)})
    return [found[0].tolist(), onnxruntime.get_available_providers()]
