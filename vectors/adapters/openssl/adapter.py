"""OpenSSL 3 through its C library: EVP for digests, ciphers, signatures and decryption, EC for points."""

import ctypes
import ctypes.util
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from protocol import Refused, Unsupported, data, serve, verdict  # noqa: E402

LIB = ctypes.CDLL(ctypes.util.find_library("crypto"))
VOID, SIZE, INT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


def declare(name, result, *arguments):
    function = getattr(LIB, name)
    function.restype, function.argtypes = result, arguments
    return function


TEXT = ctypes.c_char_p
version = declare("OpenSSL_version", TEXT, INT)
md_fetch = declare("EVP_MD_fetch", VOID, VOID, TEXT, TEXT)
digest = declare("EVP_Digest", INT, TEXT, SIZE, TEXT, VOID, VOID, VOID)
hmac = declare("HMAC", VOID, VOID, TEXT, INT, TEXT, SIZE, TEXT, VOID)
cipher_fetch = declare("EVP_CIPHER_fetch", VOID, VOID, TEXT, TEXT)
cipher_new = declare("EVP_CIPHER_CTX_new", VOID)
cipher_free = declare("EVP_CIPHER_CTX_free", None, VOID)
cipher_init = declare("EVP_CipherInit_ex", INT, VOID, VOID, VOID, TEXT, TEXT, INT)
cipher_padding = declare("EVP_CIPHER_CTX_set_padding", INT, VOID, INT)
cipher_control = declare("EVP_CIPHER_CTX_ctrl", INT, VOID, INT, INT, TEXT)
cipher_update = declare("EVP_CipherUpdate", INT, VOID, TEXT, ctypes.POINTER(INT), TEXT, INT)
cipher_final = declare("EVP_CipherFinal_ex", INT, VOID, TEXT, ctypes.POINTER(INT))
group_new = declare("EC_GROUP_new_by_curve_name", VOID, INT)
nid = declare("OBJ_sn2nid", INT, TEXT)
point_new = declare("EC_POINT_new", VOID, VOID)
point_read = declare("EC_POINT_oct2point", INT, VOID, VOID, TEXT, SIZE, VOID)
point_write = declare("EC_POINT_point2oct", SIZE, VOID, VOID, INT, TEXT, SIZE, VOID)
point_infinite = declare("EC_POINT_is_at_infinity", INT, VOID, VOID)
bn_read = declare("BN_bin2bn", VOID, TEXT, INT, VOID)
point_mul = declare("EC_POINT_mul", INT, VOID, VOID, VOID, VOID, VOID, VOID)
ec_new = declare("EC_KEY_new_by_curve_name", VOID, INT)
ec_set_public = declare("EC_KEY_set_public_key", INT, VOID, VOID)
ec_set_private = declare("EC_KEY_set_private_key", INT, VOID, VOID)
ec_check = declare("EC_KEY_check_key", INT, VOID)
pkey_new = declare("EVP_PKEY_new", VOID)
pkey_free = declare("EVP_PKEY_free", None, VOID)
pkey_set = declare("EVP_PKEY_set1_EC_KEY", INT, VOID, VOID)
pkey_is = declare("EVP_PKEY_is_a", INT, VOID, TEXT)
pkey_context = declare("EVP_PKEY_CTX_new", VOID, VOID, VOID)
pkey_context_free = declare("EVP_PKEY_CTX_free", None, VOID)
set_id = declare("EVP_PKEY_CTX_set1_id", INT, VOID, TEXT, INT)
verify_start = declare("EVP_PKEY_verify_init", INT, VOID)
verify_digest = declare("EVP_PKEY_verify", INT, VOID, TEXT, SIZE, TEXT, SIZE)
decrypt_start = declare("EVP_PKEY_decrypt_init", INT, VOID)
decrypt = declare("EVP_PKEY_decrypt", INT, VOID, TEXT, ctypes.POINTER(SIZE), TEXT, SIZE)
md_new = declare("EVP_MD_CTX_new", VOID)
md_free = declare("EVP_MD_CTX_free", None, VOID)
md_set = declare("EVP_MD_CTX_set_pkey_ctx", None, VOID, VOID)
message_start = declare("EVP_DigestVerifyInit", INT, VOID, VOID, VOID, VOID, VOID)
message_verify = declare("EVP_DigestVerify", INT, VOID, TEXT, SIZE, TEXT, SIZE)
read_pubkey = declare("d2i_PUBKEY", VOID, VOID, ctypes.POINTER(VOID), ctypes.c_long)
encoded_key = declare("EVP_PKEY_get1_encoded_public_key", SIZE, VOID, ctypes.POINTER(VOID))
read_certificate = declare("d2i_X509", VOID, VOID, ctypes.POINTER(VOID), ctypes.c_long)
free_certificate = declare("X509_free", None, VOID)
certificate_key = declare("X509_get0_pubkey", VOID, VOID)
certificate_verify = declare("X509_verify", INT, VOID, VOID)
certificate_id = declare("X509_set0_distinguishing_id", None, VOID, VOID)
octets_new = declare("ASN1_OCTET_STRING_new", VOID)
octets_set = declare("ASN1_OCTET_STRING_set", INT, VOID, TEXT, INT)
clear_errors = declare("ERR_clear_error", None)

