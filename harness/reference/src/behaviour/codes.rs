//! Decisions of the verifier of presentation codes; each is false in an honest one.

use std::sync::atomic::{AtomicBool, Ordering};

use super::switch::{Switch, switches};

switches! {
    /// What a faulty verifier of codes does.
    pub(crate) struct Codes, "codes.";

    age_flags_always_false,
    age_flags_always_true,
    attributes_despite_result,
    broken_codes_are_errors,
    codes_forgotten,
    codes_forgotten_with_the_clock,
    codes_in_batch_not_supported,
    echoes_the_code,
    fetches_what_the_code_names,
    grant_ignored,
    long_codes_are_errors,
    missing_redemption_is_valid,
    names_tidied,
    offline_calls_out,
    offline_status_is_live,
    rare_characters_replaced,
    redeems_twice,
    second_redemption_accepted,
    simultaneous_redemption_accepted,
    verdict_without_checks,
    wanted_ignored,
}
