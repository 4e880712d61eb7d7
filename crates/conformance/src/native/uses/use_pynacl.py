import nacl.hash
import nacl.secret
import nacl.signing


def use():
    box = nacl.secret.SecretBox(bytes(32))
    key = nacl.signing.SigningKey(bytes(32))
    signed = key.sign(b"text")
    return [
        box.encrypt(b"text", bytes(24)).hex(),
        key.verify_key.verify(signed).decode(),
        nacl.hash.sha256(b"text").decode(),
    ]
