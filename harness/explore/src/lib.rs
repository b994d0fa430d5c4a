//! Loops that drive a target many times: properties with shrinking.
