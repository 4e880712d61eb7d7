import datetime

import pydantic


class Order(pydantic.BaseModel):
    number: int
    when: datetime.datetime
    mail: str = pydantic.Field(pattern=r".+@.+")


def use():
    order = Order(number="7", when="2024-01-31T12:00:00Z", mail="a@b")
    try:
        Order(number="x", when=1, mail="nobody")
    except pydantic.ValidationError as error:
        wrong = [one["loc"][0] for one in error.errors()]
    return [order.model_dump_json(), wrong, Order.model_json_schema()["required"]]
