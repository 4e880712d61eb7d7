import onnx
from onnx import TensorProto, checker, helper, parser, shape_inference, version_converter


def use():
    model = parser.parse_model('<ir_version: 8, opset_import: ["": 17]> g (float[N, 4] x) => (float[N, 4] y) { t = Relu(x) y = Add(t, x) }')
    checker.check_model(model)
    inferred = shape_inference.infer_shapes(model)
    newer = version_converter.convert_version(model, 18)
    node = helper.make_tensor("t", TensorProto.FLOAT, [2], [1.0, 2.0])
    return [[v.name for v in inferred.graph.value_info], newer.opset_import[0].version, onnx.numpy_helper.to_array(node).tolist(), onnx.defs.get_schema("Relu").since_version]
