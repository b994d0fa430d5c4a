//! Decisions of the verifier of presentation codes; each is false in an honest one.

/// What a faulty verifier of codes does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each field is one decision")]
pub struct Codes {
    pub(crate) age_flags_always_true: bool,
    pub(crate) attributes_despite_result: bool,
    pub(crate) broken_codes_are_errors: bool,
    pub(crate) codes_forgotten: bool,
    pub(crate) codes_forgotten_with_the_clock: bool,
    pub(crate) codes_in_batch_not_supported: bool,
    pub(crate) echoes_the_code: bool,
    pub(crate) fetches_what_the_code_names: bool,
    pub(crate) grant_ignored: bool,
    pub(crate) long_codes_are_errors: bool,
    pub(crate) missing_redemption_is_valid: bool,
    pub(crate) offline_calls_out: bool,
    pub(crate) offline_status_is_live: bool,
    pub(crate) rare_characters_replaced: bool,
    pub(crate) redeems_twice: bool,
    pub(crate) second_redemption_accepted: bool,
    pub(crate) verdict_without_checks: bool,
    pub(crate) wanted_ignored: bool,
}
