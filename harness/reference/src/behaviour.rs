//! Every decision a handler can take in two ways. The default is the honest one; a mutant sets fields
//! and never touches a handler.

use std::sync::atomic::{AtomicBool, Ordering};

use ecric_model::binding::Operation;

use crate::levels::Slow;
use crate::manners::Manners;
use crate::planted::Planted;

mod codes;
mod loading;
mod reads;
mod switch;

pub(crate) use codes::Codes;
pub(crate) use loading::Loading;
pub use reads::take_reads;
pub(crate) use switch::{ON, Switch};

use reads::{Read, note};
use switch::switches;

switches! {
    /// Decisions of a server; each is off, or empty, in an honest one.
    pub struct Behaviour, "";

    action_defaults,
    activate_ignored,
    address_not_compared,
    address_of_35,
    adults_get_ten_years,
    age_by_year,
    age_flags_by_year,
    algorithm_none_accepted,
    anchors_changed_after_signing,
    anchors_hold_other_algorithm,
    anchors_outdated,
    anchors_unsigned,
    annotation_in_original,
    any_action_accepted,
    any_ethnicity_accepted,
    any_nonce_accepted,
    any_root_trusted,
    assert_optional,
    asserted_authority_not_compared,
    asserted_birth_date_not_compared,
    asserted_ethnicity_not_compared,
    asserted_name_not_compared,
    asserted_number_not_compared,
    asserted_sex_not_compared,
    attachment_wanted,
    audit_keeps_digest,
    audit_newest_first,
    audit_not_supported,
    audit_values,
    audit_window_optional,
    audit_without_operator,
    audit_without_use,
    auth_profiles_missing,
    authority_check_wrong,
    authority_code_of_another,
    authority_of_another_kind,
    bad_timestamp_is_now,
    batch_fails_whole,
    batch_files_not_supported,
    batch_guesses_free,
    batch_members_optional,
    batch_reversed,
    batch_unlimited,
    begins_in_utc,
    best_effort_hides_it,
    bidi_controls_accepted,
    birth_date_a_day_off,
    birth_date_not_compared,
    birthday_counts_next_day,
    body_limit_off,
    bullet_accepted,
    byte_order_mark_skipped,
    cacheable_issue,
    cacheable_metadata,
    card_lost_does_nothing,
    cause_not_compared,
    cause_of_200_refused,
    cause_of_201_accepted,
    causes_escaped,
    changes_ignored,
    check_by_variant,
    children_get_ten_years,
    compact_offset_accepted,
    chunks_refused,
    compatibility_replaced,
    compressed_bodies_fail,
    compressed_files_refused,
    controls_on_every_node,
    copy_cause_hidden,
    copy_cause_lost,
    copy_expiry_in_past_accepted,
    copy_expiry_lost,
    copy_expiry_wanted,
    copy_is_original,
    copy_signed_by_issuer,
    covered_list_refused,
    credentials_in_query_accepted,
    credentials_optional,
    critical_ignored,
    date_header_wrong,
    dated_range_long_term,
    dates_without_hyphens,
    delivery_defaults,
    depth_unlimited,
    descriptors_refused,
    destroyed_answers,
    destroyed_called_unknown,
    destroyed_status_is_404,
    doubled_headers_first_wins,
    duplicate_keys_last_wins,
    effective_after_expiring_accepted,
    effective_date_ignored_by_verifier,
    empty_batch_accepted,
    empty_cause_accepted,
    empty_formats_accepted,
    empty_nonce_accepted,
    empty_signature_accepted,
    endless_numbers_are_zero,
    error_request_id_fresh,
    error_without_message,
    errors_repeat_the_name,
    errors_show_internals,
    etag_constant,
    etag_never,
    ethnicity_98_refused,
    ethnicity_always_01,
    every_scope_answered,
    expectation_ignored,
    expired_called_revoked,
    expires_a_day_late,
    expires_in_utc,
    expiry_outranks_revocation,
    failures_lock_everyone,
    february_rolls_over,
    fetches_what_the_file_names,
    file_carries_cause,
    file_digest_md5,
    file_echoed,
    file_is_pdf,
    file_metadata_missing,
    file_metadata_misspelt,
    file_not_audited,
    file_of_other_version,
    file_page_differs,
    file_photo_uncovered,
    file_seal_broken,
    file_shows_other_address,
    file_signed_by_copier,
    file_sm3_wrong,
    file_status_ignored,
    file_unsealed,
    file_verdict_without_checks,
    file_with_script,
    final_states_not_destroyed,
    fingerprint_answered,
    foreign_roots_accepted,
    fractions_accepted,
    fractions_of_seconds_refused,
    framing_mended,
    full_width_folded,
    future_timestamps_accepted,
    /// What only the gateway of gamma asks: `gateway_…`.
    gateway_reads_der,
    gateway_sign_ignored,
    gateway_takes_any_id,
    gateway_zero_accepted,
    guesses_free,
    header_count_off,
    headers_carry_name,
    headers_mended,
    hold_never_ends,
    holder_code_zeroed,
    holder_lookup_fails,
    holder_type_414,
    hour_24_accepted,
    huge_integers_rounded,
    identifier_case_folded,
    identifier_check_ignored,
    identifier_returns,
    identifier_trimmed,
    identifier_width_folded,
    invalid_utf8_replaced,
    isolates_accepted,
    issue_not_audited,
    issued_a_day_late,
    issued_date_missing,
    items_carry_name,
    key_identifiers_ignored,
    key_mismatch_replays,
    key_optional,
    key_remembered_late,
    key_without_path,
    keyless_digests_accepted,
    known_apps_take_time,
    large_headers_accepted,
    length_beside_chunks_ignored,
    links_carry_number,
    live_status_called_cache,
    list_outdated,
    list_signed_by_other,
    list_without_suspended,
    lone_surrogates_replaced,
    long_causes_cut,
    long_serials_refused,
    long_signer_names_refused,
    long_term_as_9999,
    long_term_refused,
    lost_paths_show_files,
    lower_x_accepted,
    lower_x_mismatches,
    malformed_parts_fail,
    malformed_xml_accepted,
    malformed_path_is_404,
    mask_counts_utf16,
    mask_shows_four_digits,
    match_left_open,
    media_type_ignored,
    members_vanish,
    metadata_not_audited,
    metadata_show_neighbour,
    method_answers_404,
    method_unsigned,
    middle_dot_replaced,
    mime_optional,
    mismatch_shows_value,
    missing_segment_is_unknown,
    missing_status_is_valid,
    moved_characters_moved_back,
    name_is_enough,
    name_of_51_accepted,
    names_folded_by_verifier,
    no_revoke_of_suspended,
    nonce_global,
    nonce_with_body,
    nonces_forgotten_with_the_clock,
    nonces_not_stored,
    nonces_per_node,
    not_active_is_valid,
    nothing_asserted_is_valid,
    number_change_accepted,
    number_check_ignored,
    number_in_remark,
    number_is_serial,
    number_x_lowered,
    numbers_read_as_texts,
    odd_texts_fail,
    old_stays_valid_at_reissue,
    one_character_names_refused,
    one_mismatch_marks_all,
    operator_not_checked,
    original_for_everyone,
    original_resigned_each_time,
    originals_cached_for_everyone,
    other_type_not_told,
    own_status_ignored,
    page_clamped,
    page_zero_is_default,
    pages_newest_first,
    pages_repeat_last,
    past_effective_accepted,
    path_unsigned,
    paths_not_judged,
    persona_and_holder_accepted,
    photo_data_kept,
    photo_unchecked,
    previous_not_kept_at_issue,
    previous_not_set_at_reissue,
    previous_unchecked,
    private_key_shown,
    private_use_replaced,
    published_wrong_key_accepted,
    query_unsigned,
    rare_characters_replaced,
    rare_names_refused,
    refusals_carry_digest,
    refusals_forgotten,
    reissue_draws_serial,
    reissue_keeps_check,
    reissue_of_not_active,
    reissue_of_suspended,
    reissue_races,
    reissue_reason_optional,
    repeated_items_accepted,
    replacing_refused,
    replay_executes_again,
    replay_names_another,
    request_id_not_echoed,
    restore_after_last_day,
    restore_does_nothing,
    restore_of_expired,
    restore_of_revoked,
    retry_after_missing,
    revocation_shows_late,
    revoke_of_not_active,
    scheduled_at_once,
    scheduled_changes_forgotten,
    search_empty_is_404,
    search_ignores_holder,
    search_number_unchecked,
    search_status_always_valid,
    search_use_optional,
    search_without_filter_empty,
    second_live_accepted,
    second_refused_but_kept,
    second_result_differs,
    second_script_dropped,
    segment_borders_ignored,
    serial_in_lower_case,
    serials_repeat,
    server_time_behind,
    sex_not_compared,
    sex_swapped,
    /// What only the wire of gb36906 asks: `share_…`.
    share_ended_is_2,
    share_forbidden_is_unknown,
    share_state_ignored,
    share_state_with_data,
    share_type_unchecked,
    share_unknown_is_empty,
    short_licence_name,
    short_serials_refused,
    signature_prefix_enough,
    signed_attributes_wanted,
    signer_not_listed,
    signer_under_root_refused,
    skipped_checks_left_out,
    slow_bodies_block,
    slow_item_spoils_the_rest,
    small_stop_accepted,
    stale_status_is_live,
    stamp_saves_no_expired_signer,
    stamp_saves_no_revoked_signer,
    states_in_lower_case,
    status_carries_digest,
    status_carries_name,
    status_asked_unasked,
    status_filter_ignored,
    status_filter_inverted,
    status_signed_by_issuer,
    status_unsigned,
    status_word_active,
    superseded_and_revoked_mixed_up,
    supplementary_replaced,
    suspend_does_nothing,
    suspend_toggles,
    suspended_is_valid,
    suspended_outlives_last_day,
    tags_before_rights,
    templates_evaluated,
    test_controls_open,
    test_mode_told_everywhere,
    text_bools_accepted,
    text_integers_accepted,
    thirtieth_of_february_born,
    /// What only vendors with tokens ask: `token_…`.
    token_audience_ignored,
    token_expiry_ignored,
    trailing_byte_unsigned,
    trailing_text_ignored,
    trust_removal_ignored,
    type_code_of_18,
    type_defaults,
    type_of_22_characters,
    type_of_driving_licence,
    unasked_status_is_live,
    undeclared_catalogue,
    undeclared_feature_told,
    undeclared_format_called_invalid,
    unknown_app_is_first,
    unknown_attributes_ignored,
    unknown_format_called_unsupported,
    unknown_holder_types_accepted,
    unknown_is_indeterminate,
    unknown_members_refused,
    unknown_path_is_400,
    unknown_scopes_ignored,
    unknown_searches_free,
    unreadable_files_pass,
    url_guessable,
    url_never_expires,
    url_works_twice,
    use_optional,
    valid_shows_values,
    variant_check_accepted,
    variation_selectors_stripped,
    verifier_knows_one_division,
    verifier_sees_revocation_late,
    version_and_check_glued,
    version_checked_early,
    version_ignored,
    version_optional,
    version_steps_two,
    version_without_zeros,
    versions_start_at_000,
    weak_digests_accepted,
    window_by_real_time,
    window_of_an_hour,
    years_have_two_digits,
    youths_get_five_years,
    zero_width_accepted,
    ;
    /// What only the verifier of codes asks.
    codes: Codes,
    /// Reasons that the verifier of files does not look at.
    ignored_reasons: &'static [&'static str],
    /// What only the loading end asks.
    loading: Loading,
    /// How answers are written; no mutant touches it.
    manners: Manners,
    /// A fault that shows only after a sequence of calls or in a race.
    planted: Option<Planted>,
    /// How it breaks its own service levels, if it does.
    slow: Option<Slow>,
}

