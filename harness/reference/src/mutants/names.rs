//! Mutants about rare characters, edges of the calendar and of throttling.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-DAT-012-f", "DAT-012/05", "a name of one character is refused", "拒绝单字姓名", |b| {
        b.one_character_names_refused = ON
    }),
    mutant(
        "M-DAT-013-f",
        "DAT-013/06",
        "a small full stop passes for a middle dot",
        "小型句点被当作间隔号",
        |b| b.small_stop_accepted = ON,
    ),
    mutant(
        "M-DAT-014-f",
        "DAT-014/12",
        "characters moved by GB 18030-2022 become private ones again",
        "GB 18030-2022移出的字符被退回私有区",
        |b| b.moved_characters_moved_back = ON,
    ),
    mutant("M-DAT-015-f", "DAT-015/03", "private-use characters are replaced", "私有区字符被替换", |b| {
        b.private_use_replaced = ON
    }),
    mutant("M-DAT-015-g", "DAT-015/04", "variation selectors are stripped", "异体选择符被去除", |b| {
        b.variation_selectors_stripped = ON
    }),
    mutant("M-ISS-007-f", "ISS-007/05", "isolates of direction are taken", "接受方向隔离符", |b| {
        b.isolates_accepted = ON
    }),
    mutant("M-MD-010-f", "MD-010/06", "years have two digits", "年份取两位", |b| b.years_have_two_digits = ON),
    mutant("M-LIF-007-f", "LIF-007/03", "the first day begins in UTC", "首日按UTC起算", |b| b.begins_in_utc = ON),
    mutant("M-COM-019-f", "COM-019/07", "fractions of a second are refused", "拒绝秒的小数部分", |b| {
        b.fractions_of_seconds_refused = ON
    }),
    mutant(
        "M-ATH-007-f",
        "ATH-007/04",
        "nonces are forgotten when the clock steps back",
        "时钟回拨后遗忘随机数",
        |b| b.nonces_forgotten_with_the_clock = ON,
    ),
    mutant(
        "M-ATH-013-a",
        "ATH-013/01",
        "failures of one application lock out all",
        "某应用的失败锁定所有应用",
        |b| b.failures_lock_everyone = ON,
    ),
    mutant(
        "M-SEC-001-a",
        "SEC-001/02",
        "a digest without key passes for a signature",
        "无密钥摘要被当作签名",
        |b| b.keyless_digests_accepted = ON,
    ),
    mutant("M-SEC-001-b", "SEC-001/04", "MD5 or SHA-256 passes for a signature", "MD5或SHA-256被当作签名", |b| {
        b.weak_digests_accepted = ON
    }),
    mutant("M-SEC-001-c", "SEC-001/05", "the algorithm none is taken", "接受算法none", |b| {
        b.algorithm_none_accepted = ON
    }),
    mutant(
        "M-SEC-001-d",
        "SEC-001/06",
        "the anchors hold a certificate of another algorithm",
        "信任锚含其他算法的证书",
        |b| b.anchors_hold_other_algorithm = ON,
    ),
    mutant("M-SEC-002-a", "SEC-002/02", "credentials in the query are taken", "接受查询串中的凭据", |b| {
        b.credentials_in_query_accepted = ON
    }),
    mutant(
        "M-COM-022-a",
        "COM-022/01",
        "a refusal does not say when to come back",
        "拒绝时不给出重试时间",
        |b| b.retry_after_missing = ON,
    ),
    mutant("M-VER-040-a", "VER-040/01", "guesses in batches are free", "批量猜测不受限", |b| {
        b.batch_guesses_free = ON
    }),
    mutant("M-IFC-023-f", "IFC-023/02", "pages begin with the newest licence", "分页从最新证照开始", |b| {
        b.pages_newest_first = ON
    }),
    mutant("M-DAT-017-a", "DAT-017/02", "data about its making stay in a photo", "照片保留拍摄信息", |b| {
        b.photo_data_kept = ON
    }),
    mutant("M-DAT-017-b", "DAT-017/03", "anything passes for a photo", "任何内容都被当作照片", |b| {
        b.photo_unchecked = ON
    }),
    mutant(
        "M-ATH-014-a",
        "ATH-014/01",
        "a known application is refused more slowly",
        "已知应用的拒绝更慢",
        |b| b.known_apps_take_time = ON,
    ),
    mutant(
        "M-COM-028-a",
        "COM-028/01",
        "a member of the status is told only once",
        "状态的某成员只返回一次",
        |b| b.members_vanish = ON,
    ),
    mutant(
        "M-IFC-027-a",
        "IFC-027/01",
        "searching for unknown holders is free",
        "检索未知持证人不受限",
        |b| b.unknown_searches_free = ON,
    ),
    mutant("M-DAT-015-h", "DAT-015/05", "compatibility ideographs are replaced", "兼容汉字被替换", |b| {
        b.compatibility_replaced = ON
    }),
];
