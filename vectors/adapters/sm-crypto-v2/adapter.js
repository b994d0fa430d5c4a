// sm-crypto-v2 (npm).
"use strict";

const { Unsupported, Refused, bytes, hex, verdict, text, serve, versionOf } = require("../protocol.js");
const { hkdf, sm2, sm3, sm4 } = require("sm-crypto-v2");

const ORDER = BigInt("0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");
const repeated = (q) => bytes(q.message.repeat(Number(q.repeat)));

function mac(q) {
  return sm3(repeated(q), { key: bytes(q.key), mode: "hmac" });
}

function verify(q) {
  const der = q.encoding === "der";
  if (q.digest !== undefined) {
    return verdict(sm2.doVerifySignature(bytes(q.digest), q.signature, q.public_key, { der, hash: false }));
  }
  const options = { der, hash: true, userId: text(q.id) };
  return verdict(sm2.doVerifySignature(bytes(q.message), q.signature, q.public_key, options));
}

function decrypt(q) {
  const asn1 = q.form === "der";
  const mode = q.form === "c1c2c3" ? 0 : 1;
  if (!asn1 && !q.ciphertext.startsWith("04")) throw new Unsupported(); // C1 comes without 04
  const plain = sm2.doDecrypt(asn1 ? q.ciphertext : q.ciphertext.slice(2), q.d, mode, { output: "array", asn1 });
  if (plain.length === 0) throw new Refused(); // an empty array is how the library refuses
  return hex(plain);
}

function derive(q) {
  const material = hkdf(bytes(q.seed), new Uint8Array(32), Buffer.from(q.label, "utf8"), 48);
  const d = (BigInt("0x" + hex(material)) % (ORDER - 2n)) + 1n;
  return d.toString(16).padStart(64, "0");
}

const crypt = (mode, seals) => (q) => {
  const padding = q.padding === "pkcs7" ? "pkcs#7" : "none";
  const options = { mode, padding, output: "array", iv: q.iv };
  let data = bytes(seals ? q.plaintext : q.ciphertext);
  for (let round = 0; round < Number(q.rounds || 1); round++) {
    data = seals ? sm4.encrypt(data, q.key, options) : sm4.decrypt(data, q.key, options);
  }
  return hex(data);
};

function sealGcm(q) {
  const options = { mode: "gcm", iv: q.nonce, associatedData: bytes(q.aad), output: "array", outputTag: true, padding: "none" };
  const made = sm4.encrypt(bytes(q.plaintext), q.key, options);
  return hex(made.output) + hex(made.tag);
}

function openGcm(q) {
  const all = bytes(q.ciphertext);
  if (all.length < 16) throw new Unsupported(); // the tag comes apart
  const options = { mode: "gcm", iv: q.nonce, associatedData: bytes(q.aad), output: "array", tag: all.slice(-16), padding: "none" };
  try {
    const made = sm4.decrypt(all.slice(0, -16), q.key, options);
    return hex(made.output || made);
  } catch (error) {
    if (/authentication/i.test(String(error))) throw new Refused();
    throw error;
  }
}

serve(`sm-crypto-v2 ${versionOf("sm-crypto-v2")} on Node ${process.version}`, {
  "sm3.digest": (q) => sm3(repeated(q)),
  "hmac-sm3.mac": mac,
  "hmac-sm3.verify": (q) => verdict(mac(q) === q.mac),
  "test-key.derive": derive,
  "sm2.za": (q) => hex(sm2.getZ(q.public_key, text(q.unit.repeat(Number(q.repeat))))),
  "sm2.message-digest": (q) => sm2.getHash(bytes(q.message), q.public_key, text(q.id)),
  "sm2.verify": verify,
  "sm2.public-key": (q) => sm2.getPublicKeyFromPrivateKey(q.d),
  "sm2.parse-public-key": (q) => verdict(sm2.verifyPublicKey(q.public_key)),
  "sm2.decrypt": decrypt,
  "sm4.ecb-encrypt": crypt("ecb", true),
  "sm4.ecb-decrypt": crypt("ecb", false),
  "sm4.cbc-encrypt": crypt("cbc", true),
  "sm4.cbc-decrypt": crypt("cbc", false),
  "sm4.gcm-seal": sealGcm,
  "sm4.gcm-open": openGcm,
});
