//! Mutants of the area presentation.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// A mutant that does not look at some reasons.
macro_rules! blind {
    ($id:literal, $case:literal, $en:literal, $zh:literal, [$($code:literal),+]) => {
        mutant($id, $case, concat!($en, " not looked at"), concat!("不检查", $zh), |b| b.ignored_reasons = &[$($code),+])
    };
}

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-PRE-001-a", "PRE-001/07", "shows all that was granted", "显示全部已授权属性", |b| {
        b.codes.wanted_ignored = ON
    }),
    mutant("M-PRE-001-b", "PRE-001/06", "shows what was never granted", "显示未授权的属性", |b| {
        b.codes.grant_ignored = ON
    }),
    mutant("M-PRE-002-a", "PRE-002/01", "redeems a code twice", "重复兑现", |b| b.codes.redeems_twice = ON),
    blind!("M-PRE-003-a", "PRE-003/02", "the expiry of a code is", "亮证码失效时刻", ["CODE_EXPIRED"]),
    blind!("M-PRE-004-a", "PRE-004/01", "a time of issue in the future is", "未来的签发时刻", ["CODE_FUTURE"]),
    blind!("M-PRE-005-a", "PRE-005/01", "the life of a code is", "亮证码有效期长度", ["CODE_LIFETIME"]),
    mutant("M-PRE-006-a", "PRE-006/01", "a code counts any number of times", "亮证码可多次使用", |b| {
        b.codes.codes_forgotten = ON;
        b.codes.second_redemption_accepted = ON;
    }),
    mutant("M-PRE-006-b", "PRE-006/03", "a code redeemed elsewhere counts", "他处已兑现的码仍接受", |b| {
        b.codes.second_redemption_accepted = ON
    }),
    mutant("M-PRE-006-c", "PRE-006/04", "a clock put back makes codes new", "时钟回拨后旧码复用", |b| {
        b.codes.codes_forgotten_with_the_clock = ON;
        b.codes.second_redemption_accepted = ON;
    }),
    blind!("M-PRE-007-a", "PRE-007/01", "the relying party is", "依赖方", ["CODE_AUDIENCE"]),
    blind!("M-PRE-008-a", "PRE-008/01", "the scene is", "场景", ["CODE_SCENE"]),
    blind!("M-PRE-009-a", "PRE-009/01", "the challenge is", "随机数", ["CODE_NONCE"]),
    blind!("M-PRE-010-a", "PRE-010/01", "the scope of a code for anybody is", "不限依赖方的码的范围", ["CODE_SCOPE"]),
    blind!("M-PRE-011-a", "PRE-011/01", "the signature of a code is", "亮证码签名", ["CODE_SIG"]),
    blind!("M-PRE-013-a", "PRE-013/01", "the purpose of the signer is", "签名者用途", ["CERT_USAGE"]),
    blind!("M-PRE-013-b", "PRE-013/02", "the loading end of the signer is", "签名者所属装载端", ["BINDING_INVALID"]),
    blind!("M-PRE-014-a", "PRE-014/01", "the binding of the device is", "设备绑定", ["BINDING_REVOKED"]),
    blind!("M-PRE-015-a", "PRE-015/01", "the form of a code is", "亮证码形式", ["CODE_MALFORMED"]),
    mutant("M-PRE-016-a", "PRE-016/01", "a long code breaks it", "过长的码使其出错", |b| {
        b.codes.long_codes_are_errors = ON
    }),
    mutant("M-PRE-016-b", "PRE-016/03", "a code of any length is read", "任意长度的码均读取", |b| {
        b.codes.long_codes_are_errors = ON;
        b.body_limit_off = ON;
    }),
    mutant("M-PRE-017-a", "PRE-017/01", "calls addresses in a code", "访问码中的地址", |b| {
        b.codes.fetches_what_the_code_names = ON
    }),
    blind!(
        "M-PRE-018-a",
        "PRE-018/01",
        "the status of the licence behind a code is",
        "码所属证照状态",
        [
            "LICENCE_REVOKED",
            "LICENCE_SUSPENDED",
            "LICENCE_EXPIRED",
            "LICENCE_SUPERSEDED",
            "LICENCE_DESTROYED",
            "LICENCE_NOT_ACTIVE"
        ]
    ),
    mutant("M-PRE-019-a", "PRE-019/01", "no redemption counts as VALID", "未兑现视为有效", |b| {
        b.codes.missing_redemption_is_valid = ON
    }),
    blind!("M-PRE-020-a", "PRE-020/01", "the evidence is", "兑现证据", ["EVIDENCE_MISMATCH"]),
    mutant("M-PRE-020-b", "PRE-020/03", "shows attributes although it refuses", "拒绝时仍显示属性", |b| {
        b.codes.attributes_despite_result = ON
    }),
    blind!("M-PRE-021-a", "PRE-021/01", "the consent of the holder is", "持证人同意", ["CONSENT_ABSENT"]),
    mutant("M-PRE-022-a", "PRE-022/02", "calls out although it may not", "脱机时仍联网", |b| {
        b.codes.offline_calls_out = ON
    }),
    mutant("M-PRE-022-b", "PRE-022/01", "calls the status of a view live", "将视图状态标为实时", |b| {
        b.codes.offline_status_is_live = ON
    }),
    blind!("M-PRE-023-a", "PRE-023/01", "the age of a view is", "视图时效", ["VIEW_EXPIRED"]),
    blind!("M-PRE-023-b", "PRE-023/08", "the authority of a view is", "视图签发机构", ["ISSUER_MISMATCH"]),
    blind!("M-PRE-024-a", "PRE-024/01", "the device of a view is", "视图所绑定设备", ["BINDING_INVALID"]),
    mutant("M-PRE-025-a", "PRE-025/01", "forgets codes at once", "不记录已用的码", |b| {
        b.codes.codes_forgotten = ON
    }),
    mutant("M-PRE-026-a", "PRE-026/01", "a verdict on a code has no checks", "结论不含检查项", |b| {
        b.codes.verdict_without_checks = ON
    }),
    mutant("M-PRE-027-a", "PRE-027/01", "repeats the code", "回传亮证码", |b| b.codes.echoes_the_code = ON),
    mutant("M-PRE-028-a", "PRE-028/01", "refuses codes in a batch", "拒绝批量中的亮证码", |b| {
        b.codes.codes_in_batch_not_supported = ON
    }),
    mutant("M-PRE-029-a", "PRE-029/01", "a broken code breaks it", "签名不符的码使其出错", |b| {
        b.codes.broken_codes_are_errors = ON
    }),
    mutant("M-PRE-031-a", "PRE-031/01", "replaces rare characters", "替换生僻字", |b| {
        b.codes.rare_characters_replaced = ON
    }),
    mutant("M-PRE-032-a", "PRE-032/02", "everybody is of age", "人人成年", |b| b.codes.age_flags_always_true = ON),
    mutant("M-PRE-031-b", "PRE-031/08", "tidies names before it shows them", "显示前整理姓名", |b| {
        b.codes.names_tidied = ON
    }),
    mutant("M-PRE-032-b", "PRE-032/01", "nobody is of age", "无人成年", |b| b.codes.age_flags_always_false = ON),
    mutant("M-PRE-006-d", "PRE-006/02", "codes shown at once all count", "同时出示的码均有效", |b| {
        b.codes.simultaneous_redemption_accepted = ON
    }),
];
