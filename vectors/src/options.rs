//! Grey zones of the standards as named options. Each has two readings and a vector for each of
//! them; there is no "acceptable".

use std::collections::BTreeSet;

/// How an implementation reads a grey zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// It refuses; the default of the profile for most options ([`GreyZone::profile`]).
    Refuse,
    /// It accepts.
    Accept,
}

impl Reading {
    /// `refuse` or `accept`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Accept => "accept",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Refuse, Self::Accept].into_iter().find(|reading| reading.word() == word)
    }
}

/// A named option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GreyZone {
    /// `key_point_compressed`.
    pub name: &'static str,
    /// What it decides, and why both readings are defended.
    pub en: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    /// How the profile of this suite reads it.
    pub profile: Reading,
}

/// Every option.
pub const GREY_ZONES: &[GreyZone] = &[
    GreyZone {
        name: "key_point_compressed",
        en: "compressed public keys 02/03: GB/T 32918.1 knows them, GB/T 35276 and GB/T 20518 use 04",
        zh: "压缩公钥 02/03：GB/T 32918.1 有定义，GB/T 35276 与 GB/T 20518 使用 04",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "key_point_hybrid",
        en: "hybrid public keys 06/07: GB/T 32918.1 knows them, nobody writes them",
        zh: "混合公钥 06/07：GB/T 32918.1 有定义，实际无人使用",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "key_point_no_prefix",
        en: "public keys of 64 bytes without 04, usual in hex fields of interfaces",
        zh: "不带 04 的 64 字节公钥，常见于接口的十六进制字段",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "key_minus_g",
        en: "the public key -G: its private key n-1 is out of range and every s verifies for a fitting r, but the point is on the curve",
        zh: "公钥为 -G：对应私钥 n-1 超出范围，对特定 r 任意 s 均可验过，但点在曲线上",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "ciphertext_point_compressed",
        en: "C1 as 02/03: GB/T 32918.1 knows the form, GB/T 32918.4 leaves it open",
        zh: "C1 为 02/03：GB/T 32918.1 有定义，GB/T 32918.4 未限定",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "ciphertext_point_hybrid",
        en: "C1 as 06/07: GB/T 32918.1 knows the form, nobody writes it",
        zh: "C1 为 06/07：GB/T 32918.1 有定义，实际无人使用",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "ciphertext_no_prefix",
        en: "raw ciphertexts without the 04 of C1, usual in older products",
        zh: "C1 不带 04 的裸密文，常见于旧产品",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "ciphertext_empty",
        en: "a ciphertext of nothing: the mask is empty, so no nonce is ever good, yet C3 fits",
        zh: "空明文的密文：掩码为空，任何 k 都不合格，但 C3 相符",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "x509_null_parameters",
        en: "NULL as parameters of SM2 with SM3: RFC 5280 leaves parameters to the algorithm; GB/T 20518 writes none, some authorities write NULL",
        zh: "SM2withSM3 算法参数写为 NULL：GB/T 20518 不写参数，部分机构写 NULL",
        profile: Reading::Accept,
    },
    GreyZone {
        name: "signed_later_claimed",
        en: "the signer's own time where its certificate expired or was revoked since: GM/T 0031 compares with timeInfo, only a time stamp proves the time",
        zh: "签名者证书事后过期或吊销时采信其自述时间：GM/T 0031 以 timeInfo 比较，仅时间戳能证明时间",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "ses_v1",
        en: "seals in the shape of GM/T 0031-2014, still in use",
        zh: "GM/T 0031-2014 结构的印章，仍在使用",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "ses_v5",
        en: "seals in the shape said to be GM/T 0031-2025, seen in libraries only",
        zh: "据称为 GM/T 0031-2025 结构的印章，仅见于软件库",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "seal_expired_since",
        en: "seals that were valid at signing and have expired since: most verifiers warn, some refuse",
        zh: "签章时有效、其后过期的印章：多数仅提示，部分拒绝",
        profile: Reading::Accept,
    },
    GreyZone {
        name: "cms_double_hash",
        en: "SignedData without attributes whose content is the hash of the document: hashed twice, and in production",
        zh: "无签名属性、内容为原文杂凑值的 SignedData：二次杂凑，现网存在",
        profile: Reading::Accept,
    },
    GreyZone {
        name: "cms_plain",
        en: "SignedData without attributes over the content itself with Z: one literal reading of GB/T 35275, without content type and time",
        zh: "无签名属性、带 Z 直接对内容签名的 SignedData：GB/T 35275 的一种读法",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "cms_without_z",
        en: "SignedData signed over a digest without Z, as libraries do that treat SM3 like any digest",
        zh: "不带 Z 的 SignedData：将 SM3 当作普通杂凑的软件库的做法",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "cms_empty_id",
        en: "SignedData signed under the empty signer identifier, the default of some libraries",
        zh: "以空签名者标识签名的 SignedData：部分软件库的默认值",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "cms_base64_hash",
        en: "SignedData whose content is the base64 text of the hash, for some readers",
        zh: "内容为杂凑值 base64 文本的 SignedData",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "cms_raw_value",
        en: "r and s as 64 bytes instead of DER inside a SignedData: GB/T 35275 refers to GB/T 35276, which writes DER",
        zh: "SignedData 中以 64 字节 r‖s 代替 DER：GB/T 35275 引用 GB/T 35276 的 DER 写法",
        profile: Reading::Refuse,
    },
    GreyZone {
        name: "cms_pkcs7_type",
        en: "the outer content type of PKCS#7 instead of that of GB/T 35275",
        zh: "外层使用 PKCS#7 的内容类型代替 GB/T 35275 的",
        profile: Reading::Accept,
    },
];

/// Which options an implementation reads as [`Reading::Accept`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    accepted: BTreeSet<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self::profile()
    }
}

impl Options {
    /// The defaults of the profile.
    #[must_use]
    pub fn profile() -> Self {
        let accepted = GREY_ZONES.iter().filter(|zone| zone.profile == Reading::Accept);
        Self { accepted: accepted.map(|zone| zone.name).collect() }
    }

    /// The same with one option set; `None` for a name that is no option.
    #[must_use]
    pub fn with(mut self, name: &str, reading: Reading) -> Option<Self> {
        let name = GREY_ZONES.iter().find(|zone| zone.name == name)?.name;
        match reading {
            Reading::Accept => self.accepted.insert(name),
            Reading::Refuse => self.accepted.remove(name),
        };
        Some(self)
    }

    /// How the option is read.
    #[must_use]
    pub fn reading(&self, name: &str) -> Reading {
        if self.accepted.contains(name) { Reading::Accept } else { Reading::Refuse }
    }

    pub(crate) fn accepts(&self, name: &str) -> bool {
        self.reading(name) == Reading::Accept
    }
}
