//! World and every step function of the ecric features.
