//! Arguments of the commands about evidence.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Evidence package, attestation, tool-confirmation record, or the folder of a run
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Certificates that are trusted, PEM: signers themselves, or roots above them
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Roles that must have signed: vendor, laboratory, body
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    pub(crate) require_signature: Vec<String>,
    /// Features and registers of a run that did not use the embedded ones
    #[arg(long, value_name = "DIR")]
    pub(crate) features: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