SM3 = md_fetch(None, b"SM3", None)
CURVE = nid(b"SM2")
GROUP = group_new(CURVE)


def sm3(q):
    out = ctypes.create_string_buffer(32)
    message = data(q["message"]) * int(q["repeat"])
    verdict(digest(message, len(message), out, None, SM3, None))
    return out.raw


def mac(q):
    out, key, message = ctypes.create_string_buffer(32), data(q["key"]), data(q["message"]) * int(q["repeat"])
    verdict(hmac(SM3, key, len(key), message, len(message), out, None))
    return out.raw


def crypt(name, encrypts):
    def run(q):
        cipher = cipher_fetch(None, name, None)
        if not cipher:
            clear_errors()
            raise Unsupported()
        text = data(q["plaintext" if encrypts else "ciphertext"])
        for _ in range(int(q.get("rounds", "1"))):
            text = once(cipher, q, text, encrypts)
        return text

    return run


def once(cipher, q, text, encrypts):
    context = cipher_new()
    try:
        iv = data(q["iv"]) if "iv" in q else None
        verdict(cipher_init(context, cipher, None, data(q["key"]), iv, int(encrypts)))
        cipher_padding(context, int(q.get("padding") == "pkcs7"))
        out, length, end = ctypes.create_string_buffer(len(text) + 32), INT(0), INT(0)
        verdict(cipher_update(context, out, ctypes.byref(length), text, len(text)))
        tail = ctypes.create_string_buffer(32)
        verdict(cipher_final(context, tail, ctypes.byref(end)))
        return out.raw[: length.value] + tail.raw[: end.value]
    finally:
        cipher_free(context)
        clear_errors()


def aead(name, seals):
    def run(q):
        cipher = cipher_fetch(None, name, None)
        if not cipher:
            clear_errors()
            raise Unsupported()  # OpenSSL has these modes from 3.1 on
        text, aad, tag = data(q["plaintext" if seals else "ciphertext"]), data(q["aad"]), None
        if not seals:
            verdict(len(text) >= 16)
            text, tag = text[:-16], text[-16:]
        context, ccm = cipher_new(), b"CCM" in name
        try:
            verdict(cipher_init(context, cipher, None, None, None, int(seals)))
            verdict(cipher_control(context, 9, 12, None))
            if ccm or tag:
                verdict(cipher_control(context, 0x11, 16, tag))
            verdict(cipher_init(context, None, None, data(q["key"]), data(q["nonce"]), int(seals)))
            length, out, last = INT(0), ctypes.create_string_buffer(len(text) + 32), ctypes.create_string_buffer(32)
            if ccm:
                verdict(cipher_update(context, None, ctypes.byref(length), None, len(text)))
            if aad:
                verdict(cipher_update(context, None, ctypes.byref(length), aad, len(aad)))
            verdict(cipher_update(context, out, ctypes.byref(length), text, len(text)))
            made = out.raw[: len(text)]
            if seals or not ccm:
                verdict(cipher_final(context, last, ctypes.byref(length)))
            if seals:
                verdict(cipher_control(context, 0x10, 16, last))
                made += last.raw[:16]
            return made
        finally:
            cipher_free(context)
            clear_errors()

    return run


def point(raw):
    found = point_new(GROUP)
    if not point_read(GROUP, found, raw, len(raw), None) or point_infinite(GROUP, found):
        clear_errors()
        raise Refused("point")
    return found


def written(found):
    out = ctypes.create_string_buffer(65)
    verdict(point_write(GROUP, found, 4, out, 65, None) == 65)
    return out.raw


