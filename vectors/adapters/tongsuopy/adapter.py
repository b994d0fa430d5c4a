"""tongsuopy (PyPI). Verification takes DER signatures under the default identifier only."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from protocol import Refused, Unsupported, data, serve  # noqa: E402

import tongsuopy  # noqa: E402
from tongsuopy.crypto import hashes, serialization  # noqa: E402
from tongsuopy.crypto.asymciphers import ec  # noqa: E402
from tongsuopy.crypto.ciphers import Cipher, algorithms, modes  # noqa: E402
from tongsuopy.crypto.ciphers.aead import SM4CCM, SM4GCM  # noqa: E402
from tongsuopy.crypto.exceptions import InvalidSignature, InvalidTag  # noqa: E402

DEFAULT_ID = b"1234567812345678".hex()


def sm3(message):
    context = hashes.Hash(hashes.SM3())
    context.update(message)
    return context.finalize()


def point(text):
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SM2(), data(text))


def parse_point(q):
    try:
        point(q["public_key"])
    except ValueError as error:
        raise Refused(str(error)) from None


def parse_spki(q):
    try:
        key = serialization.load_der_public_key(data(q["spki"]))
    except ValueError as error:
        raise Refused(str(error)) from None
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_bytes(serialization.Encoding.X962, form)


def verify(q):
    if q["encoding"] != "der" or "digest" in q or q["id"] != DEFAULT_ID:
        raise Unsupported()
    try:
        key = point(q["public_key"])
    except ValueError as error:
        raise Refused(str(error)) from None
    try:
        key.verify(data(q["signature"]), data(q["message"]), ec.ECDSA(hashes.SM3()))
    except InvalidSignature:
        raise Refused() from None


def public_key(q):
    try:
        key = ec.derive_private_key(int(q["d"], 16), ec.SM2()).public_key()
    except ValueError as error:
        raise Refused(str(error)) from None
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_bytes(serialization.Encoding.X962, form)


def block(mode, encrypts):
    def run(q):
        if q.get("padding") == "pkcs7" or "rounds" in q:
            raise Unsupported()
        chosen = modes.ECB() if mode == "ecb" else modes.CBC(data(q["iv"]))
        cipher = Cipher(algorithms.SM4(data(q["key"])), chosen)
        context = cipher.encryptor() if encrypts else cipher.decryptor()
        text = data(q["plaintext" if encrypts else "ciphertext"])
        try:
            return context.update(text) + context.finalize()
        except ValueError as error:
            raise Refused(str(error)) from None

    return run


def aead(kind, seals):
    def run(q):
        cipher = kind(data(q["key"]))
        if seals:
            return cipher.encrypt(data(q["nonce"]), data(q["plaintext"]), data(q["aad"]))
        try:
            return cipher.decrypt(data(q["nonce"]), data(q["ciphertext"]), data(q["aad"]))
        except InvalidTag:
            raise Refused() from None

    return run


HANDLERS = {
    "sm3.digest": lambda q: sm3(data(q["message"]) * int(q["repeat"])),
    "sm2.verify": verify,
    "sm2.public-key": public_key,
    "sm2.parse-public-key": parse_point,
    "sm2.parse-spki": parse_spki,
    "sm4.ecb-encrypt": block("ecb", True),
    "sm4.ecb-decrypt": block("ecb", False),
    "sm4.cbc-encrypt": block("cbc", True),
    "sm4.cbc-decrypt": block("cbc", False),
    "sm4.gcm-seal": aead(SM4GCM, True),
    "sm4.gcm-open": aead(SM4GCM, False),
    "sm4.ccm-seal": aead(SM4CCM, True),
    "sm4.ccm-open": aead(SM4CCM, False),
}

if __name__ == "__main__":
    serve(f"tongsuopy {tongsuopy.__version__}", HANDLERS)
