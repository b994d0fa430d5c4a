//! Vectors against implementations: the built-in one in process, any other through JSON lines on
//! standard input and output. Judges with the rules of `ecric-vectors`, prints nothing.

mod adapters;
mod agreement;
mod check;
mod command_line;
mod findings;
mod junit;
mod process;
mod table;

pub use adapters::{Adapter, AdapterError, load_adapters};
pub use agreement::{AGREEMENT_SCHEMA, Agreed, Agreement, AgreementError, Implementation, load_agreement};
pub use check::{Checked, check_builtin, check_command};
pub use command_line::{CommandLineError, split_command};
pub use findings::render_findings;
pub use junit::render_junit;
pub use process::{Limits, ProcessError};
pub use table::{Column, Table, measure};
