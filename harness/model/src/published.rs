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

/// Default licence type: the identity card of natural persons. Observed, confidence likely.
pub const ID_CARD_TYPE_CODE: &str = "11100000000013127D001";
/// Default issuing authority (USCI). Observed, confidence likely.
pub const ISSUING_AUTHORITY_CODE: &str = "11100000000013127D";
