//! Mutants of the area common.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-COM-001-a", "COM-001/01", "capabilities lack authProfiles", "能力声明缺少authProfiles", |b| {
        b.auth_profiles_missing = ON
    }),
    mutant("M-COM-002-a", "COM-002/01", "the audit is declared but not supported", "声明审计而未实现", |b| {
        b.audit_not_supported = ON
    }),
    mutant(
        "M-COM-030-a",
        "COM-030/01",
        "the capabilities name a feature that nobody declared",
        "能力声明包含未声明的特性",
        |b| b.undeclared_feature_told = ON,
    ),
    mutant("M-COM-030-b", "COM-030/02", "the catalogue answers undeclared", "未声明而提供目录", |b| {
        b.undeclared_catalogue = ON
    }),
    mutant("M-COM-003-a", "COM-003/01", "the server time is 20 s behind", "服务端时间慢20秒", |b| {
        b.server_time_behind = ON
    }),
    mutant("M-COM-004-a", "COM-004/01", "unknown members are refused", "拒绝未知成员", |b| {
        b.unknown_members_refused = ON
    }),
    mutant("M-COM-005-a", "COM-005/02", "critical is ignored", "忽略critical", |b| b.critical_ignored = ON),
    mutant("M-COM-006-a", "COM-006/02", "a missing type has a default", "缺少类型时取默认值", |b| {
        b.type_defaults = ON
    }),
    mutant("M-COM-006-b", "COM-006/05", "a missing action is SUSPEND", "缺少操作时按暂停处理", |b| {
        b.action_defaults = ON
    }),
    mutant("M-COM-006-c", "COM-006/08", "a search needs no use", "检索无须事由", |b| b.search_use_optional = ON),
    mutant("M-COM-007-a", "COM-007/03", "a text passes for a boolean", "文本被当作布尔值", |b| {
        b.text_bools_accepted = ON
    }),
    mutant("M-COM-007-b", "COM-007/06", "1.0 passes for an integer", "1.0被当作整数", |b| {
        b.fractions_accepted = ON
    }),
    mutant("M-COM-008-a", "COM-008/02", "of duplicate keys the last one wins", "重复键取最后一个", |b| {
        b.duplicate_keys_last_wins = ON
    }),
    mutant("M-COM-009-a", "COM-009/02", "invalid UTF-8 is replaced", "无效UTF-8被替换", |b| {
        b.invalid_utf8_replaced = ON
    }),
    mutant("M-COM-009-b", "COM-009/03", "a byte order mark is skipped", "跳过字节顺序标记", |b| {
        b.byte_order_mark_skipped = ON
    }),
    mutant("M-COM-010-a", "COM-010/02", "huge integers are rounded", "过大整数被舍入", |b| {
        b.huge_integers_rounded = ON
    }),
    mutant("M-COM-011-a", "COM-011/02", "nesting is unlimited", "嵌套深度不限", |b| b.depth_unlimited = ON),
    mutant("M-COM-012-a", "COM-012/02", "the body limit is not kept", "不执行请求体上限", |b| {
        b.body_limit_off = ON
    }),
    mutant("M-COM-013-a", "COM-013/02", "a wrong method is answered 404", "方法错误返回404", |b| {
        b.method_answers_404 = ON
    }),
    mutant("M-COM-013-b", "COM-013/03", "the media type is ignored", "忽略媒体类型", |b| {
        b.media_type_ignored = ON
    }),
    mutant("M-COM-014-a", "COM-014/01", "metadata may be cached", "元数据可被缓存", |b| {
        b.cacheable_metadata = ON
    }),
    mutant(
        "M-COM-015-a",
        "COM-015/01",
        "answers with a licence do not echo the request id",
        "含证照的应答不返回请求标识",
        |b| b.request_id_not_echoed = ON,
    ),
    mutant(
        "M-COM-015-b",
        "COM-015/02",
        "error bodies carry another request id",
        "错误体中的请求标识不同",
        |b| b.error_request_id_fresh = ON,
    ),
    mutant("M-COM-016-a", "COM-016/01", "error bodies lack a message", "错误体缺少message", |b| {
        b.error_without_message = ON
    }),
    mutant("M-COM-017-a", "COM-017/02", "a malformed identifier is answered 404", "标识格式错误返回404", |b| {
        b.malformed_path_is_404 = ON
    }),
    mutant("M-COM-019-a", "COM-019/02", "+0800 is taken", "接受+0800", |b| b.compact_offset_accepted = ON),
    mutant("M-COM-019-b", "COM-019/04", "hour 24 is taken", "接受24时", |b| b.hour_24_accepted = ON),
    mutant(
        "M-COM-020-a",
        "COM-020/01",
        "the date header of the capabilities is no date",
        "能力声明的日期头不是日期",
        |b| b.date_header_wrong = ON,
    ),
    mutant(
        "M-COM-021-a",
        "COM-021/01",
        "the request window follows real time",
        "请求时间窗按真实时间",
        |b| b.window_by_real_time = ON,
    ),
    mutant("M-IFC-019-a", "IFC-019/01", "refusals show SQL and paths", "拒绝信息泄露SQL与路径", |b| {
        b.errors_show_internals = ON
    }),
    mutant("M-IFC-019-b", "IFC-019/02", "refusals repeat the name", "拒绝信息重复姓名", |b| {
        b.errors_repeat_the_name = ON
    }),
    mutant("M-COM-006-d", "COM-006/06", "a transition needs no version", "状态变更可不带版本", |b| {
        b.version_optional = ON
    }),
    mutant("M-COM-006-e", "COM-006/10", "a verification needs no assertions", "查验可不带待查属性", |b| {
        b.assert_optional = ON
    }),
    mutant("M-COM-007-c", "COM-007/05", "a version as text is taken", "接受文本形式的版本", |b| {
        b.text_integers_accepted = ON
    }),
    mutant("M-COM-009-c", "COM-009/04", "a lone surrogate is replaced", "孤立代理项被替换", |b| {
        b.lone_surrogates_replaced = ON
    }),
    mutant("M-COM-009-d", "COM-009/05", "text after the object is ignored", "忽略对象之后的文本", |b| {
        b.trailing_text_ignored = ON
    }),
    mutant(
        "M-COM-010-b",
        "COM-010/03",
        "a number without end is read as zero",
        "超出范围的数被读作零",
        |b| b.endless_numbers_are_zero = ON,
    ),
    mutant("M-COM-013-c", "COM-013/04", "an unknown path is 400", "未知路径返回400", |b| {
        b.unknown_path_is_400 = ON
    }),
    mutant("M-COM-014-b", "COM-014/02", "the answer of an issue may be cached", "签发应答可被缓存", |b| {
        b.cacheable_issue = ON
    }),
    mutant(
        "M-COM-031-a",
        "COM-031/01",
        "test mode is told where there is none",
        "非测试模式下仍声明测试模式",
        |b| b.test_mode_told_everywhere = ON,
    ),
    mutant(
        "M-COM-031-b",
        "COM-031/03",
        "the test controls answer at every address",
        "所有地址均提供测试控制接口",
        |b| b.controls_on_every_node = ON,
    ),
];
