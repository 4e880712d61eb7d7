"""pydantic 1: validation, errors, JSON and JSON schema, and whether it is compiled."""

import datetime
from typing import Optional

import pydantic


class Address(pydantic.BaseModel):
    city: str = pydantic.Field(..., min_length=2)


class Person(pydantic.BaseModel):
    name: str
    born: datetime.date
    address: Optional[Address] = None

    @pydantic.validator("name")
    def titled(cls, value):
        return value.title()


def main():
    person = Person.parse_raw('{"name": "ada", "born": "1815-12-10", "address": {"city": "London"}}')
    assert person.name == "Ada" and person.born.year == 1815
    assert Person.parse_raw(person.json()) == person
    assert Person.schema()["required"] == ["name", "born"]
    try:
        Person(name="x", born="never", address={"city": "L"})
    except pydantic.ValidationError as error:
        assert [part["loc"] for part in error.errors()] == [("born",), ("address", "city")]
    else:
        raise AssertionError("accepted an invalid date")
    return pydantic.compiled