impl Behaviour {
    /// Names of what a mutant changed, as [`take_reads`] names them; empty for an honest one.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        let switches = self.on().into_iter().chain(self.codes.on()).chain(self.loading.on());
        let others = (self.planted.map(Read::Planted).into_iter())
            .chain(self.slow.map(|slow| Read::Slow(slow.operation())))
            .chain(self.ignored_reasons.iter().map(|reason| Read::Reason((*reason).to_owned())));
        switches.map(str::to_owned).chain(others.map(|read| read.name())).collect()
    }

    /// True if identifiers may be given twice, so that the database must bear it. No read: that it bears it
    /// changes no answer.
    pub(crate) fn repeats_identifiers(&self) -> bool {
        let planted = [Planted::DestroyedIdentifierReturns, Planted::SerialDrawnTwice];
        self.serials_repeat.is_on()
            || self.identifier_returns.is_on()
            || self.planted.is_some_and(|fault| planted.contains(&fault))
    }

    /// True if more than the nonce is kept of a request, to be asked for once a nonce comes again. No read, either.
    pub(crate) fn keeps_more_than_nonces(&self) -> bool {
        self.nonces_forgotten_with_the_clock.is_on() || self.nonce_with_body.is_on()
    }

    /// True if licences are looked for by parts of their identifiers, so that the database must index them. No read,
    /// either.
    pub(crate) fn finds_by_parts(&self) -> bool {
        self.segment_borders_ignored.is_on() || self.identifier_check_ignored.is_on()
    }

    /// True if this fault is planted.
    pub(crate) fn plants(&self, fault: Planted) -> bool {
        note(Read::Planted(fault));
        self.planted == Some(fault)
    }

    /// How calls of an operation break its service levels.
    pub(crate) fn slow(&self, operation: Operation) -> Option<Slow> {
        note(Read::Slow(operation));
        self.slow.filter(|slow| slow.operation() == operation)
    }

    /// Reasons that the verifier of files does not look at; what it found with them is said with [`Self::met`].
    pub(crate) const fn ignored_reasons(&self) -> &'static [&'static str] {
        self.ignored_reasons
    }

    /// Says that a verification came upon a reason: ignoring it would change the outcome.
    pub(crate) fn met(reason: &str) {
        note(Read::Reason(reason.to_owned()));
    }

    /// True if identifiers that the strict reader refuses are shown, and must be found again.
    pub(crate) fn shows_malformed_identifiers(&self) -> bool {
        self.version_and_check_glued()
            || self.type_of_22_characters()
            || self.type_of_driving_licence()
            || self.authority_check_wrong()
            || self.serial_in_lower_case()
            || self.versions_start_at_000()
            || self.check_by_variant()
            || self.reissue_keeps_check()
    }
}
