//! Cases that no mutant turns red, each with the reason why that is accepted. An entry whose case is
//! red somewhere makes the selftest fall short, so that the list stays true.

use ecric_model::Text;

/// Cases, reason in English, reason in Chinese.
const ACCEPTED: &[(&[&str], &str, &str)] = &[
    (
        &["PKI-002/07", "PKI-002/09", "PKI-002/10", "PKI-002/12", "PKI-002/14"],
        "the path of the verifier breaks off at the fault, so leaving its reason out leaves another reason of the same class",
        "验证路径在该处中断，略去其原因后仍有同类的其他原因",
    ),
    (
        &["FIL-018/04"],
        "the layout takes no cause of 201 characters, so a reference that accepts one cannot make the copy",
        "版式不容纳201个字符的事由，接受它的参考实现无法生成加注件",
    ),
    (
        &["ATH-009/05", "ATH-009/06", "COM-024/07"],
        "the HTTP library of the reference refuses it before the reference decides anything",
        "参考实现所用的HTTP库在其作出任何决策前即予拒绝",
    ),
    (
        &["PRE-016/03"],
        "such a body is above the limit of bodies, which is looked at first; PRE-016/02 has one below it",
        "该请求体超过先行检查的请求体上限；PRE-016/02 的请求体在上限之内",
    ),
    (&["FIL-021/01"], "the file lacks so much that further steps stop it, too", "该文件缺失过多，其后步骤同样会阻止"),
    (&["VER-032/07"], "the file lacks so much that further steps stop it, too", "该文件缺失过多，其后步骤同样会阻止"),
];

/// Every case of the list.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    ACCEPTED.iter().flat_map(|(cases, _, _)| cases.iter().copied())
}

/// Why the case is accepted, if it is.
pub(crate) fn reason(id: &str) -> Option<Text> {
    ACCEPTED.iter().find(|(cases, _, _)| cases.contains(&id)).map(|(_, en, zh)| Text::new(*en, *zh))
}
