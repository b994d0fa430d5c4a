//! What the words of a record mean, in both languages, for readers who have never seen the suite.
//! Explains; never judges.

use ecric_model::Text;
use ecric_model::exchange::TransportOutcome;
use ecric_model::finding::FindingClass;
use ecric_model::requirement::{BasisKind, Confidence, Level, Profile, Role};
use ecric_model::verdict::Verdict;

/// Who has to meet a requirement.
pub fn role(role: Role) -> Text {
    match role {
        Role::Issuer => Text::new("issuer", "签发方"),
        Role::Loader => Text::new("loading end", "装载端"),
        Role::Verifier => Text::new("verifier", "查验方"),
        Role::RelyingParty => Text::new("relying party", "用证方"),
        Role::SharingService => Text::new("sharing service", "共享服务"),
        Role::Pki => Text::new("PKI", "证书与签章体系"),
        Role::All => Text::new("every role", "所有角色"),
        Role::Data => Text::new("suite data", "套件数据"),
    }
}

/// How binding a requirement is.
pub fn level(level: Level) -> Text {
    match level {
        Level::Shall => Text::new("shall", "应"),
        Level::Should => Text::new("should", "宜"),
        Level::May => Text::new("may", "可"),
    }
}

/// How sure we are.
pub fn confidence(confidence: Confidence) -> Text {
    match confidence {
        Confidence::Sure => Text::new("sure", "确定"),
        Confidence::Likely => Text::new("likely", "较可信"),
        Confidence::Guess => Text::new("guess", "推测"),
    }
}

/// What the confidence means.
pub fn confidence_meaning(confidence: Confidence) -> Text {
    match confidence {
        Confidence::Sure => Text::new(
            "proven by computing, seen in the named source, or a definition of ours",
            "经计算证实、见于所列来源，或为本项目自定义",
        ),
        Confidence::Likely => Text::new("one good reason speaks for it", "有一项充分依据"),
        Confidence::Guess => Text::new("an inference; it can only warn", "属推断，最多给出警告"),
    }
}

/// How a source was used.
pub fn basis_kind(kind: BasisKind) -> Text {
    match kind {
        BasisKind::Text => Text::new("clause read in the published standard", "已查阅公开标准条款"),
        BasisKind::Observed => Text::new("observed in public systems", "见于公开系统"),
        BasisKind::Law => Text::new("law or policy", "法律法规或政策"),
        BasisKind::Derived => Text::new("derived: our reading or rule", "推导：本项目的理解或规则"),
    }
}

/// Name of a rule book.
pub fn profile(profile: Profile) -> Text {
    match profile {
        Profile::Core => Text::new("core: the licence itself", "core：证照本身"),
        Profile::Binding => Text::new("binding: our test interface", "binding：本项目测试接口"),
        Profile::Loader => Text::new("loader: the loading end", "loader：装载端"),
        Profile::GovShare => Text::new("gov-share: sharing platforms", "gov-share：共享平台"),
    }
}

/// Whose rules a rule book holds.
pub fn profile_meaning(profile: Profile) -> Text {
    match profile {
        Profile::Core => Text::new(
            "Rules of the licence whatever the interface: identifier, data, file, status, verification. Drawn from standards, law and public systems; each rule names its basis.",
            "与接口无关的证照规则：标识、数据、文件、状态、查验。来自标准、法律与公开系统，每条均注明依据。",
        ),
        Profile::Binding => Text::new(
            "Rules of the interface “binding v1”, which is defined by this project and not by the national standard. A failure here says that the product does not follow our interface.",
            "“binding v1”接口的规则，由本项目定义，并非国家标准。此处不符合仅表示产品未遵循本项目接口。",
        ),
        Profile::Loader => Text::new(
            "Rules for the app or wallet, and its server, that holds the licence.",
            "装载证照的应用及其服务端的规则。",
        ),
        Profile::GovShare => {
            Text::new("Habits observed on provincial sharing platforms.", "在省级共享平台上观察到的通行做法。")
        }
    }
}

/// What a verdict says, in one or two sentences.
pub fn verdict_meaning(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Fail => Text::new(
            "The product answered, and the answer is not what is required. Something has to be changed in the product.",
            "产品有应答，但与要求不一致，产品需要修改。",
        ),
        Verdict::Hang => Text::new(
            "The product gave no complete answer within the time limit. Counts like FAIL.",
            "产品未在时限内完整应答，等同于不符合。",
        ),
        Verdict::Unimplemented => Text::new(
            "Mandatory, or declared by the vendor, but the product says that it does not support it. Counts like FAIL.",
            "必备功能或厂商已声明的功能，产品却答复不支持，等同于不符合。",
        ),
        Verdict::SuiteError => Text::new(
            "A fault of this suite, not of the product. Please report it.",
            "本测试套件自身的错误，与产品无关，请反馈给我们。",
        ),
        Verdict::Inconclusive => Text::new(
            "Could not be judged, because something it builds on did not work or the run was stopped. Says nothing about the product yet.",
            "因前置条件不成立或测试中止而无法判定，尚不能说明产品情况。",
        ),
        Verdict::Review => Text::new(
            "The evidence is here, but a person has to decide. Settle it with “ecric review”.",
            "证据已采集，需人工判断，用“ecric review”给出结论。",
        ),
        Verdict::Warn => Text::new(
            "An advisory requirement is not met: a recommendation, or one whose basis is only a guess. Never changes the result.",
            "建议性要求未满足（推荐性条款，或依据仅为推测），不影响结论。",
        ),
        Verdict::Pass => Text::new("Everything observed was as required.", "观察到的行为均符合要求。"),
        Verdict::NotApplicable => Text::new(
            "Does not apply to this product by its implementation conformance statement (ICS), or has no case.",
            "按实现一致性声明（ICS）不适用于本产品，或没有对应用例。",
        ),
    }
}

