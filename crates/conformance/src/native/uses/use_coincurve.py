from coincurve import PrivateKey, PublicKey, verify_signature


def use():
    key = PrivateKey(b"\1" * 32)
    signature = key.sign(b"text")
    public = PublicKey.from_signature_and_message(key.sign_recoverable(b"text"), b"text")
    return [key.public_key.format().hex(), verify_signature(signature, b"text", public.format()), key.ecdh(public.format()).hex()]
