//! Mutants of the area authentication.

use super::{Mutant, mutant, vendor_mutant};
use crate::behaviour::Behaviour;
use crate::behaviour::ON;

/// Over the wire of gamma, whose requests are signed with SM2.
const fn gateway(
    id: &'static str,
    killed_by: &'static str,
    en: &'static str,
    zh: &'static str,
    apply: fn(&mut Behaviour),
) -> Mutant {
    vendor_mutant("gamma", id, killed_by, (en, zh), apply)
}

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-ATH-001-a", "ATH-001/02", "credentials are optional", "凭据可缺省", |b| b.credentials_optional = ON),
    mutant("M-ATH-002-a", "ATH-002/02", "a wrong key is taken", "接受错误密钥", |b| {
        b.published_wrong_key_accepted = ON
    }),
    mutant(
        "M-ATH-003-a",
        "ATH-003/02",
        "unknown applications count as the first one",
        "未知应用视为首个应用",
        |b| b.unknown_app_is_first = ON,
    ),
    mutant("M-ATH-004-a", "ATH-004/02", "the end of the body is not signed", "请求体末尾未被签名", |b| {
        b.trailing_byte_unsigned = ON
    }),
    mutant("M-ATH-005-a", "ATH-005/02", "the path is not signed", "路径未被签名", |b| b.path_unsigned = ON),
    mutant("M-ATH-005-b", "ATH-005/03", "the query is not signed", "查询串未被签名", |b| b.query_unsigned = ON),
    mutant("M-ATH-005-c", "ATH-005/04", "the method is not signed", "方法未被签名", |b| b.method_unsigned = ON),
    mutant("M-ATH-006-a", "ATH-006/02", "the window is an hour", "时间窗为一小时", |b| b.window_of_an_hour = ON),
    mutant("M-ATH-006-b", "ATH-006/04", "future timestamps are taken", "接受未来的时间戳", |b| {
        b.future_timestamps_accepted = ON
    }),
    mutant("M-ATH-007-a", "ATH-007/02", "nonces are not remembered", "不记录随机数", |b| {
        b.nonces_not_stored = ON
    }),
    mutant(
        "M-ATH-007-b",
        "ATH-007/03",
        "a nonce counts together with the body",
        "随机数与请求体一并计算",
        |b| b.nonce_with_body = ON,
    ),
    mutant("M-ATH-008-a", "ATH-008/01", "nonces of all applications are one", "各应用共用随机数记录", |b| {
        b.nonce_global = ON
    }),
    mutant("M-ATH-009-a", "ATH-009/02", "an empty nonce is taken", "接受空随机数", |b| {
        b.empty_nonce_accepted = ON
    }),
    mutant("M-ATH-009-b", "ATH-009/04", "a nonce of any length is taken", "接受任意长度的随机数", |b| {
        b.any_nonce_accepted = ON
    }),
    mutant(
        "M-ATH-010-a",
        "ATH-010/02",
        "the test controls are open to all",
        "测试控制对所有应用开放",
        |b| b.test_controls_open = ON,
    ),
    mutant("M-ATH-011-a", "ATH-011/02", "a timestamp that is none counts as now", "无效时间戳视为当前", |b| {
        b.bad_timestamp_is_now = ON
    }),
    mutant("M-ATH-012-a", "ATH-012/02", "the start of a signature is enough", "仅比较签名开头", |b| {
        b.signature_prefix_enough = ON
    }),
    mutant("M-ATH-012-b", "ATH-012/03", "an empty signature is taken", "接受空签名", |b| {
        b.empty_signature_accepted = ON
    }),
    mutant("M-ATH-015-a", "ATH-015/02", "each node keeps its own nonces", "各节点分别保存随机数", |b| {
        b.nonces_per_node = ON
    }),
    gateway("M-ATH-016-a", "ATH-016/02", "any signer identifier is taken", "接受任意签名者标识", |b| {
        b.gateway_takes_any_id = ON
    }),
    gateway("M-ATH-016-b", "ATH-016/03", "a signature in DER is taken", "接受DER形式的签名", |b| {
        b.gateway_reads_der = ON
    }),
    gateway("M-ATH-016-c", "ATH-016/04", "s and n - s are the same", "将s与n-s视为相同", |b| {
        b.gateway_sign_ignored = ON
    }),
    gateway("M-ATH-016-d", "ATH-016/05", "zero for r or s is taken", "接受为零的r或s", |b| {
        b.gateway_zero_accepted = ON
    }),
    vendor_mutant("beta", "M-SEC-006-a", "SEC-006/02", ("tokens never end", "令牌永不过期"), |b| {
        b.token_expiry_ignored = ON
    }),
    vendor_mutant(
        "beta",
        "M-SEC-006-b",
        "SEC-006/03",
        ("tokens for any service are taken", "接受面向任意服务的令牌"),
        |b| b.token_audience_ignored = ON,
    ),
];
