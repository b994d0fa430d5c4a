//! Grey zones of the standards as named options. Each has two readings and a vector for each of
//! them; there is no "acceptable".

use std::collections::BTreeSet;

/// How an implementation reads a grey zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// It refuses; the default of the profile for every option.
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
}

/// Every option.
pub const GREY_ZONES: &[GreyZone] = &[
    GreyZone {
        name: "key_point_compressed",
        en: "compressed public keys 02/03: GB/T 32918.1 knows them, GB/T 35276 and GB/T 20518 use 04",
        zh: "压缩公钥 02/03：GB/T 32918.1 有定义，GB/T 35276 与 GB/T 20518 使用 04",
    },
    GreyZone {
        name: "key_point_hybrid",
        en: "hybrid public keys 06/07: GB/T 32918.1 knows them, nobody writes them",
        zh: "混合公钥 06/07：GB/T 32918.1 有定义，实际无人使用",
    },
    GreyZone {
        name: "key_point_no_prefix",
        en: "public keys of 64 bytes without 04, usual in hex fields of interfaces",
        zh: "不带 04 的 64 字节公钥，常见于接口的十六进制字段",
    },
    GreyZone {
        name: "key_minus_g",
        en: "the public key -G: its private key n-1 is out of range and every s verifies for a fitting r, but the point is on the curve",
        zh: "公钥为 -G：对应私钥 n-1 超出范围，对特定 r 任意 s 均可验过，但点在曲线上",
    },
    GreyZone {
        name: "ciphertext_point_compressed",
        en: "C1 as 02/03: GB/T 32918.1 knows the form, GB/T 32918.4 leaves it open",
        zh: "C1 为 02/03：GB/T 32918.1 有定义，GB/T 32918.4 未限定",
    },
    GreyZone {
        name: "ciphertext_point_hybrid",
        en: "C1 as 06/07: GB/T 32918.1 knows the form, nobody writes it",
        zh: "C1 为 06/07：GB/T 32918.1 有定义，实际无人使用",
    },
    GreyZone {
        name: "ciphertext_no_prefix",
        en: "raw ciphertexts without the 04 of C1, usual in older products",
        zh: "C1 不带 04 的裸密文，常见于旧产品",
    },
    GreyZone {
        name: "ciphertext_empty",
        en: "a ciphertext of nothing: the mask is empty, so no nonce is ever good, yet C3 fits",
        zh: "空明文的密文：掩码为空，任何 k 都不合格，但 C3 相符",
    },
];

/// Which options an implementation reads as [`Reading::Accept`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    accepted: BTreeSet<&'static str>,
}

impl Options {
    /// The defaults of the profile.
    #[must_use]
    pub fn profile() -> Self {
        Self::default()
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
