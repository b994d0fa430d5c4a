//! Reasons of mapping errors in Chinese. A reason is made in English where it arises, often deep inside a
//! template; here it is put into Chinese by its form. Words of libraries stay as they are, behind our own.

/// English form and Chinese form; `{}` is a part that goes over.
const FORMS: &[(&str, &str)] = &[
    // Tables and codes.
    (
        "{} is no error code of binding v1, no LICENCE_… reason and not OK",
        "{} 不是绑定v1的错误代码、LICENCE_… 原因或 OK",
    ),
    ("the status {} is in no table", "状态 {} 不在任何对照表中"),
    ("the result {} is in no table", "结果 {} 不在任何对照表中"),
    ("the reason {} is in no table", "原因 {} 不在任何对照表中"),
    ("the code {} is in no table of errors", "代码 {} 不在任何 errors 对照表中"),
    ("the code {} of a failed job is in no table of errors", "失败任务的代码 {} 不在任何 errors 对照表中"),
    ("a reason stands for one to six classes, found {}", "一个原因对应一至六类，实有 {} 类"),
    ("{} is no reason of binding v1", "{} 不是绑定v1的原因"),
    ("no table is called {}", "没有名为 {} 的对照表"),
    ("the table {} has no entry for this value", "对照表 {} 中没有该值"),
    // Codecs.
    ("no codec is called {} with that value; there are {}", "没有取该值的编码器 {}；可用 {}"),
    ("no codec is called {}; there are {}", "没有名为 {} 的编码器；可用 {}"),
    ("a codec is one of {}", "编码器应为 {} 之一"),
    ("kv_list wants {}", "kv_list 应为 {}"),
    ("not a time in the form of the codec", "不是该编码器形式的时间"),
    ("{} wants a text", "{} 需要文本"),
    ("not a number of seconds or milliseconds", "不是秒数或毫秒数"),
    ("a time out of range", "时间超出范围"),
    ("not an integer", "不是整数"),
    ("a word that the enum does not list", "enum 未列出该词"),
    ("an entry without {}", "条目缺少 {}"),
    ("map_names wants an object or a list of names", "map_names 需要对象或名称列表"),
    // Cryptography.
    ("form {}: wanted raw or der", "form {}：应为 raw 或 der"),
    ("order {}: wanted c1c3c2 or c1c2c3", "order {}：应为 c1c3c2 或 c1c2c3"),
    ("iv: wanted 16 bytes in hex", "iv：应为16字节十六进制"),
    ("an SM4 key has 16 bytes, in hex", "SM4 密钥为16字节十六进制"),
    ("an SM2 private key is 32 bytes in hex", "SM2 私钥为32字节十六进制"),
    ("an AES key has 16, 24 or 32 bytes, found {}", "AES 密钥为16、24或32字节，实有 {}"),
    ("the ciphertext is no AES ciphertext under this key", "不是该密钥下的 AES 密文"),
    ("wrong padding", "填充错误"),
    ("padding is broken", "填充错误"),
    ("C3 does not fit", "C3 不符"),
    ("C1 is not on the curve", "C1 不在曲线上"),
    ("C1 starts with {}, wanted {}", "C1 以 {} 开头，应为 {}"),
    ("{} bytes, wanted at least {}", "{} 字节，至少应为 {}"),
    ("{} bytes, wanted a multiple of {}", "{} 字节，应为 {} 的倍数"),
    ("private key is outside {}", "私钥不在 {} 范围内"),
    ("the product was not done within {} ms", "产品未在 {} 毫秒内完成"),
    ("timeout_ms is {}, wanted 1 to 600000", "timeout_ms 为 {}，应在 1 至 600000 之间"),
    // Decoding.
    ("the answer is not in the charset of the file", "应答不符合文件所给字符集"),
    ("the answer is not JSON: {}", "应答不是 JSON：{}"),
    ("the answer is not XML: {}", "应答不是 XML：{}"),
    ("the answer nests deeper than {} elements", "应答嵌套超过 {} 层"),
    ("wanted a text", "应为文本"),
    ("not UTF-8", "不是 UTF-8"),
    ("not GB18030", "不是 GB18030"),
    ("not hex", "不是十六进制"),
    ("not base64", "不是 base64"),
    ("not base64url", "不是 base64url"),
    ("not JSON: {}", "不是 JSON：{}"),
    ("the step needs a key", "该步骤需要密钥"),
    ("the signature of the answer is wrong", "应答的签名错误"),
    ("nothing stands there", "该处没有内容"),
    // Plans.
    ("wanted exactly one of {}", "应恰有 {} 之一"),
    ("auth.{} is no caller of type hmac-sm3", "auth.{} 不是 hmac-sm3 类型的调用方"),
    ("a variant has no variants", "variant 之内不能再有 variants"),
    ("only the last variant may lack when", "仅最后一个 variant 可缺少 when"),
    ("a poll needs until", "poll 需要 until"),
    ("no caller is called {}", "没有名为 {} 的调用方"),
    ("a call needs a path", "调用需要 path"),
    ("a path starts with /", "path 应以 / 开头"),
    ("not a JSONPath: {}", "不是 JSONPath：{}"),
    ("unknown member; an extraction has {}", "未知成员；提取可含 {}"),
    ("an extraction has either from or each", "提取应有 from 或 each 之一"),
    ("an extraction is a JSONPath or a template", "提取应为 JSONPath 或模板"),
    ("each wants {}", "each 应为 {}"),
    ("{} is true or false", "{} 应为 true 或 false"),
    (
        "this request needs the wire of binding v1, which a mapping cannot send",
        "该请求需要绑定v1自身的接口形式，映射无法发送",
    ),
    ("field wants a JSON body", "field 需要 JSON 请求体"),
    ("request is missing", "缺少 request"),
    // Templates and filters.
    ("no filter is called {}", "没有名为 {} 的过滤器"),
    ("no secret is called {}", "没有名为 {} 的 secret"),
    ("a character that GB18030 does not have", "含 GB18030 没有的字符"),
    ("a character that the charset of the file does not have", "含文件所给字符集没有的字符"),
    ("compact wants an object", "compact 需要对象"),
    ("date wants an instant or a date", "date 需要时刻或日期"),
    ("date knows no {}", "date 不支持 {}"),
    ("an absent value has no text", "缺失的值没有文本"),
    ("an absent value cannot be written", "缺失的值无法写出"),
    ("bytes need hex, b64 or b64url before they are text", "字节须先经 hex、b64 或 b64url 才成为文本"),
    ("an object or list needs json before it is text", "对象或列表须先经 json 才成为文本"),
    // Words of the template language.
    ("undefined value", "未定义的值"),
    ("invalid operation", "无效操作"),
    ("syntax error", "语法错误"),
    ("unknown filter", "未知过滤器"),
    ("unknown function", "未知函数"),
    ("unknown test", "未知测试"),
    ("unknown method", "未知方法"),
    ("missing argument", "缺少参数"),
    ("too many arguments", "参数过多"),
    ("engine ran out of fuel", "模板运算量超限"),
    ("bad string escape", "字符串转义错误"),
    ("not a primitive", "不是基本类型"),
    ("value is not iterable", "该值不可遍历"),
    ("unexpected keyword arguments", "多余的命名参数"),
    ("unexpected end of input, expected {}", "内容意外结束，应为 {}"),
    ("unexpected {}, expected {}", "意外的 {}，应为 {}"),
    ("wanted {} or {}", "应为 {} 或 {}"),
];

