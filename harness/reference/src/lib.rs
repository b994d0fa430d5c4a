//! A right issuer, sharing service and verifier, and mutants that are wrong in exactly one way.