/// A sign for a verdict, so that colour is never the only cue.
pub const fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "✕",
        Verdict::Hang => "…",
        Verdict::Unimplemented => "○",
        Verdict::SuiteError => "#",
        Verdict::Inconclusive => "?",
        Verdict::Review => "◆",
        Verdict::Warn => "!",
        Verdict::Pass => "✓",
        Verdict::NotApplicable => "–",
    }
}

/// Kind of fault as a sentence.
pub fn finding_class(class: FindingClass) -> Text {
    match class {
        FindingClass::WrongValue => Text::new("A value differs from the one required", "取值与要求不同"),
        FindingClass::Missing => Text::new("Something required is missing", "缺少必需内容"),
        FindingClass::Malformed => Text::new("A value has the wrong shape", "格式不正确"),
        FindingClass::FalseAccept => Text::new("Something wrong was accepted", "错误的输入被接受"),
        FindingClass::FalseReject => Text::new("Something right was refused", "正确的输入被拒绝"),
        FindingClass::WrongReason => {
            Text::new("Refused, but for another reason than the one under test", "虽被拒绝，但原因与所测不符")
        }
        FindingClass::ServerError => Text::new("Server error (5xx)", "服务器错误（5xx）"),
        FindingClass::NoAnswer => Text::new("No answer within the time limit", "时限内无应答"),
        FindingClass::BrokenAnswer => {
            Text::new("The connection broke or the answer was not HTTP", "连接中断或应答不是HTTP")
        }
        FindingClass::NotSupported => {
            Text::new("Mandatory or declared, but answered “not supported”", "必备或已声明的功能，却答复“不支持”")
        }
        FindingClass::Leak => Text::new("Data left the product that must not", "泄露了不得外泄的数据"),
        FindingClass::WrongState => Text::new("The state is not what it must be", "状态与要求不符"),
        FindingClass::PropertyFailed => {
            Text::new("A general law failed for some generated value", "通用规律对某个生成值不成立")
        }
    }
}

/// How a source was used, in a word.
pub fn basis_kind_short(kind: BasisKind) -> Text {
    match kind {
        BasisKind::Text => Text::new("text", "条款"),
        BasisKind::Observed => Text::new("observed", "见于公开系统"),
        BasisKind::Law => Text::new("law", "法规"),
        BasisKind::Derived => Text::new("derived", "推导"),
    }
}

/// How the transport ended.
pub fn transport(outcome: TransportOutcome) -> Text {
    match outcome {
        TransportOutcome::Answer => Text::new("complete answer", "应答完整"),
        TransportOutcome::Timeout => Text::new("no complete answer within the time limit", "时限内无完整应答"),
        TransportOutcome::Reset => Text::new(
            "connection refused, reset or closed before the answer was complete",
            "连接被拒绝、重置或提前关闭",
        ),
        TransportOutcome::Malformed => {
            Text::new("the answer was not HTTP or larger than the size limit", "应答不是HTTP或超出大小限制")
        }
    }
}

/// The usual phrase of an HTTP status; empty where there is none we know.
pub const fn status_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        207 => "Multi-Status",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// How the product was reached; an unknown word stays as it is.
pub fn rung(word: &str) -> Text {
    match word {
        "native" => Text::new("native: the product speaks binding v1 itself", "native：产品直接实现binding v1"),
        "mapped" => {
            Text::new("mapped: its own interface, mapped by the target file", "mapped：产品自有接口，由目标文件映射")
        }
        "adapter" => Text::new("adapter: through a program of the vendor", "adapter：经由厂商适配程序"),
        other => Text::same(other),
    }
}

/// Who drove the product; an unknown word stays as it is.
pub fn driver(word: &str) -> Text {
    match word {
        "api" => Text::new("by its interface", "通过接口"),
        "process" => Text::new("by a program", "通过程序"),
        "human" => Text::new("by a person", "人工操作"),
        other => Text::same(other),
    }
}

/// A duration in short.
pub fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// A duration for people.
pub fn long_duration(ms: u64) -> Text {
    let short = duration(ms);
    let zh = short.replace(" ms", "毫秒").replace(" min ", "分").replace(" s", "秒");
    Text::new(short, zh)
}

/// A size in short.
pub fn size(bytes: u64) -> String {
    if bytes < 10 * 1024 { format!("{bytes} B") } else { format!("{} KiB", bytes / 1024) }
}
