"""Signatures inside structures: X.509, SignedData of GB/T 35275, seals. Strict DER (X.690), read byte by byte."""

import base64

import adapter as sm2
from protocol import Refused, data, verdict

OID = {
    name: bytes.fromhex(text)
    for name, text in {
        "sm2-with-sm3": "2a811ccf55018375",
        "sm2-sign": "2a811ccf5501822d01",
        "sm3": "2a811ccf55018311",
        "gm-signed": "2a811ccf550601040202",
        "pkcs7-signed": "2a864886f70d010702",
        "content-type": "2a864886f70d010903",
        "message-digest": "2a864886f70d010904",
        "ocsp-basic": "2b0601050507300101",
    }.items()
}
SPKI = data("301306072a8648ce3d020106082a811ccf5501822d")
DEFAULT_ID = b"1234567812345678"


class Element:
    """Tag, content and all bytes of one element of DER."""

    def __init__(self, raw):
        verdict(len(raw) >= 2 and raw[0] & 31 != 31)
        self.tag, length, start = raw[0], raw[1], 2
        if length >= 0x80:
            count = length & 0x7F
            digits = raw[2 : 2 + count]
            verdict(count and len(digits) == count and digits[0])
            length, start = int.from_bytes(digits, "big"), 2 + count
            verdict(length >= 0x80)
        verdict(start + length <= len(raw))
        self.content, self.whole, self.rest = raw[start : start + length], raw[: start + length], raw[start + length :]


def elements(raw):
    found = []
    while raw:
        found.append(Element(raw))
        raw = found[-1].rest
    return found


def canonical(raw):
    """Exactly one value of DER, as far as that can be seen without the structure."""
    one = Element(raw)
    verdict(not one.rest)
    walk(one)
    return one


def walk(one):
    c = one.content
    if one.tag in (2, 10):
        verdict(c and not (len(c) > 1 and (c[0] == 0 and c[1] < 0x80 or c[0] == 0xFF and c[1] >= 0x80)))
    elif one.tag == 1:
        verdict(c in (b"\0", b"\xff"))
    elif one.tag == 3:
        verdict(c and c[0] < 8 and (c[0] == 0 or len(c) > 1 and c[-1] & ((1 << c[0]) - 1) == 0))
    elif one.tag & 0x20:
        inside = elements(c)
        if one.tag == 0x31:
            verdict(all(a.whole <= b.whole for a, b in zip(inside, inside[1:])))
        for inner in inside:
            walk(inner)


def of(tag, one):
    verdict(one.tag == tag)
    return one


def sequence(one, least, most=None):
    inside = elements(of(0x30, one).content)
    verdict(least <= len(inside) <= (most or least))
    return inside


def oid(one):
    """The algorithm of an AlgorithmIdentifier, with parameters absent or NULL."""
    inside = sequence(one, 1, 2)
    verdict(len(inside) == 1 or inside[1].whole == b"\5\0")
    return of(6, inside[0]).content


def bits(one):
    verdict(of(3, one).content[:1] == b"\0")
    return one.content[1:]


def key_of(certificate):
    """The SM2 key of a certificate; what else it says is not judged."""
    parts = tbs(certificate)
    content = of(0x30, parts[6 - (parts[0].tag != 0xA0)]).content
    verdict(content.startswith(SPKI))
    rest = Element(content[len(SPKI) :])
    verdict(not rest.rest and len(bits(rest)) == 65)
    return sm2.public(bits(rest))


def tbs(certificate):
    return elements(of(0x30, sequence(canonical(certificate), 3)[0]).content)


def pair(raw):
    """r and s of strict DER, in range."""
    both = [of(2, one).content for one in sequence(canonical(raw), 2)]
    verdict(all(number[0] < 0x80 for number in both))
    r, s = (int.from_bytes(number, "big") for number in both)
    verdict(0 < r < sm2.N and 0 < s < sm2.N)
    return r, s


def holds(key, e, r, s):
    t = (r + s) % sm2.N
    if t == 0:
        return False
    found = sm2.add(sm2.mul(s, sm2.G), sm2.mul(t, key))
    return found is not None and (int.from_bytes(e, "big") + found[0]) % sm2.N == r


def check(key, algorithm, message, value):
    verdict(algorithm == OID["sm2-with-sm3"])
    verdict(holds(key, sm2.digest(DEFAULT_ID, key, message), *pair(value)))


def x509_signature(q):
    one = canonical(data(q["object"]))
    if q["kind"] == "ocsp":
        status, wrapped = sequence(one, 2)
        verdict(status.whole == b"\x0a\1\0" and wrapped.tag == 0xA0)
        kind, octets = sequence(Element(wrapped.content), 2)
        verdict(kind.content == OID["ocsp-basic"] and octets.tag == 4)
        one = canonical(octets.content)
    body, algorithm, value = sequence(one, 3, 4 if q["kind"] == "ocsp" else 3)[:3]
    check(key_of(data(q["issuer"])), oid(algorithm), body.whole, bits(value))


