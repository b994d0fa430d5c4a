//! Mutants of the area issuing.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-ISS-001-a", "ISS-001/02", "a second live licence is issued", "可签发第二份有效证照", |b| {
        b.second_live_accepted = ON
    }),
    mutant("M-ISS-002-a", "ISS-002/02", "every licence is activated", "所有证照均被激活", |b| {
        b.activate_ignored = ON
    }),
    mutant("M-ISS-003-a", "ISS-003/02", "reference and holder pass together", "引用与持证人可并存", |b| {
        b.persona_and_holder_accepted = ON
    }),
    mutant("M-ISS-005-a", "ISS-005/02", "the replaced licence is not checked", "不检查被替代证照", |b| {
        b.previous_unchecked = ON
    }),
    mutant("M-ISS-006-a", "ISS-006/02", "the operator is not checked", "不检查操作机构", |b| {
        b.operator_not_checked = ON
    }),
    mutant("M-ISS-007-a", "ISS-007/02", "direction controls are taken", "接受方向控制字符", |b| {
        b.bidi_controls_accepted = ON
    }),
    mutant("M-ISS-007-b", "ISS-007/03", "zero-width characters are taken", "接受零宽字符", |b| {
        b.zero_width_accepted = ON
    }),
    mutant("M-IDM-001-a", "IDM-001/01", "a repeated request is executed again", "重复请求再次执行", |b| {
        b.replay_executes_again = ON
    }),
    mutant(
        "M-IDM-002-a",
        "IDM-002/02",
        "another body gets the first answer",
        "不同请求体得到首次应答",
        |b| b.key_mismatch_replays = ON,
    ),
    mutant("M-IDM-003-a", "IDM-003/02", "the key is optional", "幂等键可缺省", |b| b.key_optional = ON),
    mutant(
        "M-IDM-004-a",
        "IDM-004/01",
        "a key is remembered only after the work",
        "处理完成后才记录幂等键",
        |b| b.key_remembered_late = ON,
    ),
    mutant("M-IDM-005-a", "IDM-005/02", "the path does not belong to the key", "幂等键不含路径", |b| {
        b.key_without_path = ON
    }),
    mutant("M-IDM-006-a", "IDM-006/01", "refusals are not remembered", "不记录拒绝", |b| {
        b.refusals_forgotten = ON
    }),
    mutant("M-IFC-011-a", "IFC-011/02", "the search finds licences of others", "检索返回他人证照", |b| {
        b.search_ignores_holder = ON
    }),
    mutant("M-IFC-022-a", "IFC-022/01", "nothing found is an error", "无结果视为错误", |b| {
        b.search_empty_is_404 = ON
    }),
    mutant("M-IFC-023-a", "IFC-023/01", "pages overlap", "分页重叠", |b| b.pages_repeat_last = ON),
    mutant("M-IFC-024-a", "IFC-024/02", "page size 0 is taken", "接受每页0项", |b| b.page_zero_is_default = ON),
    mutant("M-IFC-024-b", "IFC-024/03", "a large page is clamped", "过大的页被截断", |b| b.page_clamped = ON),
    mutant("M-IFC-025-a", "IFC-025/02", "the status filter is ignored", "忽略状态过滤", |b| {
        b.status_filter_ignored = ON
    }),
    mutant("M-IFC-011-b", "IFC-011/03", "every item is called VALID", "所有条目均称VALID", |b| {
        b.search_status_always_valid = ON
    }),
    mutant("M-IFC-026-a", "IFC-026/01", "items carry the name", "条目含姓名", |b| b.items_carry_name = ON),
    mutant("M-AUD-004-a", "AUD-004/02", "metadata reads are not audited", "元数据读取未被审计", |b| {
        b.metadata_not_audited = ON
    }),
    mutant("M-AUD-004-b", "AUD-004/01", "issues are not audited", "签发未被审计", |b| b.issue_not_audited = ON),
    mutant("M-AUD-005-a", "AUD-005/01", "the newest entry comes first", "最新条目在前", |b| {
        b.audit_newest_first = ON
    }),
    mutant("M-AUD-006-a", "AUD-006/01", "the audit holds values", "审计含属性值", |b| b.audit_values = ON),
    mutant(
        "M-IFC-011-c",
        "IFC-011/01",
        "a search without a filter finds nothing",
        "无筛选条件的检索无结果",
        |b| b.search_without_filter_empty = ON,
    ),
    mutant(
        "M-IFC-025-b",
        "IFC-025/01",
        "the status filter leaves out what it names",
        "状态筛选反而排除所指状态",
        |b| b.status_filter_inverted = ON,
    ),
    mutant("M-AUD-004-c", "AUD-004/02", "the audit leaves out the use", "审计不含用证事由", |b| {
        b.audit_without_use = ON
    }),
    mutant(
        "M-ISS-001-b",
        "ISS-001/02",
        "a second licence is refused and kept all the same",
        "拒绝第二份证照却仍予保存",
        |b| b.second_refused_but_kept = ON,
    ),
    mutant(
        "M-IDM-004-b",
        "IDM-004/01",
        "a repeated answer names another licence",
        "重复应答所指证照不同",
        |b| b.replay_names_another = ON,
    ),
];
