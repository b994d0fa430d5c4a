//! Licence identifier, citizen number, USCI, metadata, validity and status machine of the
//! electronic licence (电子证照) of the resident identity card.
//!
//! No input or output, no clock, no randomness: every instant and every serial comes in as an
//! argument. Strict readers and separate writers; a malformed text never becomes a typed value.

pub mod authority;
pub mod citizen_number;
pub mod code;
pub mod code_lists;
pub mod file;
pub mod identifier;
pub mod instant;
pub mod layout;
pub mod metadata;
pub mod ofd;
pub mod seal;
pub mod signed_json;
pub mod status;
pub mod status_list;
pub mod usci;
pub mod validity;

#[cfg(test)]
mod known_answers;
