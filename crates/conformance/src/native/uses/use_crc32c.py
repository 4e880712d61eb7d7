import crc32c


def use():
    return [crc32c.crc32c(b"123456789"), crc32c.CRC32CHash(b"123456789").hexdigest()]
