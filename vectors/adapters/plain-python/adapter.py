"""SM2, SM3, SM4 and HMAC-SM3 from their definitions, in plain Python. Slow, not constant-time, for tests only."""

import os
import platform
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from protocol import Refused, Unsupported, data, serve, verdict  # noqa: E402

MASK = 0xFFFFFFFF


def rol(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & MASK


# GB/T 32905-2016
def sm3(message):
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    bits = len(message) * 8
    message = message + b"\x80" + b"\0" * ((55 - len(message)) % 64) + bits.to_bytes(8, "big")
    for start in range(0, len(message), 64):
        w = [int.from_bytes(message[start + 4 * i : start + 4 * i + 4], "big") for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            w.append(x ^ rol(x, 15) ^ rol(x, 23) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            a12 = rol(a, 12)
            ss1 = rol((a12 + e + rol(t, j)) & MASK, 7)
            ss2 = ss1 ^ a12
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & MASK & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & MASK
            tt2 = (gg + h + ss1 + w[j]) & MASK
            a, b, c, d = tt1, a, rol(b, 9), c
            e, f, g, h = tt2 ^ rol(tt2, 9) ^ rol(tt2, 17), e, rol(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)


def hmac(key, message):
    key = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = sm3(bytes(x ^ 0x36 for x in key) + message)
    return sm3(bytes(x ^ 0x5C for x in key) + inner)


def hkdf(ikm, salt, info, length):
    prk = hmac(salt, ikm)
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac(prk, block + info + bytes([counter]))
        out += block
        counter += 1
    return out[:length]


# GB/T 32907-2016. The S-box is computed: an affine map, inversion in GF(2^8), the same map again.
def gf_mul(a, b):
    out = 0
    while b:
        if b & 1:
            out ^= a
        a <<= 1
        if a & 0x100:
            a ^= 0x1F5
        b >>= 1
    return out


def rol8(x, n):
    return ((x << n) | (x >> (8 - n))) & 0xFF


def affine(x):
    return sum((bin(x & rol8(0xA7, bit)).count("1") & 1) << bit for bit in range(8)) ^ 0xD3


INVERSE = [0] + [next(b for b in range(1, 256) if gf_mul(a, b) == 1) for a in range(1, 256)]
SBOX = [affine(INVERSE[affine(x)]) for x in range(256)]


def tau(x):
    return SBOX[x >> 24] << 24 | SBOX[x >> 16 & 255] << 16 | SBOX[x >> 8 & 255] << 8 | SBOX[x & 255]


def round_keys(key):
    k = [int.from_bytes(key[4 * i : 4 * i + 4], "big") ^ fk for i, fk in enumerate((0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC))]
    for i in range(32):
        ck = sum(((4 * i + j) * 7 % 256) << (24 - 8 * j) for j in range(4))
        b = tau(k[i + 1] ^ k[i + 2] ^ k[i + 3] ^ ck)
        k.append(k[i] ^ b ^ rol(b, 13) ^ rol(b, 23))
    return k[4:]


def crypt_block(keys, block):
    x = [int.from_bytes(block[4 * i : 4 * i + 4], "big") for i in range(4)]
    for rk in keys:
        b = tau(x[1] ^ x[2] ^ x[3] ^ rk)
        x = x[1:] + [x[0] ^ b ^ rol(b, 2) ^ rol(b, 10) ^ rol(b, 18) ^ rol(b, 24)]
    return b"".join(v.to_bytes(4, "big") for v in reversed(x))


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def blocks(text):
    if len(text) % 16:
        raise Refused("no whole blocks")
    return [text[i : i + 16] for i in range(0, len(text), 16)]


def ecb_encrypt(q):
    if int(q.get("rounds", "1")) > 1000:
        raise Unsupported()
    keys, text = round_keys(data(q["key"])), data(q["plaintext"])
    for _ in range(int(q.get("rounds", "1"))):
        text = b"".join(crypt_block(keys, block) for block in blocks(text))
    return text


def ecb_decrypt(q):
    keys = round_keys(data(q["key"]))[::-1]
    return b"".join(crypt_block(keys, block) for block in blocks(data(q["ciphertext"])))


def cbc_encrypt(q):
    keys, last, text, out = round_keys(data(q["key"])), data(q["iv"]), data(q["plaintext"]), b""
    if q["padding"] == "pkcs7":
        text += bytes([16 - len(text) % 16]) * (16 - len(text) % 16)
    for block in blocks(text):
        last = crypt_block(keys, xor(block, last))
        out += last
    return out


def cbc_decrypt(q):
    keys, last, out = round_keys(data(q["key"]))[::-1], data(q["iv"]), b""
    for block in blocks(data(q["ciphertext"])):
        out += xor(crypt_block(keys, block), last)
        last = block
    if q["padding"] == "pkcs7":
        count = out[-1] if out else 0
        if not 1 <= count <= 16 or out[-count:] != bytes([count]) * count:
            raise Refused("padding")
        out = out[:-count]
    return out


def counter_mode(keys, start, text):
    out = b""
    for i in range(0, len(text), 16):
        block = start[:-4] + ((int.from_bytes(start[-4:], "big") + i // 16) & MASK).to_bytes(4, "big")
        out += xor(text[i : i + 16], crypt_block(keys, block))
    return out


def ghash(h, aad, text):
    h, y = int.from_bytes(h, "big"), 0
    padded = aad + b"\0" * (-len(aad) % 16) + text + b"\0" * (-len(text) % 16)
    padded += (8 * len(aad)).to_bytes(8, "big") + (8 * len(text)).to_bytes(8, "big")
    for i in range(0, len(padded), 16):
        y ^= int.from_bytes(padded[i : i + 16], "big")
        z, v = 0, h
        for bit in range(127, -1, -1):
            if y >> bit & 1:
                z ^= v
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
        y = z
    return y.to_bytes(16, "big")


def gcm_tag(keys, nonce, aad, sealed):
    return xor(ghash(crypt_block(keys, bytes(16)), aad, sealed), crypt_block(keys, nonce + b"\0\0\0\1"))


def ccm_tag(keys, nonce, aad, text):
    head = bytes([(64 if aad else 0) + 8 * 7 + 2]) + nonce + len(text).to_bytes(3, "big")
    body = (len(aad).to_bytes(2, "big") + aad) if aad else b""
    body += b"\0" * (-len(body) % 16) + text
    body += b"\0" * (-len(body) % 16)
    mac = crypt_block(keys, head)
    for block in blocks(body):
        mac = crypt_block(keys, xor(mac, block))
    return xor(mac, crypt_block(keys, b"\2" + nonce + bytes(3)))


def seal(mode):
    def run(q):
        keys, nonce, aad, text = round_keys(data(q["key"])), data(q["nonce"]), data(q["aad"]), data(q["plaintext"])
        if mode == "gcm":
            sealed = counter_mode(keys, nonce + b"\0\0\0\2", text)
            return sealed + gcm_tag(keys, nonce, aad, sealed)
        return counter_mode(keys, b"\2" + nonce + b"\0\0\1", text) + ccm_tag(keys, nonce, aad, text)

    return run


def open_(mode):
    def run(q):
        keys, nonce, aad, sealed = round_keys(data(q["key"])), data(q["nonce"]), data(q["aad"]), data(q["ciphertext"])
        if len(sealed) < 16:
            raise Refused("no tag")
        sealed, tag = sealed[:-16], sealed[-16:]
        if mode == "gcm":
            verdict(tag == gcm_tag(keys, nonce, aad, sealed))
            return counter_mode(keys, nonce + b"\0\0\0\2", sealed)
        text = counter_mode(keys, b"\2" + nonce + b"\0\0\1", sealed)
        verdict(tag == ccm_tag(keys, nonce, aad, text))
        return text

    return run


# GB/T 32918-2016, recommended curve of part 5
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] + A) * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def mul(k, point):
    out = None
    while k:
        if k & 1:
            out = add(out, point)
        point, k = add(point, point), k >> 1
    return out


def b32(x):
    return x.to_bytes(32, "big")


def num(text):
    return int.from_bytes(text, "big")


def point(raw):
    if len(raw) != 65 or raw[0] != 4:
        raise Refused("form of the point")
    x, y = num(raw[1:33]), num(raw[33:])
    if x >= P or y >= P or (y * y - x * x * x - A * x - B) % P:
        raise Refused("not on the curve")
    return x, y


def public(raw):
    found = point(raw)
    verdict(found != (G[0], P - G[1]))
    return found


def accepts(q, name):
    """Whether the question belongs to the reading of an option that accepts."""
    return bool(q["option"]) and q["option"] == {"name": name, "reading": "accept"}


def decompress(raw):
    x = num(raw[1:])
    y = pow(x * x * x + A * x + B, (P + 1) // 4, P)
    verdict(x < P and (y * y - x * x * x - A * x - B) % P == 0)
    return write((x, y if y % 2 == raw[0] % 2 else P - y))


def named_key(q, raw):
    if accepts(q, "key_minus_g"):
        return point(raw)
    if accepts(q, "key_point_compressed") and len(raw) == 33 and raw[0] in (2, 3):
        raw = decompress(raw)
    if accepts(q, "key_point_hybrid") and len(raw) == 65 and raw[0] in (6, 7):
        verdict(raw[0] % 2 == raw[64] % 2)
        raw = b"\4" + raw[1:]
    if accepts(q, "key_point_no_prefix") and len(raw) == 64:
        raw = b"\4" + raw
    return public(raw)


def secret(raw):
    if len(raw) != 32 or not 1 <= num(raw) <= N - 2:
        raise Refused("private key")
    return num(raw)


def write(found):
    return b"\4" + b32(found[0]) + b32(found[1])


def za(user, key, curve=(A, B, *G)):
    if len(user) > 8191:
        raise Refused("identifier")
    return sm3((8 * len(user)).to_bytes(2, "big") + user + b"".join(map(b32, curve)) + b32(key[0]) + b32(key[1]))


def digest(user, key, message):
    return sm3(za(user, key) + message)


def tlv(raw, tag):
    """Strict DER: content of the element at the start, and the rest."""
    if len(raw) < 2 or raw[0] != tag:
        raise Refused("tag")
    length, at = raw[1], 2
    if length >= 0x80:
        count = length - 0x80
        if not 1 <= count <= 4 or len(raw) < 2 + count or raw[2] == 0:
            raise Refused("length")
        length, at = num(raw[2 : 2 + count]), 2 + count
        if length < 0x80:
            raise Refused("length")
    if len(raw) < at + length:
        raise Refused("cut")
    return raw[at : at + length], raw[at + length :]


def integer(raw):
    content, rest = tlv(raw, 2)
    if not content or content[0] >= 0x80 or (len(content) > 1 and content[0] == 0 and content[1] < 0x80):
        raise Refused("integer")
    return num(content), rest


def whole(raw):
    content, rest = tlv(raw, 0x30)
    verdict(not rest)
    return content


def element(tag, content):
    length = len(content)
    head = bytes([length]) if length < 0x80 else (lambda b: bytes([0x80 + len(b)]) + b)(length.to_bytes((length.bit_length() + 7) // 8, "big"))
    return bytes([tag]) + head + content


def der_integer(x):
    return element(2, x.to_bytes(x.bit_length() // 8 + 1, "big"))


def signature(q):
    raw = data(q["signature"])
    if q["encoding"] == "raw":
        verdict(len(raw) == 64)
        r, s = num(raw[:32]), num(raw[32:])
    else:
        r, rest = integer(whole(raw))
        s, rest = integer(rest)
        verdict(not rest)
    verdict(0 < r < N and 0 < s < N)
    return r, s


def verify(q):
    key = named_key(q, data(q["public_key"]))
    r, s = signature(q)
    e = data(q["digest"]) if "digest" in q else digest(data(q["id"]), key, data(q["message"]))
    t = (r + s) % N
    verdict(t != 0)
    found = add(mul(s, G), mul(t, key))
    verdict(found is not None and (num(e) + found[0]) % N == r)


def sign(d, e, k):
    r = (num(e) + mul(k, G)[0]) % N
    s = pow(1 + d, -1, N) * (k - r * d) % N
    verdict(r and s and r + k != N)
    return b32(r) + b32(s)


def sign_with_nonce(q):
    d = secret(data(q["d"]))
    return sign(d, digest(data(q["id"]), mul(d, G), data(q["message"])), num(data(q["k"])))


def sign_deterministic(q):
    """RFC 6979, 3.2, with HMAC-SM3 over d and e mod n."""
    d = secret(data(q["d"]))
    e = digest(data(q["id"]), mul(d, G), data(q["message"]))
    seed = b32(d) + b32(num(e) % N)
    k, v = bytes(32), b"\1" * 32
    for byte in (b"\0", b"\1"):
        k = hmac(k, v + byte + seed)
        v = hmac(k, v)
    v = hmac(k, v)
    verdict(0 < num(v) < N)
    return sign(d, e, num(v))


def kdf(z, length):
    return b"".join(sm3(z + i.to_bytes(4, "big")) for i in range(1, (length + 31) // 32 + 1))[:length]


def exchange(q):
    d, r = secret(data(q["d"])), secret(data(q["r"]))
    peer, peer_point = public(data(q["peer_key"])), public(data(q["peer_point"]))
    own, own_point = mul(d, G), mul(r, G)
    fold = lambda p: 2**127 + p[0] % 2**127  # noqa: E731
    u = mul((d + fold(own_point) * r) % N, add(peer, mul(fold(peer_point), peer_point)))
    mine, theirs = (za(data(q["own_id"]), own), own_point), (za(data(q["peer_id"]), peer), peer_point)
    (z_a, r_a), (z_b, r_b) = (mine, theirs) if q["role"] == "initiator" else (theirs, mine)
    key = kdf(b32(u[0]) + b32(u[1]) + z_a + z_b, int(q["length"]))
    inner = sm3(b32(u[0]) + z_a + z_b + write(r_a)[1:] + write(r_b)[1:])
    return key + sm3(b"\2" + b32(u[1]) + inner) + sm3(b"\3" + b32(u[1]) + inner)


def encrypt(q):
    key, k, plain = public(data(q["public_key"])), secret(data(q["k"])), data(q["plaintext"])
    shared = mul(k, key)
    mask = kdf(b32(shared[0]) + b32(shared[1]), len(plain))
    verdict(any(mask))
    c1, c2, c3 = mul(k, G), xor(plain, mask), sm3(b32(shared[0]) + plain + b32(shared[1]))
    if q["form"] == "der":
        return element(0x30, der_integer(c1[0]) + der_integer(c1[1]) + element(4, c3) + element(4, c2))
    return write(c1) + (c3 + c2 if q["form"] == "c1c3c2" else c2 + c3)


def decrypt(q):
    d, raw = secret(data(q["d"])), data(q["ciphertext"])
    if q["form"] == "der":
        x, rest = integer(whole(raw))
        y, rest = integer(rest)
        c3, rest = tlv(rest, 4)
        c2, rest = tlv(rest, 4)
        verdict(not rest and x < P and y < P and len(c3) == 32)
        c1 = write((x, y))
    else:
        if accepts(q, "ciphertext_point_compressed") and raw[0] in (2, 3):
            raw = decompress(raw[:33]) + raw[33:]
        if accepts(q, "ciphertext_point_hybrid") and raw[0] in (6, 7):
            verdict(raw[0] % 2 == raw[64] % 2)
            raw = b"\4" + raw[1:]
        if accepts(q, "ciphertext_no_prefix") and raw[0] != 4:
            raw = b"\4" + raw
        verdict(len(raw) >= 97)
        c1, rest = raw[:65], raw[65:]
        c3, c2 = (rest[:32], rest[32:]) if q["form"] == "c1c3c2" else (rest[-32:], rest[:-32])
    verdict(c2 or accepts(q, "ciphertext_empty"))
    shared = mul(d, point(c1))
    mask = kdf(b32(shared[0]) + b32(shared[1]), len(c2))
    plain = xor(c2, mask)
    verdict((any(mask) or not c2) and sm3(b32(shared[0]) + plain + b32(shared[1])) == c3)
    return plain


def spki(q):
    content = whole(data(q["spki"]))
    algorithm, rest = tlv(content, 0x30)
    bits, rest = tlv(rest, 3)
    verdict(algorithm == data("06072a8648ce3d020106082a811ccf5501822d") and not rest and bits[:1] == b"\0")
    return write(named_key(q, bits[1:]))


def other_curve(q):
    key = num(data(q["px"])), num(data(q["py"]))
    return za(data(q["id"]), key, [num(data(q[name])) for name in ("a", "b", "gx", "gy")])


def repeated(q, name="message"):
    return data(q[name]) * int(q["repeat"])


HANDLERS = {
    "sm3.digest": lambda q: sm3(repeated(q)),
    "hmac-sm3.mac": lambda q: hmac(data(q["key"]), repeated(q)),
    "hmac-sm3.verify": lambda q: verdict(hmac(data(q["key"]), repeated(q)) == data(q["mac"])),
    "sm4.ecb-encrypt": ecb_encrypt,
    "sm4.ecb-decrypt": ecb_decrypt,
    "sm4.cbc-encrypt": cbc_encrypt,
    "sm4.cbc-decrypt": cbc_decrypt,
    "sm4.gcm-seal": seal("gcm"),
    "sm4.gcm-open": open_("gcm"),
    "sm4.ccm-seal": seal("ccm"),
    "sm4.ccm-open": open_("ccm"),
    "sm2.za": lambda q: za(repeated(q, "unit"), public(data(q["public_key"]))),
    "sm2.za-other-curve": other_curve,
    "sm2.message-digest": lambda q: digest(data(q["id"]), public(data(q["public_key"])), data(q["message"])),
    "sm2.public-key": lambda q: write(mul(secret(data(q["d"])), G)),
    "sm2.parse-public-key": lambda q: named_key(q, data(q["public_key"])) and None,
    "sm2.parse-spki": spki,
    "sm2.verify": verify,
    "sm2.sign-with-nonce": sign_with_nonce,
    "sm2.sign-deterministic": sign_deterministic,
    "sm2.exchange": exchange,
    "sm2.encrypt-with-nonce": encrypt,
    "sm2.decrypt": decrypt,
    "test-key.derive": lambda q: b32(num(hkdf(data(q["seed"]), bytes(32), q["label"].encode(), 48)) % (N - 2) + 1),
}

if __name__ == "__main__":
    import envelope

    HANDLERS.update(envelope.HANDLERS)
    serve(f"2 on Python {platform.python_version()}", HANDLERS)
