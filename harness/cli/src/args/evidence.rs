//! Arguments of the commands about evidence.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use ecric_reports::package::SignerRole;

/// In whose role somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleArg {
    Vendor,
    Laboratory,
    Body,
}

impl From<RoleArg> for SignerRole {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Vendor => Self::Vendor,
            RoleArg::Laboratory => Self::Laboratory,
            RoleArg::Body => Self::Body,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Evidence package, attestation, tool-confirmation record, or the folder of a run
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Certificates that are trusted, PEM: signers themselves, or roots above them
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Roles that must have signed
    #[arg(long, value_name = "ROLE", value_delimiter = ',', value_enum)]
    pub(crate) require_signature: Vec<RoleArg>,
    /// Features and registers of a run that did not use the embedded ones
    #[arg(long, value_name = "DIR")]
    pub(crate) features: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make an SM2 key: an encrypted key file and its certificate
    New(KeyNewArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PassphraseArgs {
    /// File whose first line is the passphrase (default: ECRIC_PASSPHRASE, else asked for on the terminal)
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct KeyNewArgs {
    /// Key file to write; the certificate is written beside it with the ending .crt
    #[arg(long, value_name = "FILE", default_value = "ecric.key")]
    pub(crate) out: PathBuf,
    /// Name of the holder in the certificate
    #[arg(long, value_name = "NAME", default_value = "ecric signer")]
    pub(crate) name: String,
    /// Bind the certificate to one role
    #[arg(long, value_enum)]
    pub(crate) role: Option<RoleArg>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// Evidence package
    #[arg(value_name = "PACKAGE")]
    pub(crate) package: PathBuf,
    /// Role: the vendor answers for ICS and product, the laboratory for the run, the body for the certificate
    #[arg(long, value_enum)]
    pub(crate) role: RoleArg,
    /// Key file of `ecric key new`
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// Write the signed package here instead of over the old one
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write the signature by itself too, as an attestation
    #[arg(long, value_name = "FILE")]
    pub(crate) attestation: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RedactArgs {
    /// Evidence package
    #[arg(value_name = "PACKAGE")]
    pub(crate) package: PathBuf,
    /// File to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// Evidence package
    #[arg(value_name = "PACKAGE")]
    pub(crate) package: PathBuf,
    /// Features and registers from a folder instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    pub(crate) features: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
