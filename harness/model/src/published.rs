//! Published test credentials of the reference. Worthless outside tests, by design.

/// One caller of the reference.
#[derive(Debug, Clone, Copy)]
pub struct PublishedApp {
    /// Name in target files: `${public:NAME.app}` and `${public:NAME.key}`.
    pub name: &'static str,
    /// Application id sent in `X-Ecric-App`.
    pub app: &'static str,
    /// HMAC-SM3 key, 32 bytes, hex.
    pub key_hex: &'static str,
    /// Organisation (USCI, made up) behind the application.
    pub organisation: &'static str,
    /// True if the application may use the test controls and fetch originals.
    pub full_rights: bool,
}

/// First caller: every right, `test` and `original` included. The key is the worked example of binding v1.
pub const REFERENCE: PublishedApp = PublishedApp {
    name: "reference",
    app: "suite-app-1",
    key_hex: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    organisation: "11440300099999917Q",
    full_rights: true,
};

/// Second caller, without the rights `test` and `original`.
pub const REFERENCE_OTHER: PublishedApp = PublishedApp {
    name: "reference-other",
    app: "suite-app-2",
    key_hex: "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
    organisation: "11110101099999909H",
    full_rights: false,
};

/// Every published caller.
pub const ALL: [PublishedApp; 2] = [REFERENCE, REFERENCE_OTHER];

/// Published test secrets of the stand-in vendors by the name that `${public:NAME}` takes. Keys of SM2 are
/// private scalars, hex, of the deterministic test PKI; a name with `.pub` is the public point `04‖x‖y`.
pub const VENDOR_SECRETS: &[(&str, &str)] = &[
    ("alpha.app", "AK01"),
    ("alpha.key", "alpha-test-secret"),
    ("alpha-other.app", "AK02"),
    ("alpha-other.key", "alpha-other-test-secret"),
    ("beta.app", "beta-client-1"),
    ("beta.key", "beta-test-secret"),
    ("beta.expired", "0.1577836800.beta.00000000000000000000000000000001.1ec47f6967e724a49e046be444729620"),
    ("beta.foreign", "0.4102444800.registry.00000000000000000000000000000002.ceb1a6f0acdf01ede7b3d1c831c4f507"),
    ("beta-other.app", "beta-client-2"),
    ("beta-other.key", "beta-other-test-secret"),
    ("gamma.app", "G-RP-01"),
    ("gamma.key", "42aa753fb7e2eb54c689eecd235e015dd3be60fd80c0b85036beefa0e88718af"),
    (
        "gamma-gateway.pub",
        "0413cb2c1142d51afa55c833779710dfea7da0a148e5b9c173b671c4467269cf7b93ed57cdf7c63b2c0c0d4108531e80d81c604e97e321dfcdd4e278a183e9fcbe",
    ),
    ("gb36906.app", "SHARE-01"),
    ("gb36906.key", "gb36906-test-secret"),
    ("gb36906.sm2", "abf7f61370b5959250df5aa4ff126a648cf4764da89e4617f20908d85b8af0c0"),
    ("gb36906-other.app", "SHARE-02"),
    ("gb36906-other.key", "gb36906-other-test-secret"),
    ("delta.app", "delta-user-1"),
    ("delta.key", "delta-test-password"),
    ("delta-other.app", "delta-user-2"),
    ("delta-other.key", "delta-other-test-password"),
];

/// Default licence type: the identity card of natural persons. Observed, confidence likely.
pub const ID_CARD_TYPE_CODE: &str = "11100000000013127D001";
/// Default issuing authority (USCI). Observed, confidence likely.
pub const ISSUING_AUTHORITY_CODE: &str = "11100000000013127D";
