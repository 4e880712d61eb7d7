from dbus_fast import Message, MessageType
from dbus_fast.signature import Variant


def use():
    message = Message("a.b", "/a", "a.b", "Call", signature="sv", body=["x", Variant("i", 7)], serial=1)
    return [message.message_type is MessageType.METHOD_CALL, bytes(message._marshall(False)).hex()]
