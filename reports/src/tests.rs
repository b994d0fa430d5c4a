//! Tests of every format over one rich sample record. The sample holds only made-up persons and codes.

mod console;
mod foreign_shapes;
mod format;
mod gate;
mod html;
mod junit;
mod markdown;
mod record;
mod review;
mod sample;
mod waived;
