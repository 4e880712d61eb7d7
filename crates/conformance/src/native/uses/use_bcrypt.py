import bcrypt


def use():
    hashed = bcrypt.hashpw(b"secret", b"$2b$04$abcdefghijklmnopqrstuu")
    return [hashed.decode(), bcrypt.checkpw(b"secret", hashed), bcrypt.checkpw(b"other", hashed)]
