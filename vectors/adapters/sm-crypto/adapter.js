// sm-crypto (npm).
"use strict";

const { Unsupported, Refused, bytes, hex, verdict, text, serve, versionOf } = require("../protocol.js");
const { sm2, sm3, sm4 } = require("sm-crypto");

const repeated = (q) => bytes(q.message.repeat(Number(q.repeat)));

function mac(q) {
  return sm3(repeated(q), { key: bytes(q.key) });
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
  if (q.form === "der" || !q.ciphertext.startsWith("04")) throw new Unsupported(); // C1 comes without 04
  const mode = q.form === "c1c3c2" ? 1 : 0;
  const plain = sm2.doDecrypt(q.ciphertext.slice(2), q.d, mode, { output: "array" });
  if (plain.length === 0) throw new Refused(); // an empty array is how the library refuses
  return hex(plain);
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

serve(`sm-crypto ${versionOf("sm-crypto")} on Node ${process.version}`, {
  "sm3.digest": (q) => sm3(repeated(q)),
  "hmac-sm3.mac": mac,
  "hmac-sm3.verify": (q) => verdict(mac(q) === q.mac),
  "sm2.verify": verify,
  "sm2.public-key": (q) => sm2.getPublicKeyFromPrivateKey(q.d),
  "sm2.parse-public-key": (q) => verdict(sm2.verifyPublicKey(q.public_key)),
  "sm2.decrypt": decrypt,
  "sm4.ecb-encrypt": crypt("ecb", true),
  "sm4.ecb-decrypt": crypt("ecb", false),
  "sm4.cbc-encrypt": crypt("cbc", true),
  "sm4.cbc-decrypt": crypt("cbc", false),
});
