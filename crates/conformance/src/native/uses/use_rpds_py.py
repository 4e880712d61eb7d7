import jsonschema
import rpds


def use():
    # jsonschema's own schemas are resources of a package.
    schema = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 3}}, "required": ["b"]}
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    messages = sorted(error.message for error in validator.iter_errors({"a": 1}))
    return [messages, sorted(rpds.HashTrieMap({"a": 1}).insert("b", 2))]
