import io

import paramiko


def use():
    key = paramiko.ECDSAKey.generate()
    buffer = io.StringIO()
    key.write_private_key(buffer)
    buffer.seek(0)
    return [paramiko.ECDSAKey.from_private_key(buffer) == key, key.get_name()]