def key(found=None, d=None):
    ec, pkey = ec_new(CURVE), pkey_new()
    if d is not None:
        number = bn_read(d, len(d), None)
        found = point_new(GROUP)
        verdict(ec_set_private(ec, number) and point_mul(GROUP, found, number, None, None, None))
    verdict(ec_set_public(ec, found) and ec_check(ec) and pkey_set(pkey, ec))
    return pkey, found


def public_key(q):
    try:
        return written(key(d=data(q["d"]))[1])
    finally:
        clear_errors()


def verify(q):
    signature = data(q["signature"])
    if q["encoding"] != "der":
        raise Unsupported()
    try:
        pkey, _ = key(point(data(q["public_key"])))
        context = pkey_context(pkey, None)
        if "digest" in q:
            verdict(verify_start(context) == 1)
            verdict(verify_digest(context, signature, len(signature), data(q["digest"]), 32) == 1)
            return
        user, message, state = data(q["id"]), data(q["message"]), md_new()
        verdict(set_id(context, user, len(user)) == 1)
        md_set(state, context)
        verdict(message_start(state, None, SM3, None, pkey) == 1)
        verdict(message_verify(state, signature, len(signature), message, len(message)) == 1)
        md_free(state)
    finally:
        clear_errors()


def parse_spki(q):
    raw = data(q["spki"])
    buffer = ctypes.create_string_buffer(raw, len(raw) or 1)
    start = ctypes.addressof(buffer)
    at = VOID(start)
    pkey = read_pubkey(None, ctypes.byref(at), len(raw))
    clear_errors()
    verdict(pkey)
    # d2i leaves what follows to the caller; a caller that wants one structure compares, as here
    verdict(at.value - start == len(raw) and pkey_is(pkey, b"SM2"))
    out = VOID()
    length = encoded_key(pkey, ctypes.byref(out))
    return written(point(ctypes.string_at(out.value, length)))


def certificate(raw):
    buffer = ctypes.create_string_buffer(raw, len(raw) or 1)
    start = ctypes.addressof(buffer)
    at = VOID(start)
    found = read_certificate(None, ctypes.byref(at), len(raw))
    # as with keys: what follows is left to the caller
    verdict(found and at.value - start == len(raw))
    return found


def x509_signature(q):
    if q["kind"] != "certificate":
        raise Unsupported()  # the signer identifier can be set for certificates only
    try:
        issuer, subject, user = certificate(data(q["issuer"])), certificate(data(q["object"])), octets_new()
        verdict(octets_set(user, b"1234567812345678", 16))
        certificate_id(subject, user)
        key = certificate_key(issuer)
        verdict(key and certificate_verify(subject, key) == 1)
        free_certificate(subject)
        free_certificate(issuer)
    finally:
        clear_errors()


def decryption(q):
    if q["form"] != "der":
        raise Unsupported()
    sealed = data(q["ciphertext"])
    try:
        pkey, _ = key(d=data(q["d"]))
        context = pkey_context(pkey, None)
        verdict(decrypt_start(context) == 1)
        length = SIZE(len(sealed) + 64)
        out = ctypes.create_string_buffer(length.value)
        verdict(decrypt(context, out, ctypes.byref(length), sealed, len(sealed)) == 1)
        return out.raw[: length.value]
    finally:
        clear_errors()


HANDLERS = {
    "sm3.digest": sm3,
    "hmac-sm3.mac": mac,
    "hmac-sm3.verify": lambda q: verdict(mac(q) == data(q["mac"])),
    "sm4.ecb-encrypt": crypt(b"SM4-ECB", True),
    "sm4.ecb-decrypt": crypt(b"SM4-ECB", False),
    "sm4.cbc-encrypt": crypt(b"SM4-CBC", True),
    "sm4.cbc-decrypt": crypt(b"SM4-CBC", False),
    "sm4.gcm-seal": aead(b"SM4-GCM", True),
    "sm4.gcm-open": aead(b"SM4-GCM", False),
    "sm4.ccm-seal": aead(b"SM4-CCM", True),
    "sm4.ccm-open": aead(b"SM4-CCM", False),
    "sm2.public-key": public_key,
    "sm2.parse-public-key": lambda q: point(data(q["public_key"])) and None,
    "sm2.parse-spki": parse_spki,
    "sm2.verify": verify,
    "sm2.decrypt": decryption,
    "x509.signature": x509_signature,
}

if __name__ == "__main__":
    serve(version(0).decode(), HANDLERS)
