//! Mutants of the area verification.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-VER-002-a", "VER-002/02", "the look-up by holder fails", "按持证人查找失败", |b| {
        b.holder_lookup_fails = ON
    }),
    mutant(
        "M-VER-003-a",
        "VER-003/02",
        "a licence that is not active counts as valid",
        "未激活证照视为有效",
        |b| b.not_active_is_valid = ON,
    ),
    mutant("M-VER-006-a", "VER-006/02", "the name alone is enough", "仅凭姓名即可", |b| b.name_is_enough = ON),
    mutant("M-VER-007-a", "VER-007/02", "an unknown person is indeterminate", "查无此人判为不确定", |b| {
        b.unknown_is_indeterminate = ON
    }),
    mutant("M-VER-010-a", "VER-010/01", "a mismatch shows the right value", "不符时回显正确值", |b| {
        b.mismatch_shows_value = ON
    }),
    mutant("M-VER-011-a", "VER-011/01", "a VALID answer shows values", "有效结论附带属性值", |b| {
        b.valid_shows_values = ON
    }),
    mutant("M-VER-014-a", "VER-014/01", "the second result differs", "第二次结论不同", |b| {
        b.second_result_differs = ON
    }),
    mutant("M-VER-015-a", "VER-015/01", "a lower-case x does not match", "小写x不匹配", |b| {
        b.lower_x_mismatches = ON
    }),
    mutant("M-VER-015-b", "VER-015/02", "full-width digits match", "全角数字视为匹配", |b| {
        b.full_width_folded = ON
    }),
    mutant("M-VER-016-a", "VER-016/02", "a suspended licence counts as valid", "暂停的证照视为有效", |b| {
        b.suspended_is_valid = ON
    }),
    mutant("M-VER-016-b", "VER-016/03", "an expired licence is called revoked", "过期证照称为注销", |b| {
        b.expired_called_revoked = ON
    }),
    mutant("M-VER-016-c", "VER-016/06", "a destroyed licence is called unknown", "已销毁证照称为未知", |b| {
        b.destroyed_called_unknown = ON
    }),
    mutant("M-VER-017-a", "VER-017/06", "the address is not compared", "不比对住址", |b| {
        b.address_not_compared = ON
    }),
    mutant(
        "M-VER-017-b",
        "VER-017/02",
        "one mismatch marks every attribute",
        "一项不符则全部标为不符",
        |b| b.one_mismatch_marks_all = ON,
    ),
    mutant("M-VER-018-a", "VER-018/01", "skipped checks are left out", "省略未执行的检查项", |b| {
        b.skipped_checks_left_out = ON
    }),
    mutant("M-VER-019-a", "VER-019/02", "unknown attributes are ignored", "忽略未知属性", |b| {
        b.unknown_attributes_ignored = ON
    }),
    mutant("M-VER-020-a", "VER-020/01", "a batch answers in reverse order", "批量应答顺序颠倒", |b| {
        b.batch_reversed = ON
    }),
    mutant("M-VER-021-a", "VER-021/02", "repeated item ids are taken", "接受重复条目标识", |b| {
        b.repeated_items_accepted = ON
    }),
    mutant("M-VER-022-a", "VER-022/02", "batches are unlimited", "批量大小不限", |b| b.batch_unlimited = ON),
    mutant("M-VER-023-a", "VER-023/01", "one bad item fails the batch", "单个错误条目使整批失败", |b| {
        b.batch_fails_whole = ON
    }),
    mutant("M-VER-024-a", "VER-024/01", "guesses are not throttled", "猜测不受限流", |b| b.guesses_free = ON),
    mutant(
        "M-VER-025-a",
        "VER-025/02",
        "another licence type is called unknown",
        "其他类型证照称为未知",
        |b| b.other_type_not_told = ON,
    ),
    mutant(
        "M-VER-002-b",
        "VER-002/01",
        "a compared attribute is left UNKNOWN",
        "已比对的属性仍为UNKNOWN",
        |b| b.match_left_open = ON,
    ),
    mutant("M-VER-006-b", "VER-006/03", "nothing asserted is VALID", "未提交待查属性即为有效", |b| {
        b.nothing_asserted_is_valid = ON
    }),
    mutant("M-VER-022-b", "VER-022/03", "an empty batch is taken", "接受空批量", |b| b.empty_batch_accepted = ON),
    mutant("M-VER-016-d", "VER-016/04", "superseded and revoked are mixed up", "已替代与已撤销混淆", |b| {
        b.superseded_and_revoked_mixed_up = ON
    }),
    mutant(
        "M-VER-041-a",
        "VER-041/01",
        "behind a slow item of a batch nothing is verified",
        "批量中缓慢项之后的各项不再核验",
        |b| b.slow_item_spoils_the_rest = ON,
    ),
];
