import argon2
import argon2.low_level


def use():
    options = dict(time_cost=1, memory_cost=64, parallelism=1, hash_len=16, type=argon2.low_level.Type.ID)
    found = argon2.low_level.hash_secret(b"secret", b"saltsalt", **options).decode()
    return [found, argon2.PasswordHasher().verify(found, "secret")]