def ses_signature(q):
    parts = elements(canonical(data(q["object"])).content)
    if q["kind"] == "seal" and len(parts) == 2:
        certificate, algorithm, value = sequence(parts[1], 3)
        body = parts[0].whole + certificate.whole + algorithm.whole
        message = sm2.element(0x30, body)
    elif q["kind"] == "seal-signature" and len(parts) == 2:
        inside = sequence(parts[0], 7)
        certificate, algorithm, value, message = inside[5], inside[6], parts[1], parts[0].whole
    else:
        verdict(len(parts) in (4, 5))
        (certificate, algorithm, value), message = parts[1:4], parts[0].whole
    check(key_of(of(4, certificate).content), of(6, algorithm).content, message, bits(value))


def signed_data(q):
    outer = sequence(canonical(data(q["signed_data"])), 2)
    kind = of(6, outer[0]).content
    verdict(kind == OID["gm-signed"] or kind == OID["pkcs7-signed"] and accepted(q, "cms_pkcs7_type", True))
    parts = sequence(Element(of(0xA0, outer[1]).content), 4, 6)
    verdict(parts[0].whole == b"\2\1\1")
    verdict([oid(one) for one in elements(of(0x31, parts[1]).content)] == [OID["sm3"]])
    info = sequence(parts[2], 1, 2)
    embedded = of(4, Element(of(0xA0, info[1]).content)).content if len(info) == 2 else None
    bag = [one.whole for one in elements(parts[3].content)] if parts[3].tag == 0xA0 else []
    signers = elements(of(0x31, parts[-1]).content)
    verdict(len(signers) == 1)
    document = data(q["content"]) if "content" in q else embedded
    verdict(document is not None)
    fields = sequence(signers[0], 5, 7)
    verdict(fields[0].whole == b"\2\1\1" and oid(fields[2]) == OID["sm3"])
    attributes = fields[3].content if fields[3].tag == 0xA0 else None
    rest = fields[4:] if attributes is not None else fields[3:]
    verdict(oid(rest[0]) in (OID["sm2-sign"], OID["sm2-with-sm3"]))
    key = key_of(named(bag, sequence(fields[1], 2)))
    content = embedded if embedded is not None else document
    values = {}
    if attributes is not None:
        for one in elements(attributes):
            name, value = sequence(one, 2)
            values[name.content] = of(0x31, value).content
        # the order of SET OF, which the implicit tag hides
        every = [one.whole for one in elements(attributes)]
        verdict(every == sorted(every))
        verdict(values.get(OID["content-type"]) == info[0].whole)
    flavour(q, key, of(4, rest[1]).content, document, content, parts[2].whole, attributes)
    hashes = (sm2.sm3(document), base64.b64encode(sm2.sm3(document)))
    verdict(content == document or attributes is None and content in hashes)
    if attributes is not None:
        verdict(values.get(OID["message-digest"]) == b"\4\x20" + sm2.sm3(document))


def named(bag, wanted):
    for certificate in bag:
        parts = tbs(certificate)[1:]
        if parts[0].whole == wanted[1].whole and parts[2].whole == wanted[0].whole:
            return certificate
    raise Refused("the certificate of the signer is missing")


def flavour(q, key, value, document, content, info, attributes):
    """Which bytes were signed, and whether that reading is accepted."""
    try:
        r, s = pair(value)
    except Refused:
        verdict(len(value) == 64)
        r, s = int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big")
        verdict(0 < r < sm2.N and 0 < s < sm2.N and accepted(q, "cms_raw_value"))
    z = lambda user, message: sm2.digest(user, key, message)  # noqa: E731
    hashed, candidates = sm2.sm3(document), []
    if attributes is not None:
        signed = sm2.element(0x31, attributes)
        candidates += [
            (z(DEFAULT_ID, signed), None),
            (z(b"", signed), "cms_empty_id"),
            (sm2.sm3(info + signed), "cms_without_z"),
        ]
    plain = "cms_double_hash" if content == hashed else "cms_base64_hash" if content == base64.b64encode(hashed) else "cms_plain"
    candidates += [
        (z(DEFAULT_ID, content), plain),
        (z(DEFAULT_ID, hashed), "cms_double_hash"),
        (sm2.sm3(content), "cms_without_z"),
        (sm2.sm3(info), "cms_without_z"),
    ]
    for e, option in candidates:
        if holds(key, e, r, s):
            verdict(option is None or accepted(q, option, option == "cms_double_hash"))
            return
    raise Refused("verifies in no known flavour")


def accepted(q, name, by_default=False):
    """The reading of the question; the profile's where it names none."""
    option = q.get("option")
    return by_default if not option or option["name"] != name else option["reading"] == "accept"


HANDLERS = {"x509.signature": x509_signature, "ses.signature": ses_signature, "signed_data.verify": signed_data}
