//! Hostile requests and files, generated: from the schemas of the operations, from the syntax of JSON,
//! from a corpus of texts that some software would act on, from the structure of files.
//! Knows what it makes, never what a product has to answer.

mod corpus;
mod der;
mod files;
mod odd;
mod schema;
mod syntax;
mod xml;

pub use corpus::CORPUS;
pub use files::{FileEdit, edit_file, file_strategy};
pub use odd::{OddEdit, apply_odd, odd_strategy};
pub use schema::{Defect, Kind, Member, members, missing_members, wrong_types};
pub use syntax::{SYNTAX, Syntax};
