//! The operations that vectors ask for: names, members of the input, the one member of the output
//! that is compared. A contract with foreign implementations; answers nothing itself.

/// Whether a second implementation has to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Cryptography: the record names at least two independent implementations that agreed.
    Cryptographic,
    /// Data of the licence: rules of the profile, which no library knows.
    Data,
    /// A judgement with a reason, under trust, time and the rules of the profile: paths, revocation,
    /// seals. No library gives these reasons, so no second implementation has to agree; the
    /// signatures inside are asked by cryptographic operations of their own.
    Judgement,
}

impl Kind {
    /// The word in lists: `cryptographic`, `data`, `judgement`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cryptographic => "cryptographic",
            Self::Data => "data",
            Self::Judgement => "judgement",
        }
    }
}

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// `sm2.verify`.
    pub name: &'static str,
    /// Kind.
    pub kind: Kind,
    /// Members of the input, all text; byte strings are lower-case hex. Those with `?` may be missing.
    pub input: &'static [&'static str],
    /// The member of the expected output that an answer `valid` has to give, if any.
    pub output: Option<&'static str>,
    /// What it does, in English.
    pub en: &'static str,
    /// What it does, in Chinese.
    pub zh: &'static str,
}

/// Every operation, in the order of the list that users see.
pub const OPERATIONS: &[Operation] = &[
    crypto("sm3.digest", &["message", "repeat"], Some("digest"), "SM3 of the message repeated", "计算重复消息的 SM3"),
    crypto("hmac-sm3.mac", &["key", "message", "repeat"], Some("mac"), "HMAC-SM3", "计算 HMAC-SM3"),
    crypto("hmac-sm3.verify", &["key", "message", "repeat", "mac"], None, "check an HMAC-SM3", "校验 HMAC-SM3"),
    crypto(
        "sm4.ecb-encrypt",
        &["key", "plaintext", "rounds?"],
        Some("ciphertext"),
        "SM4-ECB without padding, rounds times over",
        "SM4-ECB 加密（无填充，可多轮）",
    ),
    crypto(
        "sm4.ecb-decrypt",
        &["key", "ciphertext"],
        Some("plaintext"),
        "SM4-ECB without padding",
        "SM4-ECB 解密（无填充）",
    ),
    crypto(
        "sm4.cbc-encrypt",
        &["key", "iv", "plaintext", "padding"],
        Some("ciphertext"),
        "SM4-CBC, padding none or pkcs7",
        "SM4-CBC 加密，填充为 none 或 pkcs7",
    ),
    crypto(
        "sm4.cbc-decrypt",
        &["key", "iv", "ciphertext", "padding"],
        Some("plaintext"),
        "SM4-CBC, padding none or pkcs7",
        "SM4-CBC 解密，填充为 none 或 pkcs7",
    ),
    crypto(
        "sm4.gcm-seal",
        &["key", "nonce", "aad", "plaintext"],
        Some("ciphertext"),
        "SM4-GCM: ciphertext and 16-byte tag",
        "SM4-GCM 加密：密文与16字节标签",
    ),
    crypto(
        "sm4.gcm-open",
        &["key", "nonce", "aad", "ciphertext"],
        Some("plaintext"),
        "SM4-GCM: open ciphertext and tag",
        "SM4-GCM 解密并校验标签",
    ),
    crypto(
        "sm4.ccm-seal",
        &["key", "nonce", "aad", "plaintext"],
        Some("ciphertext"),
        "SM4-CCM: ciphertext and 16-byte tag",
        "SM4-CCM 加密：密文与16字节标签",
    ),
    crypto(
        "sm4.ccm-open",
        &["key", "nonce", "aad", "ciphertext"],
        Some("plaintext"),
        "SM4-CCM: open ciphertext and tag",
        "SM4-CCM 解密并校验标签",
    ),
    crypto(
        "sm2.za",
        &["public_key", "unit", "repeat"],
        Some("za"),
        "Z for the identifier unit repeated",
        "计算 Z，标识为 unit 重复若干次",
    ),
    crypto(
        "sm2.message-digest",
        &["public_key", "id", "message"],
        Some("e"),
        "e = SM3(Z, message)",
        "计算 e = SM3(Z‖消息)",
    ),
    crypto(
        "sm2.za-other-curve",
        &["a", "b", "gx", "gy", "px", "py", "id"],
        Some("za"),
        "Z for curve parameters that are given",
        "按所给曲线参数计算 Z",
    ),
    crypto(
        "sm2.public-key",
        &["d"],
        Some("public_key"),
        "public key of a private key in [1, n-2]",
        "由 [1, n-2] 内的私钥计算公钥",
    ),
    crypto("sm2.parse-public-key", &["public_key"], None, "read a public key 04, x, y", "读取 04‖x‖y 形式的公钥"),
    crypto(
        "sm2.parse-spki",
        &["spki"],
        Some("public_key"),
        "read SubjectPublicKeyInfo in strict DER",
        "按严格 DER 读取 SubjectPublicKeyInfo",
    ),
    crypto(
        "sm2.sign-deterministic",
        &["d", "id", "message"],
        Some("signature"),
        "sign with the nonce of RFC 6979 over HMAC-SM3, r and s as 64 bytes",
        "按 RFC 6979（HMAC-SM3）确定性签名",
    ),
    crypto(
        "sm2.sign-with-nonce",
        &["d", "id", "message", "k"],
        Some("signature"),
        "sign with the nonce k, r and s as 64 bytes",
        "用给定的 k 签名",
    ),
    crypto(
        "sm2.verify",
        &["public_key", "encoding", "signature", "id?", "message?", "digest?"],
        None,
        "verify a signature (encoding der or raw) over a message, or over a digest e",
        "验签（der 或 raw），对消息或摘要 e",
    ),
    crypto(
        "sm2.exchange",
        &["role", "d", "own_id", "r", "peer_key", "peer_id", "peer_point", "length"],
        Some("agreed"),
        "key exchange: key, S_B, S_A",
        "密钥交换：密钥、S_B、S_A",
    ),
    crypto(
        "sm2.encrypt-with-nonce",
        &["public_key", "k", "plaintext", "form"],
        Some("ciphertext"),
        "encrypt with the nonce k; form der, c1c3c2 or c1c2c3",
        "用给定的 k 加密，形式为 der、c1c3c2 或 c1c2c3",
    ),
    crypto(
        "sm2.decrypt",
        &["d", "ciphertext", "form"],
        Some("plaintext"),
        "decrypt; form der, c1c3c2 or c1c2c3",
        "解密，形式为 der、c1c3c2 或 c1c2c3",
    ),
    crypto(
        "test-key.derive",
        &["seed", "label"],
        Some("d"),
        "private test key of a seed and a label (HKDF-SM3)",
        "由种子与标签派生测试私钥（HKDF-SM3）",
    ),
    crypto(
        "x509.signature",
        &["object", "kind", "issuer"],
        None,
        "verify the signature of a certificate, crl or ocsp answer (kind) with the SM2 key of the issuer's certificate",
        "用颁发者证书中的 SM2 公钥验证证书、CRL 或 OCSP 应答（kind）的签名",
    ),
    crypto(
        "signed_data.verify",
        &["signed_data", "content?"],
        None,
        "verify a SignedData of GB/T 35275 by itself; content for a detached one",
        "验证 GB/T 35275 SignedData（分离式时给出 content）",
    ),
    crypto(
        "ses.signature",
        &["object", "kind"],
        None,
        "verify the SM2 signature of a seal or seal-signature (kind) with the certificate inside",
        "用自带证书验证印章或电子签章（kind）的 SM2 签名",
    ),
    judgement(
        "x509.certificate",
        &["certificate"],
        Some("public_key"),
        "read one certificate strictly: form, key, algorithm",
        "严格读取单张证书：编码、公钥、算法",
    ),
    judgement(
        "x509.chain",
        &["certificate", "roots", "intermediates", "lists", "use", "signed_at", "at"],
        None,
        "judge the certificate of a signer of an original or a copy (use) with its path and revocation lists",
        "判定原件或加注件（use）签名者证书：证书链、用途、有效期、吊销",
    ),
    judgement(
        "x509.crl",
        &["certificate", "issuer", "lists", "at"],
        None,
        "whether revocation lists show that a certificate is not revoked",
        "由吊销列表判定证书未被吊销",
    ),
    judgement(
        "x509.ocsp",
        &["certificate", "issuer", "answer", "nonce?", "at"],
        None,
        "whether an OCSP answer shows that a certificate is not revoked",
        "由 OCSP 应答判定证书未被吊销",
    ),
    judgement(
        "seal.verify",
        &["seal", "roots", "intermediates", "lists", "signed_at", "at"],
        None,
        "judge an electronic seal: form, maker, validity",
        "判定电子印章：结构、制章者、有效期",
    ),
    judgement(
        "seal_signature.verify",
        &["signature", "document", "place", "roots", "intermediates", "lists", "at"],
        None,
        "judge a seal signature over a document at a place, with its seal and signer",
        "判定对文件（place 处的 document）的电子签章及其印章与签名者",
    ),
    judgement(
        "code.verify",
        &["code", "audience", "scene", "nonce?", "roots", "intermediates", "signers", "lists", "at"],
        None,
        "judge a presentation code ECR1 as far as it needs neither memory nor a redemption; signers are listed, their roles follow from their purposes",
        "判定亮证码 ECR1（不含重放记录与兑现）；signers 为所列签名者，角色由其用途得出",
    ),
    data(
        "request.sign-hmac",
        &["key", "method", "path", "query", "app", "timestamp", "nonce", "body"],
        Some("hmac"),
        "request signature of binding v1",
        "绑定 v1 的请求签名",
    ),
    data("identifier.parse", &["identifier"], Some("check_character"), "read a licence identifier", "读取电子证照标识"),
    data("citizen-number.parse", &["number"], Some("birth_date"), "read a citizen number", "读取公民身份号码"),
    data(
        "citizen-number.born-by",
        &["number", "now"],
        None,
        "whether the birth date has come in China",
        "出生日期在中国时间是否已到",
    ),
    data("citizen-number.fold", &["number"], Some("folded"), "fold the case for look-ups", "查询时的大小写折叠"),
    data(
        "usci.parse",
        &["usci"],
        Some("organisation_code"),
        "read a unified social credit code",
        "读取统一社会信用代码",
    ),
    data(
        "instant.parse",
        &["instant"],
        Some("china"),
        "read an instant, write it in China time",
        "读取时间点并写为中国时间",
    ),
    data("date.parse", &["date"], Some("basic"), "read a date, write its basic form", "读取日期并写为基本格式"),
    data("date.in-china", &["instant"], Some("date"), "the day in China at an instant", "时间点在中国的日期"),
    data("age.on", &["birth", "day"], Some("age"), "age on a day", "某日的年龄"),
    data(
        "validity.term",
        &["birth", "issued", "effective"],
        Some("term"),
        "term by age on the issue date",
        "按签发日年龄确定有效期限",
    ),
    data(
        "validity.expires-at",
        &["last_day"],
        Some("expires_at"),
        "first instant after the last day",
        "有效期最后一日之后的首个时刻",
    ),
    data("metadata.name", &["name"], Some("masked"), "check and mask a name", "检查并掩码姓名"),
    data("metadata.address", &["address"], None, "check an address", "检查住址"),
    data("metadata.mask-number", &["number"], Some("masked"), "mask a citizen number", "掩码公民身份号码"),
    data(
        "metadata.original",
        &["members"],
        None,
        "whether the members of an original are complete and none is of a copy only",
        "原件元数据成员是否齐全且无加注件专有成员",
    ),
    data(
        "metadata.check",
        &["record", "kind", "at"],
        None,
        "judge the metadata record (JSON) of an original or a copy (kind)",
        "判定原件或加注件（kind）的元数据记录（JSON）",
    ),
    data("base45.decode", &["text"], Some("bytes"), "decode Base45 strictly", "严格解码 Base45"),
    data(
        "code.parse",
        &["code"],
        Some("code_id"),
        "read a presentation code ECR1, view included",
        "读取亮证码 ECR1（含视图）",
    ),
    data("code.request", &["code"], Some("request_id"), "read a reverse-scan request ECRR1", "读取反扫请求 ECRR1"),
    data("status.next", &["from", "event"], Some("to"), "status after an event", "事件后的证照状态"),
    data("status.shown", &["holding"], Some("status"), "the one status shown of several", "多个状态并存时展示的状态"),
];

/// The operation with this name.
#[must_use]
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

impl Operation {
    /// Names of the members of the input, with whether each must be there.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, bool)> + use<> {
        self.input.iter().map(|name| name.strip_suffix('?').map_or((*name, true), |name| (name, false)))
    }
}

const fn crypto(
    name: &'static str,
    input: &'static [&'static str],
    output: Option<&'static str>,
    en: &'static str,
    zh: &'static str,
) -> Operation {
    Operation { name, kind: Kind::Cryptographic, input, output, en, zh }
}

const fn data(
    name: &'static str,
    input: &'static [&'static str],
    output: Option<&'static str>,
    en: &'static str,
    zh: &'static str,
) -> Operation {
    Operation { name, kind: Kind::Data, input, output, en, zh }
}

const fn judgement(
    name: &'static str,
    input: &'static [&'static str],
    output: Option<&'static str>,
    en: &'static str,
    zh: &'static str,
) -> Operation {
    Operation { name, kind: Kind::Judgement, input, output, en, zh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for entry in OPERATIONS {
            assert_eq!(operation(entry.name), Some(entry));
            assert!(!entry.zh.is_empty());
        }
        assert_eq!(operation("sm2.guess"), None);
    }
}
