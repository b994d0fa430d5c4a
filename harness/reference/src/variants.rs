//! Variants: references that are as right as the honest one and write their answers in another way.
//! Everything that one of them turns red is a false alarm of the suite.

use ecric_model::mutant::VariantInfo;

use crate::behaviour::Behaviour;
use crate::manners::Manners;

/// One variant.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// What it is.
    pub info: VariantInfo,
    apply: fn(&mut Manners),
}

const fn variant(name: &'static str, en: &'static str, zh: &'static str, apply: fn(&mut Manners)) -> Variant {
    Variant { info: VariantInfo { name, en, zh, http2: false }, apply }
}

const fn over_http2(mut variant: Variant) -> Variant {
    variant.info.http2 = true;
    variant
}

const ALL: &[Variant] = &[
    variant("members-reversed", "members of every object in reverse order", "各对象成员逆序", |m| {
        m.members_reversed = true;
    }),
    variant("extra-members", "unknown members, in nested objects too", "含未知成员，嵌套对象亦然", |m| {
        m.extra_members = true;
    }),
    variant(
        "escaped",
        "text and names as \\u escapes, \\/ for /",
        "文本与成员名用\\u转义，/写作\\/",
        |m| {
            m.escapes = true;
        },
    ),
    variant("white-space", "white space wherever JSON permits it", "在JSON允许之处加空白", |m| {
        m.white_space = true;
    }),
    variant("slow", "every answer waits 15 ms", "每个应答延迟15毫秒", |m| m.delay_ms = 15),
    variant("chinese", "error messages in Chinese", "错误信息使用中文", |m| m.chinese_messages = true),
    variant("chunked", "bodies in chunks, without a length", "应答体分块传输，不给长度", |m| {
        m.chunked = true
    }),
    variant(
        "headers",
        "other headers, media type with a parameter",
        "附加其他标头，媒体类型带参数",
        |m| {
            m.odd_headers = true;
        },
    ),
    variant("offset", "instants with another offset", "时刻使用其他时区偏移", |m| m.other_offset = true),
    variant(
        "choices",
        "the other choice where the binding leaves one: reason classes, optional members left out, SUSPEND twice is \
         200, what holds no ZIP is 400",
        "在接口留有余地处取另一种：原因用大类，省略可选成员，重复暂停返回200，不含ZIP的内容返回400",
        |m| {
            m.reason_classes = true;
            m.sparse = true;
            m.other_choices = true;
        },
    ),
    variant(
        "low-limits",
        "lower limits for batches and links, declared",
        "批量与链接的限额更低，并已声明",
        |m| {
            m.low_limits = true;
        },
    ),
    over_http2(variant("http2", "HTTP/2 without TLS, prior knowledge", "明文HTTP/2（预先约定）", |_| {})),
    over_http2(variant(
        "all-at-once",
        "all of these at once, over HTTP/2",
        "以上各项同时出现，使用HTTP/2",
        |m| {
            for one in ALL.iter().filter(|one| one.info.name != "all-at-once") {
                (one.apply)(m);
            }
        },
    )),
];

/// Every variant.
#[must_use]
pub const fn variants() -> &'static [Variant] {
    ALL
}

/// The honest behaviour in the manners of a variant.
#[must_use]
pub fn behaviour_of_variant(name: &str) -> Option<Behaviour> {
    let found = variants().iter().find(|variant| variant.info.name == name)?;
    let mut behaviour = Behaviour::default();
    (found.apply)(&mut behaviour.manners);
    Some(behaviour)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn variants_have_names_of_their_own_and_differ_from_the_honest_server() {
        let mut seen = BTreeSet::new();
        for variant in variants() {
            let info = variant.info;
            assert!(seen.insert(info.name) && !info.en.is_empty() && !info.zh.is_empty(), "{}", info.name);
            let behaviour = behaviour_of_variant(info.name).unwrap();
            assert!(info.http2 || behaviour != Behaviour::default(), "{}", info.name);
            // Nothing but the manners differs.
            assert_eq!(Behaviour { manners: Manners::default(), ..behaviour }, Behaviour::default(), "{}", info.name);
        }
        assert!(behaviour_of_variant("nobody").is_none() && seen.len() >= 6);
    }
}
