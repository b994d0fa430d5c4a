//! Mutants of the area lifecycle.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-LIF-001-a", "LIF-001/01", "a valid licence reads ACTIVE", "有效证照读作ACTIVE", |b| {
        b.status_word_active = ON
    }),
    mutant("M-LIF-002-a", "LIF-002/01", "a revocation shows after three seconds", "注销三秒后才可见", |b| {
        b.revocation_shows_late = ON
    }),
    mutant(
        "M-LIF-002-b",
        "LIF-002/02",
        "the verifier sees a revocation after three seconds",
        "查验端三秒后才知注销",
        |b| b.verifier_sees_revocation_late = ON,
    ),
    mutant("M-LIF-003-a", "LIF-003/01", "the replaced licence stays valid", "被替代证照仍有效", |b| {
        b.old_stays_valid_at_reissue = ON
    }),
    mutant("M-LIF-004-a", "LIF-004/02", "a revoked licence is restored", "已注销证照可恢复", |b| {
        b.restore_of_revoked = ON
    }),
    mutant("M-LIF-005-a", "LIF-005/01", "RESTORE changes nothing", "恢复操作无效果", |b| {
        b.restore_does_nothing = ON
    }),
    mutant("M-LIF-005-b", "LIF-005/02", "SUSPEND toggles", "暂停操作来回切换", |b| b.suspend_toggles = ON),
    mutant("M-LIF-006-a", "LIF-006/01", "a lost card changes nothing", "挂失无效果", |b| {
        b.card_lost_does_nothing = ON
    }),
    mutant("M-LIF-007-a", "LIF-007/02", "the verifier ignores the first day", "查验端忽略起始日期", |b| {
        b.effective_date_ignored_by_verifier = ON
    }),
    mutant("M-LIF-008-a", "LIF-008/02", "licences expire a day late", "证照晚一天失效", |b| {
        b.expires_a_day_late = ON
    }),
    mutant("M-LIF-008-b", "LIF-008/01", "the last day ends eight hours early", "截止日提前八小时结束", |b| {
        b.expires_in_utc = ON
    }),
    mutant("M-LIF-009-a", "LIF-009/01", "changes are recorded without operator", "变更未记录操作者", |b| {
        b.audit_without_operator = ON
    }),
    mutant("M-LIF-010-a", "LIF-010/01", "a destroyed licence still answers", "已销毁证照仍可读取", |b| {
        b.destroyed_answers = ON
    }),
    mutant("M-LIF-011-a", "LIF-011/04", "a licence that is not active is revoked", "未激活证照可注销", |b| {
        b.revoke_of_not_active = ON
    }),
    mutant("M-LIF-011-b", "LIF-011/13", "an expired licence is restored", "已过期证照可恢复", |b| {
        b.restore_of_expired = ON
    }),
    mutant("M-LIF-012-a", "LIF-012/05", "a suspended licence is not revoked", "暂停的证照不可注销", |b| {
        b.no_revoke_of_suspended = ON
    }),
    mutant("M-LIF-013-a", "LIF-013/01", "a change raises the version by two", "变更使版本号加2", |b| {
        b.version_steps_two = ON
    }),
    mutant("M-LIF-014-a", "LIF-014/02", "the expected version is ignored", "忽略预期版本", |b| {
        b.version_ignored = ON
    }),
    mutant(
        "M-LIF-014-b",
        "LIF-014/03",
        "the expected version is checked outside the transaction",
        "在事务外检查预期版本",
        |b| b.version_checked_early = ON,
    ),
    mutant("M-LIF-015-a", "LIF-015/01", "expiry outranks revocation", "过期优先于注销", |b| {
        b.expiry_outranks_revocation = ON
    }),
    mutant(
        "M-LIF-016-a",
        "LIF-016/02",
        "a suspended licence is restored after its last day",
        "截止后仍可恢复暂停的证照",
        |b| b.restore_after_last_day = ON,
    ),
    mutant("M-LIF-017-a", "LIF-017/02", "a suspended licence is re-issued", "暂停的证照可换发", |b| {
        b.reissue_of_suspended = ON
    }),
    mutant("M-LIF-017-b", "LIF-017/03", "a licence that is not active is re-issued", "未激活证照可换发", |b| {
        b.reissue_of_not_active = ON
    }),
    mutant("M-LIF-018-a", "LIF-018/01", "the status carries the name", "状态应答含姓名", |b| {
        b.status_carries_name = ON
    }),
    mutant("M-LIF-019-a", "LIF-019/02", "the entity tag never changes", "实体标签不变", |b| b.etag_constant = ON),
    mutant(
        "M-LIF-019-b",
        "LIF-019/01",
        "an unchanged status is sent again",
        "未变更的状态仍重复发送",
        |b| b.etag_never = ON,
    ),
    mutant("M-LIF-020-a", "LIF-020/01", "a future change takes effect at once", "未来变更立即生效", |b| {
        b.scheduled_at_once = ON
    }),
    mutant("M-LIF-020-b", "LIF-020/02", "a future change is forgotten", "未来变更被遗忘", |b| {
        b.scheduled_changes_forgotten = ON
    }),
    mutant("M-LIF-021-a", "LIF-021/01", "changes are ignored at re-issue", "换发时忽略变更", |b| {
        b.changes_ignored = ON
    }),
    mutant("M-LIF-021-b", "LIF-021/02", "the number changes with changed data", "数据变更时可改号码", |b| {
        b.number_change_accepted = ON
    }),
    mutant("M-LIF-022-a", "LIF-022/01", "two re-issues at once both succeed", "两个并发换发均成功", |b| {
        b.reissue_races = ON
    }),
    mutant(
        "M-LIF-001-b",
        "LIF-001/02",
        "states but VALID are written in lower case",
        "VALID之外的状态以小写书写",
        |b| b.states_in_lower_case = ON,
    ),
    mutant(
        "M-LIF-010-b",
        "LIF-010/02",
        "the status of a destroyed licence is 404",
        "已销毁证照的状态返回404",
        |b| b.destroyed_status_is_404 = ON,
    ),
    mutant(
        "M-LIF-011-c",
        "LIF-011/02",
        "every action is taken in every state",
        "任何状态均接受任何操作",
        |b| b.any_action_accepted = ON,
    ),
    mutant(
        "M-LIF-012-b",
        "LIF-012/06",
        "EXPIRED and SUPERSEDED cannot be destroyed",
        "过期与已替代的证照不能销毁",
        |b| b.final_states_not_destroyed = ON,
    ),
    mutant("M-LIF-012-c", "LIF-012/02", "a suspension does nothing", "暂停不起作用", |b| {
        b.suspend_does_nothing = ON
    }),
    mutant(
        "M-LIF-015-b",
        "LIF-015/02",
        "a suspended licence stays so after its last day",
        "暂停的证照到期后仍为暂停",
        |b| b.suspended_outlives_last_day = ON,
    ),
];
