//! Arguments about presentation codes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::PkiKeys;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodeMode {
    /// For one relying party, redeemed at the loading end
    Online,
    /// With a view signed by the issuer
    Offline,
    /// For anybody: masked values only
    Bearer,
    /// What a relying party asks for (reverse scan)
    Request,
}

#[derive(Debug, Args)]
pub(crate) struct MakeCodeArgs {
    /// Seed of keys and identifiers (default: the published keys)
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<String>,
    /// Kind of code
    #[arg(long, value_enum, default_value = "online")]
    pub(crate) mode: CodeMode,
    /// Relying party that it is made for (default: the test relying party)
    #[arg(long, value_name = "ID")]
    pub(crate) audience: Option<String>,
    /// Scene: HOTEL, GOV, BANK, RAIL, EXPRESS, NET, OTHER
    #[arg(long, value_name = "NAME", default_value = "HOTEL")]
    pub(crate) scene: String,
    /// Challenge of the relying party, 8 to 16 bytes in hex
    #[arg(long, value_name = "HEX")]
    pub(crate) nonce: Option<String>,
    /// Attributes, separated by commas, for example name,ageOver18
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) scope: Vec<String>,
    /// When it is issued, RFC 3339 (default: the fixed instant of the suite)
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<String>,
    /// Defect to build in; brings its own kind of code
    #[arg(long, value_name = "NAME")]
    pub(crate) defect: Option<String>,
    /// Also write the QR code as PNG
    #[arg(long, value_name = "FILE")]
    pub(crate) qr: Option<PathBuf>,
    /// Keys: of the seed, or the published ones that runs use
    #[arg(long, value_enum, default_value = "seed")]
    pub(crate) pki: PkiKeys,
}

/// Who checks a code.
#[derive(Debug, Args)]
pub(crate) struct ExpectedArgs {
    /// Presentation codes: relying party that checks
    #[arg(long, value_name = "ID", requires = "scene")]
    pub(crate) audience: Option<String>,
    /// Presentation codes: scene in which it is checked
    #[arg(long, value_name = "NAME", requires = "audience")]
    pub(crate) scene: Option<String>,
    /// Presentation codes: challenge that was given out, in hex
    #[arg(long, value_name = "HEX", requires = "audience")]
    pub(crate) nonce: Option<String>,
}
