from Crypto.Cipher import AES
from Crypto.Hash import SHA3_256
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa


def use():
    cipher = AES.new(bytes(16), AES.MODE_GCM, nonce=bytes(12))
    text, tag = cipher.encrypt_and_digest(b"text")
    key = eddsa.import_private_key(bytes(32))
    signature = eddsa.new(key, "rfc8032").sign(b"text")
    curve = ECC.construct(curve="P-256", d=12345)
    return [text.hex(), tag.hex(), SHA3_256.new(b"x").hexdigest(), signature.hex(), int(curve.pointQ.x) % 10**9]
