//! Known answers from `vectors/data/crypto`.
