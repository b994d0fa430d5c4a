//! Tests of every format over one rich sample record. The sample holds only made-up persons and codes.

mod console;
mod format;
mod html;
mod junit;
mod markdown;
mod record;
mod sample;
