//! Test vectors, generated persons and the request and transport variations.
