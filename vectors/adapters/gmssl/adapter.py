"""gmssl (PyPI). The key is handed over as x, y: with 04 in front the library strips every leading 0 and 4."""

import os
import sys
from importlib.metadata import version

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from protocol import Refused, Unsupported, data, serve, verdict  # noqa: E402

from gmssl import func, sm2, sm3, sm4  # noqa: E402

DEFAULT_ID = b"1234567812345678".hex()


def key_of(text):
    """x and y in hex; the library takes 04 in front as well, but loses digits then."""
    if len(text) == 130 and text.startswith("04"):
        return text[2:]
    if len(text) == 128:
        return text
    raise Unsupported()


def verify(q):
    if q["encoding"] == "raw" and len(q["signature"]) < 64:
        raise Refused("less than r")
    library = sm2.CryptSM2(private_key="", public_key=key_of(q["public_key"]), asn1=q["encoding"] == "der")
    if "digest" in q:
        verdict(library.verify(q["signature"], data(q["digest"])))
    elif q["id"] != DEFAULT_ID:
        raise Unsupported()  # the identifier is fixed
    else:
        verdict(library.verify_with_sm3(q["signature"], data(q["message"])))


def message_digest(q):
    if q["id"] != DEFAULT_ID:
        raise Unsupported()
    return sm2.CryptSM2(private_key="", public_key=key_of(q["public_key"]))._sm3_z(data(q["message"]))


def public_key(q):
    library = sm2.CryptSM2(private_key=q["d"], public_key="")
    return "04" + library._kg(int(q["d"], 16), library.ecc_table["g"])


def sign_with_nonce(q):
    if q["id"] != DEFAULT_ID:
        raise Unsupported()
    library = sm2.CryptSM2(private_key=q["d"], public_key=public_key(q)[2:])
    made = library.sign(data(library._sm3_z(data(q["message"]))), q["k"])
    if made is None:
        raise Refused()
    return made


def decrypt(q):
    if q["form"] == "der":
        raise Unsupported()
    text = q["ciphertext"]
    if text[:2] != "04":
        raise Unsupported()  # the library takes C1 without 04 and asks for nothing else
    library = sm2.CryptSM2(private_key=q["d"], public_key="", mode=1 if q["form"] == "c1c3c2" else 0)
    plain = library.decrypt(data(text[2:]))
    if plain is None:
        raise Refused()
    return plain


def crypt(mode, direction):
    def run(q):
        padding = {"pkcs7": sm4.PKCS7, "none": None}[q.get("padding", "none")]
        if padding is None or "rounds" in q:
            raise Unsupported()  # the library always pads
        cipher = sm4.CryptSM4(padding_mode=padding)
        cipher.set_key(data(q["key"]), direction)
        text = data(q["plaintext" if direction == sm4.SM4_ENCRYPT else "ciphertext"])
        return bytes(cipher.crypt_cbc(data(q["iv"]), text))

    return run


HANDLERS = {
    "sm3.digest": lambda q: sm3.sm3_hash(func.bytes_to_list(data(q["message"]) * int(q["repeat"]))),
    "sm2.verify": verify,
    "sm2.message-digest": message_digest,
    "sm2.public-key": public_key,
    "sm2.sign-with-nonce": sign_with_nonce,
    "sm2.decrypt": decrypt,
    "sm4.cbc-encrypt": crypt("cbc", sm4.SM4_ENCRYPT),
    "sm4.cbc-decrypt": crypt("cbc", sm4.SM4_DECRYPT),
}

if __name__ == "__main__":
    serve(f"gmssl {version('gmssl')}", HANDLERS)