/// The reason in Chinese; what has no known form stays.
pub(crate) fn chinese(reason: &str) -> String {
    for (form, zh) in FORMS {
        if let Some(parts) = parts_of(form, reason) {
            let mut out = String::new();
            let mut parts = parts.into_iter();
            for (index, piece) in zh.split("{}").enumerate() {
                if index > 0 {
                    out.push_str(&chinese(parts.next().unwrap_or_default()));
                }
                out.push_str(piece);
            }
            return out;
        }
    }
    // `place: reason` and chains of causes.
    match reason.split_once(": ") {
        Some((first, rest)) => {
            let (left, right) = (chinese(first), chinese(rest));
            let between = if left == first && right == rest { ": " } else { "：" };
            format!("{left}{between}{right}")
        }
        None => reason.to_owned(),
    }
}

/// The parts of a reason that stand where a form has `{}`.
fn parts_of<'a>(form: &str, reason: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = form.split("{}");
    let mut rest = reason.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let at = match (pieces.peek(), piece) {
            (None, "") => rest.len(),
            (None, last) => rest.strip_suffix(last)?.len(),
            (Some(_), inner) => rest.find(inner)?,
        };
        parts.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_chinese(text: &str) -> bool {
        text.chars().any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character))
    }

    #[test]
    fn forms_are_read() {
        for (reason, wanted) in [
            ("no secret is called \"k\"", "没有名为 \"k\" 的 secret"),
            ("undefined value", "未定义的值"),
            ("name: not an integer", "name：不是整数"),
            ("invalid operation: no table is called \"t\"", "无效操作：没有名为 \"t\" 的对照表"),
            ("not JSON: expected value at line 1", "不是 JSON：expected value at line 1"),
            ("wanted Y or N", "应为 Y 或 N"),
            ("something of a library: quite new", "something of a library: quite new"),
        ] {
            assert_eq!(chinese(reason), wanted);
        }
    }

    /// The texts of a line that follow one of the marks of a reason.
    fn reasons_in(line: &str) -> Vec<String> {
        let marks = [
            "Err(\"",
            "Err(format!(\"",
            "wrong(\"",
            "wrong(format!(\"",
            "ok_or(\"",
            "ok_or_else(|| \"",
            "ok_or_else(|| format!(\"",
            "map_err(|_| \"",
            "reason: \"",
            "let reason = \"",
            "let reason = format!(\"",
            "refuse(\"",
            "gap(\"",
            "gap(format!(\"",
            "fault(\"",
            "Some(format!(\"",
            "ErrorKind::InvalidOperation, \"",
            "ErrorKind::UndefinedError, \"",
            "then(|| format!(\"",
            "map(|word| format!(\"",
            "let wanted = \"",
            "map_err(|error| format!(\"",
        ];
        let mut out: Vec<String> = marks.iter().flat_map(|mark| line.split(mark).skip(1).map(until_quote)).collect();
        if line.contains("self.wrong(")
            && let Some(last) = line.rsplit_once("\".to_owned()").map(|(before, _)| before)
        {
            out.extend(last.rsplit('"').next().map(str::to_owned));
        }
        out
    }

    fn until_quote(text: &str) -> String {
        text.split('"').next().unwrap_or_default().to_owned()
    }

    #[test]
    fn every_reason_of_the_mapping_has_its_chinese() {
        let sources = [
            include_str!("answer.rs"),
            include_str!("codec.rs"),
            include_str!("crypto.rs"),
            include_str!("decode.rs"),
            include_str!("dialect.rs"),
            include_str!("extract.rs"),
            include_str!("filters.rs"),
            include_str!("perform.rs"),
            include_str!("templates.rs"),
        ];
        let mut missing = Vec::new();
        let mut seen = 0;
        for source in sources {
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for reason in code.lines().flat_map(reasons_in) {
                // Names of members and placeholders alone are no reasons.
                let sample = placeholders(&reason);
                if !sample.contains(' ') {
                    continue;
                }
                seen += 1;
                if !has_chinese(&chinese(&sample)) {
                    missing.push(reason);
                }
            }
        }
        assert!(seen > 50, "{seen}");
        assert!(missing.is_empty(), "{missing:#?}");
    }

    /// The text with every placeholder replaced by a word.
    fn placeholders(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            out.push('x');
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        out + rest
    }
}
