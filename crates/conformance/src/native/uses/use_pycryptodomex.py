from Cryptodome.Cipher import AES, ChaCha20_Poly1305
from Cryptodome.Hash import SHA3_256, keccak
from Cryptodome.Protocol.KDF import scrypt
from Cryptodome.PublicKey import ECC


def use():
    box = AES.new(b"k" * 16, AES.MODE_GCM, nonce=b"n" * 12)
    text, tag = box.encrypt_and_digest(b"text")
    other = ChaCha20_Poly1305.new(key=b"k" * 32, nonce=b"n" * 12).encrypt(b"text")
    curve = ECC.construct(curve="P-256", d=5)
    return [text.hex(), tag.hex(), other.hex(), SHA3_256.new(b"x").hexdigest(), keccak.new(digest_bits=256, data=b"x").hexdigest(),
            scrypt("p", "s", 16, 16, 8, 1).hex(), str(curve.pointQ.x)]
