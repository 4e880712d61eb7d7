from pydantic_core import SchemaValidator, ValidationError, core_schema, from_json, to_json


def use():
    fields = {"a": core_schema.typed_dict_field(core_schema.int_schema(gt=1)), "b": core_schema.typed_dict_field(core_schema.list_schema(core_schema.str_schema()))}
    validator = SchemaValidator(core_schema.typed_dict_schema(fields))
    try:
        validator.validate_python({"a": 1, "b": [2]})
    except ValidationError as error:
        faults = [fault["type"] for fault in error.errors()]
    return [validator.validate_json('{"a": "3", "b": ["x"]}'), faults, to_json({"x": {1}}).decode(), from_json("[1, 2", allow_partial=True)]
