//! Pure judgements: parsed input in, pass or finding out.
