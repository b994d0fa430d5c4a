//! Mutants of the area robustness.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant(
        "M-COM-023-a",
        "COM-023/03",
        "a length beside chunks is ignored and the connection goes on",
        "分块与长度并存时忽略长度且连接继续",
        |b| b.length_beside_chunks_ignored = ON,
    ),
    mutant("M-COM-024-a", "COM-024/02", "headers have no limit", "标头大小不限", |b| {
        b.large_headers_accepted = ON
    }),
    mutant(
        "M-COM-024-b",
        "COM-024/03",
        "of doubled credentials the first counts",
        "重复的凭据取第一个",
        |b| b.doubled_headers_first_wins = ON,
    ),
    mutant(
        "M-COM-025-a",
        "COM-025/01",
        "one slow body holds all requests up",
        "一个缓慢的请求体阻塞所有请求",
        |b| b.slow_bodies_block = ON,
    ),
    mutant(
        "M-COM-026-a",
        "COM-026/02",
        "a compressed body is a server error",
        "压缩请求体引起服务端错误",
        |b| b.compressed_bodies_fail = ON,
    ),
    mutant(
        "M-COM-006-f",
        "COM-006/15",
        "a missing delivery is taken as INLINE",
        "缺少交付方式时按INLINE处理",
        |b| b.delivery_defaults = ON,
    ),
    mutant("M-COM-006-g", "COM-006/17", "a re-issue needs no reason", "换发可不带原因", |b| {
        b.reissue_reason_optional = ON
    }),
    mutant("M-COM-006-h", "COM-006/19", "an audit search needs no window", "审计检索可不带时段", |b| {
        b.audit_window_optional = ON
    }),
    mutant("M-COM-006-i", "COM-006/20", "a file needs no media type", "文件可不带媒体类型", |b| {
        b.mime_optional = ON
    }),
    mutant("M-COM-007-d", "COM-007/07", "a number passes for a text", "数字被当作文本", |b| {
        b.numbers_read_as_texts = ON
    }),
    mutant("M-COM-027-a", "COM-027/01", "a template in the address is evaluated", "住址中的模板被求值", |b| {
        b.templates_evaluated = ON
    }),
    mutant("M-COM-027-b", "COM-027/02", "the cause is kept with entities of HTML", "事由以HTML实体保存", |b| {
        b.causes_escaped = ON
    }),
    mutant(
        "M-SEC-004-a",
        "SEC-004/02",
        "texts that are long or hold control characters are a server error",
        "过长或含控制字符的文本引起服务端错误",
        |b| b.odd_texts_fail = ON,
    ),
    mutant(
        "M-SEC-004-b",
        "SEC-004/11",
        "a file with a malformed certificate, seal or XML part is a server error",
        "证书、印章或XML部分格式错误的文件引起服务端错误",
        |b| b.malformed_parts_fail = ON,
    ),
    mutant(
        "M-COM-006-j",
        "COM-006/22",
        "a batch needs none of its members",
        "批量请求可不带必备成员",
        |b| b.batch_members_optional = ON,
    ),
    mutant("M-COM-023-b", "COM-023/06", "ambiguous framings are mended", "修补有歧义的消息长度", |b| {
        b.framing_mended = ON
    }),
    mutant("M-COM-024-c", "COM-024/06", "malformed headers are mended", "修补格式错误的标头", |b| {
        b.headers_mended = ON
    }),
    mutant(
        "M-COM-024-d",
        "COM-024/07",
        "headers have no limit in size and number",
        "标头大小与数量不限",
        |b| {
            b.header_count_off = ON;
            b.large_headers_accepted = ON;
        },
    ),
    mutant("M-COM-023-c", "COM-023/02", "chunked bodies are refused", "拒绝分块的请求体", |b| {
        b.chunks_refused = ON
    }),
    mutant(
        "M-SEC-004-c",
        "SEC-004/11",
        "a file with a malformed XML part is VALID",
        "XML部分格式错误的文件判为VALID",
        |b| b.malformed_xml_accepted = ON,
    ),
];
