//! A run record with every verdict, findings in both languages, exchanges, and a requirement whose
//! texts are hostile. Also read by `examples/preview.rs`.

use std::collections::BTreeMap;

use ecric_model::Text;
use ecric_model::exchange::{Exchange, RecordedRequest, RecordedResponse, TransportOutcome};
use ecric_model::finding::{Finding, FindingClass};
use ecric_model::ids::{CaseId, RequirementId};
use ecric_model::requirement::{Basis, BasisKind, Confidence, Level, Profile, Role};
use ecric_model::run_record::{
    CaseRecord, Counts, PlanSummary, PropertyRecord, RequirementRecord, RunRecord, SCHEMA, Suite, TargetSummary,
};
use ecric_model::verdict::{Cause, RunVerdict, Verdict};

/// Text that tries to break out of every format.
pub const HOSTILE: &str =
    "</script><img src=x onerror=alert(1)> ]]> \u{1b}[31mred\u{1b}[0m \u{202e}txt.exe | `code` @team \" ' & {{ 7*7 }}";

/// The sample: non-conformant, partial, every verdict once at least.
pub fn record() -> RunRecord {
    let mut cases = cases();
    let requirements = requirements(&cases);
    cases.push(case("LIF-003/02", "A change announced twice is applied once", Verdict::Pass));
    assemble(requirements, cases)
}

/// A record in which everything passed.
pub fn conformant() -> RunRecord {
    let mut record = record();
    record.requirements.retain(|requirement| requirement.verdict == Verdict::Pass);
    let kept: Vec<_> = record.requirements.iter().flat_map(|requirement| requirement.cases.clone()).collect();
    record.cases.retain(|case| kept.contains(&case.id) && case.verdict == Verdict::Pass);
    let mut record = assemble(record.requirements, record.cases);
    record.verdict = RunVerdict::Conformant;
    record.exit_code = 0;
    record.partial = false;
    record.partial_reasons = Vec::new();
    record.not_closed = Vec::new();
    record
}

/// A record of `count` cases, of which a third fail with long exchanges.
pub fn large(count: usize) -> RunRecord {
    let mut record = record();
    let mut requirements = Vec::new();
    let mut cases = Vec::new();
    for index in 0..count {
        let id = format!("IDN-{:03}/{:02}", index / 3 + 100, index % 3 + 1);
        let mut case = match index % 3 {
            0 => failing_issue(&id),
            _ => case(&id, "The issuer answers as announced", Verdict::Pass),
        };
        if index % 3 == 0 {
            let item = format!("{{\"name\":\"测试人员{index}\",\"value\":\"{}\"}}", "值".repeat(40));
            let body = format!("{{\"items\":[{}]}}", vec![item; 120].join(","));
            for (number, exchange) in case.exchanges.iter_mut().enumerate() {
                exchange.id = format!("E-{:06}", index * 10 + number);
                exchange.request.body.clone_from(&body);
                exchange.response = Some(answer(200, &body));
            }
            case.findings[0].evidence = vec![format!("E-{:06}", index * 10 + 1)];
        }
        cases.push(case);
    }
    for group in cases.chunks(3) {
        let Some(first) = group.first() else { continue };
        let mut one = requirement(&first.requirement, "identifier", "标识", Verdict::Fail);
        one.title = Text::new("The identifier has a correct check character", "证照标识校验位正确");
        one.cases = group.iter().map(|case| case.id.clone()).collect();
        requirements.push(one);
    }
    record.requirements = requirements;
    record.cases = cases;
    assemble(record.requirements, record.cases)
}

/// A stopped run: every case INCONCLUSIVE for one cause.
pub fn stopped(count: usize) -> RunRecord {
    let mut cases = Vec::new();
    let mut requirements = Vec::new();
    for index in 1..=count {
        let mut case = case(&format!("COM-{index:03}/01"), "The interface answers", Verdict::Inconclusive);
        case.cause = Some(Cause::Stopped);
        let mut one = requirement(&case.requirement, "common", "通用规则", Verdict::Inconclusive);
        one.title = Text::new("The interface answers every operation", "接口对每项操作均有应答");
        one.cases = vec![case.id.clone()];
        requirements.push(one);
        cases.push(case);
    }
    let mut record = assemble(requirements, cases);
    record.verdict = RunVerdict::Inconclusive;
    record.exit_code = 3;
    record.stopped = Some(Text::new("five cases in a row got no answer", "连续五个用例无应答"));
    record.not_closed = Vec::new();
    record
}

fn assemble(requirements: Vec<RequirementRecord>, cases: Vec<CaseRecord>) -> RunRecord {
    let count = |verdicts: Vec<Verdict>| {
        let mut counts = BTreeMap::new();
        for verdict in verdicts {
            *counts.entry(verdict).or_insert(0) += 1;
        }
        counts
    };
    RunRecord {
        schema: SCHEMA.to_owned(),
        suite: Suite { name: "ecric".into(), version: "0.1.0".into(), commit: "4f2c9d1e7a3b".into() },
        plan: PlanSummary {
            hash: "b7c1d2e3f4a5968778695a4b3c2d1e0f1122334455667788990011223344aabb".into(),
            cases: cases.len() + 1,
        },
        target: TargetSummary {
            name: "acme-issuer".into(),
            vendor: "示例科技有限公司 Example Technology".into(),
            product: "示例电子证照签发系统 Acme Licence Issuer".into(),
            version: "3.2.1".into(),
            roles: vec![Role::Issuer, Role::Verifier],
            rung: "native".into(),
            driver: "api".into(),
            base: "https://issuer.acme.example/gateway".into(),
            file_sm3: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0".into(),
            environment: "acceptance 2, synthetic data only".into(),
            slo: BTreeMap::new(),
            log_sources: Vec::new(),
            pinned_root: None,
        },
        seed: "5eed0000000000000000000000000001".into(),
        profiles: vec![Profile::Core, Profile::Binding],
        level: "full".into(),
        depth: "standard".into(),
        mode: "dev".into(),
        started: "2026-03-02T01:15:04Z".into(),
        finished: "2026-03-02T01:18:31Z".into(),
        duration_ms: 207_412,
        verdict: RunVerdict::NonConformant,
        exit_code: 1,
        outcome_name: Text::new(
            "pre-conformance evidence: the text of the standard is not public",
            "预符合性证据：标准文本尚未公开",
        ),
        partial: true,
        partial_reasons: vec![Text::new(
            "no permission for cases that load the target (tag @load): 4 cases left out",
            "未授权对目标施加负载（标签@load），省略4个用例",
        )],
        stopped: None,
        counts: Counts {
            requirements: count(requirements.iter().map(|requirement| requirement.verdict).collect()),
            cases: count(cases.iter().map(|case| case.verdict).collect()),
        },
        requirements,
        cases,
        not_closed: vec![case_id("LIF-004/01")],
        notes: vec![
            Text::new("The target's clock is moved by its test control T2.", "被测系统时钟由测试控制T2调整。"),
            Text::new("Sample sizes are those of depth standard.", "样本量按standard深度。"),
        ],
        waivers: Vec::new(),
    }
}

fn requirements(cases: &[CaseRecord]) -> Vec<RequirementRecord> {
    let derived =
        |clause: &str| Basis { doc: "GB/T 36904-2018".into(), clause: clause.into(), kind: BasisKind::Derived };
    let ours = |clause: &str| Basis { doc: "ecric binding v1".into(), clause: clause.into(), kind: BasisKind::Derived };
    let mut list = Vec::new();
    let mut add =
        |id: &str, area: (&str, &str), verdict, title: (&str, &str), change: &dyn Fn(&mut RequirementRecord)| {
            let id = RequirementId::parse(id).unwrap();
            let mut one = requirement(&id, area.0, area.1, verdict);
            one.title = Text::new(title.0, title.1);
            one.cases = cases.iter().filter(|case| case.requirement == id).map(|case| case.id.clone()).collect();
            change(&mut one);
            list.push(one);
        };
    let identifier = ("identifier", "证照标识");
    add(
        "IDN-001",
        identifier,
        Verdict::Pass,
        (
            "An identifier is the root 1.2.156.3005.2 followed by exactly five dot-separated segments",
            "证照标识由根代码1.2.156.3005.2及其后以点分隔的五段组成",
        ),
        &|r| {
            r.basis = vec![
                derived("identifier structure"),
                Basis {
                    doc: "five public licence systems".into(),
                    clause: "identifier layout".into(),
                    kind: BasisKind::Observed,
                },
            ]
        },
    );
    add(
        "IDN-008",
        identifier,
        Verdict::Fail,
        (
            "The check character is computed by MOD 37,36 over the identifier without root and dots",
            "校验位按MOD 37,36对去掉根代码与分隔点的标识计算",
        ),
        &|r| {
            r.basis = vec![
                derived("check character"),
                Basis { doc: "GB/T 17710-2008".into(), clause: "MOD 37,36".into(), kind: BasisKind::Text },
            ];
            r.mutants = vec!["M-IDN-008-a".into(), "M-IDN-008-b".into()];
            r.vectors = vec!["person:senior".into(), "set:identifier".into()];
        },
    );
    add(
        "IDN-010",
        identifier,
        Verdict::Warn,
        ("The serial of a new identifier cannot be guessed from the one before", "新证照标识的流水号不可由前一个推测"),
        &|r| {
            r.level = Level::Should;
            r.confidence = Confidence::Guess;
            r.decides = false;
            r.mutants = vec!["M-IDN-010-a".into()];
        },
    );
    let lifecycle = ("lifecycle", "生命周期");
    add(
        "LIF-003",
        lifecycle,
        Verdict::Pass,
        ("A suspended licence can be restored", "暂停的证照可以恢复"),
        &|r| {
            r.cases.push(case_id("LIF-003/02"));
        },
    );
    add("LIF-004", lifecycle, Verdict::Hang, ("Destroying a licence is final", "证照注销不可逆"), &|r| {
        r.cases.push(case_id("LIF-004/01"));
        r.basis = vec![Basis { doc: "国务院令第716号".into(), clause: "art. 7".into(), kind: BasisKind::Law }];
    });
    add(
        "LIF-006",
        lifecycle,
        Verdict::Unimplemented,
        ("A licence can be re-issued after a change of data", "数据变更后可以换发证照"),
        &|r| r.mutants = vec!["M-LIF-006-a".into()],
    );
    let verification = ("verification", "查验");
    add(
        "VER-002",
        verification,
        Verdict::Inconclusive,
        ("A licence whose seal was altered is refused with the reason SEAL_BAD", "签章被篡改的证照以SEAL_BAD为由拒绝"),
        &|r| r.role = Role::Verifier,
    );
    add(
        "VER-005",
        verification,
        Verdict::SuiteError,
        ("A copy past its expiry is refused while the original stays valid", "加注件过期后拒绝，原件仍有效"),
        &|r| r.role = Role::Verifier,
    );
    add(
        "VER-007",
        verification,
        Verdict::Review,
        ("The verifier shows its operator why a licence was refused", "查验端向操作员显示拒绝原因"),
        &|r| r.role = Role::Verifier,
    );
    add(
        "VER-013",
        verification,
        Verdict::NotApplicable,
        ("Offline presentation codes are checked without a network", "离线核验出示码"),
        &|r| {
            r.role = Role::Verifier;
            r.note = Some(Text::new("not declared in the ICS: offlineCodes", "实现一致性声明未声明：offlineCodes"));
        },
    );
    let interface = ("interface", "接口");
    add(
        "IDM-001",
        interface,
        Verdict::Fail,
        ("A request repeated with one idempotency key makes one licence only", "同一幂等键重复请求只签发一份证照"),
        &|r| {
            r.profile = Profile::Binding;
            r.basis = vec![ours("4")];
            r.confidence = Confidence::Sure;
            r.mutants = vec!["M-IDM-001-a".into()];
        },
    );
    add(
        "COM-001",
        interface,
        Verdict::Pass,
        ("The capabilities are reachable and fit their schema", "能力描述可访问且符合模式"),
        &|r| {
            r.profile = Profile::Binding;
            r.basis = vec![ours("10.1")];
            r.confidence = Confidence::Sure;
        },
    );
    add("EVL-666", ("hostile", "恶意内容"), Verdict::Fail, ("", ""), &|r| {
        r.title = Text::same(HOSTILE);
        r.area_title = Text::same(HOSTILE);
        r.basis = vec![Basis { doc: HOSTILE.into(), clause: HOSTILE.into(), kind: BasisKind::Observed }];
        r.mutants = vec![HOSTILE.into()];
        r.note = Some(Text::same(HOSTILE));
    });
    list
}

fn cases() -> Vec<CaseRecord> {
    let mut list = vec![
        case("IDN-001/01", "A new identifier has five segments behind the root", Verdict::Pass),
        failing_issue("IDN-008/01"),
        case("IDN-008/02", "The identifier of a copy keeps its check character", Verdict::Pass),
    ];
    let mut law = case("IDN-008/03", "Every issued identifier has the check character of its body", Verdict::Fail);
    law.findings = vec![Finding {
        evidence: vec!["E-000131".into()],
        ..Finding::new(
            FindingClass::PropertyFailed,
            "certificateIdentifier",
            Text::new("check character Q for every serial", "任意流水号的校验位均正确，此处应为Q"),
            Text::new("O, where the serial holds the letter O", "流水号含字母O时为O"),
        )
    }];
    law.property = Some(PropertyRecord {
        law: "the check character of an issued identifier is the one of its body".into(),
        seed: "3a".repeat(32),
        values: 64,
        shrinks: 11,
        minimal: Some("{\"serial\":\"O\"}".into()),
        files: Vec::new(),
        loads: Vec::new(),
    });
    law.exchanges = vec![issue_exchange("E-000131")];
    law.evidence = (100..132).map(|number| format!("E-{number:06}")).collect();
    list.push(law);
    let mut guess = case("IDN-010/01", "Ten serials in a row do not count up", Verdict::Warn);
    guess.findings = vec![Finding::new(
        FindingClass::WrongValue,
        "certificateIdentifier, segment 3",
        Text::new("serials without a visible order", "流水号无明显次序"),
        Text::new("0000000041, 0000000042, 0000000043 …", "0000000041、0000000042、0000000043……"),
    )];
    list.push(guess);
    list.push(case("LIF-003/01", "RESTORE brings a suspended licence back to VALID", Verdict::Pass));
    let mut hang = case("LIF-004/02", "A destroyed licence refuses every action", Verdict::Hang);
    hang.negative = true;
    hang.twin = Some(case_id("LIF-003/01"));
    hang.failed_step = Some("the issuer refuses with ILLEGAL_TRANSITION".into());
    hang.findings = vec![Finding {
        evidence: vec!["E-000212".into()],
        ..Finding::new(
            FindingClass::NoAnswer,
            "issuer.transition",
            Text::new("an answer within 10 s", "10秒内应答"),
            Text::new("no complete answer after 10 s", "10秒后仍无完整应答"),
        )
    }];
    let mut silent = issue_exchange("E-000212");
    silent.operation = "issuer.transition".into();
    silent.response = None;
    silent.outcome = TransportOutcome::Timeout;
    silent.transport_error = Some("operation timed out after 10000 ms with 0 bytes received".into());
    silent.duration_ms = 10_003;
    hang.exchanges = vec![silent];
    hang.evidence = vec!["E-000212".into()];
    hang.duration_ms = 10_240;
    list.push(hang);
    let mut unimplemented = case("LIF-006/01", "Re-issue after a change of name", Verdict::Unimplemented);
    unimplemented.failed_step = Some("When the issuer re-issues the licence with the new name".into());
    unimplemented.findings = vec![Finding {
        evidence: vec!["E-000220".into()],
        ..Finding::new(
            FindingClass::NotSupported,
            "issuer.reissue",
            Text::new("201 Created: operation 8 is mandatory for an issuer", "201 Created：操作8为签发方必备"),
            Text::new("501 NOT_SUPPORTED", "501 NOT_SUPPORTED"),
        )
    }];
    let mut refused = issue_exchange("E-000220");
    refused.operation = "issuer.reissue".into();
    refused.response = Some(answer(501, "{\"error\":{\"code\":\"NOT_SUPPORTED\",\"message\":\"reissue\"}}"));
    unimplemented.exchanges = vec![refused];
    unimplemented.evidence = vec!["E-000220".into()];
    list.push(unimplemented);
    for (id, title) in
        [("VER-002/02", "One bit of the seal is flipped"), ("VER-002/03", "The seal belongs to another file")]
    {
        let mut twin = case(id, title, Verdict::Inconclusive);
        twin.negative = true;
        twin.twin = Some(case_id("VER-005/01"));
        twin.cause = Some(Cause::Twin);
        twin.cause_detail = Some(Text::new("VER-005/01 is SUITE_ERROR", "VER-005/01为测试套件错误"));
        list.push(twin);
    }
    let mut panic = case("VER-005/01", "The original stays valid when its copy expires", Verdict::SuiteError);
    panic.cause = Some(Cause::Panic);
    panic.cause_detail = Some(Text::same("index out of bounds: the len is 2 but the index is 2"));
    panic.failed_step = Some("Given a copy that expired yesterday".into());
    list.push(panic);
    let mut review = case("VER-007/01", "The operator sees the reason", Verdict::Review);
    review.cause_detail = Some(Text::new("screenshot 1 has to be looked at", "需查看截图1"));
    list.push(review);
    let mut twice = case("IDM-001/01", "Issue twice with one key", Verdict::Fail);
    twice.failed_step = Some("Then both answers name the same identifier".into());
    twice.findings = vec![Finding {
        evidence: vec!["E-000301".into(), "E-000302".into()],
        ..Finding::new(
            FindingClass::WrongState,
            "certificateIdentifier",
            Text::new(
                "the second answer repeats the first: …3127D001.0000000051…",
                "第二次应答与第一次相同：…3127D001.0000000051…",
            ),
            Text::new("a second licence was made: …3127D001.0000000052…", "签发了第二份证照：…3127D001.0000000052…"),
        )
    }];
    twice.exchanges = vec![issue_exchange("E-000300"), issue_exchange("E-000301"), issue_exchange("E-000302")];
    twice.evidence = vec!["E-000300".into(), "E-000301".into(), "E-000302".into()];
    list.push(twice);
    list.push(case("COM-001/01", "Capabilities are read without credentials", Verdict::Pass));
    list.push(hostile());
    list
}

fn hostile() -> CaseRecord {
    let mut evil = case("EVL-666/01", HOSTILE, Verdict::Fail);
    evil.source = HOSTILE.into();
    evil.steps = vec![HOSTILE.into()];
    evil.failed_step = Some(HOSTILE.into());
    evil.cause = Some(Cause::Mapping);
    evil.cause_detail = Some(Text::same(HOSTILE));
    evil.repeat = HOSTILE.into();
    evil.findings = vec![Finding {
        evidence: vec![HOSTILE.into()],
        ..Finding::new(FindingClass::Leak, HOSTILE, Text::same(HOSTILE), Text::same(HOSTILE))
    }];
    let mut exchange = issue_exchange(HOSTILE);
    exchange.operation = HOSTILE.into();
    exchange.request.url = HOSTILE.into();
    exchange.request.headers = vec![(HOSTILE.into(), HOSTILE.into())];
    exchange.request.body = HOSTILE.into();
    let quoted = serde_json::Value::String(HOSTILE.into()).to_string();
    exchange.response = Some(answer(418, &format!("{{{quoted}:[{quoted},{{\"a\":{quoted}}}]}}")));
    exchange.transport_error = Some(HOSTILE.into());
    exchange.curl = HOSTILE.into();
    evil.exchanges = vec![exchange];
    evil.evidence = vec![HOSTILE.into()];
    evil.property = Some(PropertyRecord {
        law: HOSTILE.into(),
        seed: HOSTILE.into(),
        values: 1,
        shrinks: 0,
        minimal: Some(HOSTILE.into()),
        files: Vec::new(),
        loads: Vec::new(),
    });
    evil
}

fn failing_issue(id: &str) -> CaseRecord {
    let mut case = case(id, "A newly issued licence carries a correct check character", Verdict::Fail);
    case.failed_step = Some("the identifier ends in the check character of its body".into());
    case.findings = vec![Finding {
        evidence: vec!["E-000124".into()],
        ..Finding::new(
            FindingClass::WrongValue,
            "/licence/certificateIdentifier, character 76",
            Text::new("check character Q, MOD 37,36 over 67 characters", "校验位为Q，按MOD 37,36对67个字符计算"),
            Text::new("0; the letters I and O were left out of the alphabet", "0；字母表中漏掉了字母I和O"),
        )
    }];
    let mut set_up = issue_exchange("E-000123");
    set_up.operation = "test.personas".into();
    set_up.request.url = "https://issuer.acme.example/gateway/v1/test/personas".into();
    set_up.response = Some(answer(201, "{\"personaRef\":\"P001\",\"state\":\"READY\"}"));
    case.exchanges = vec![set_up, issue_exchange("E-000124")];
    case.evidence = vec!["E-000123".into(), "E-000124".into()];
    case
}

fn issue_exchange(id: &str) -> Exchange {
    let body = concat!(
        "{\"personaRef\":\"P001\",\"effectiveDate\":\"2026-03-02\",\"holder\":{\"name\":\"*𠮷\",",
        "\"citizenNumber\":\"110199********0011\",\"address\":\"〔redacted〕\"},\"critical\":[]}"
    );
    let answer_body = concat!(
        "{\"licence\":{\"certificateIdentifier\":\"1.2.156.3005.2.11100000000013127D001.11110101099999909H.",
        "0000000041.001.0\",\"certificateStatus\":\"VALID\",\"statusVersion\":1,\"holder\":{\"name\":\"*𠮷\",",
        "\"sex\":\"1\"},\"validity\":[\"2026-03-02\",null]},\"requestId\":\"6f9d2a1c\"}"
    );
    Exchange {
        id: id.to_owned(),
        case: "IDN-008/01".into(),
        operation: "issuer.issue".into(),
        started: "2026-03-02T01:15:22.104Z".into(),
        duration_ms: 38,
        request: RecordedRequest {
            method: "POST".into(),
            url: "https://issuer.acme.example/gateway/v1/licences".into(),
            headers: vec![
                ("content-type".into(), "application/json".into()),
                ("x-ecric-app".into(), "suite-a".into()),
                ("x-ecric-timestamp".into(), "1772414122".into()),
                ("x-ecric-signature".into(), "〔redacted〕".into()),
                ("idempotency-key".into(), "k-5eed-000124".into()),
            ],
            body: body.into(),
            body_bytes: 214,
        },
        response: Some(answer(201, answer_body)),
        outcome: TransportOutcome::Answer,
        transport_error: None,
        redactions: 5,
        curl: "ecric target call acme.yaml --op issuer.issue --in - <<'JSON'\n{\"personaRef\":\"P001\",\"effectiveDate\":\"2026-03-02\"}\nJSON".into(),
    }
}

fn answer(status: u16, body: &str) -> RecordedResponse {
    RecordedResponse {
        status,
        headers: vec![
            ("content-type".into(), "application/json; charset=utf-8".into()),
            ("cache-control".into(), "no-store".into()),
            ("date".into(), "Mon, 02 Mar 2026 01:15:22 GMT".into()),
        ],
        body: body.into(),
        body_bytes: body.len() as u64,
    }
}

fn requirement(id: &RequirementId, area: &str, area_zh: &str, verdict: Verdict) -> RequirementRecord {
    let mut name = area.to_owned();
    name[..1].make_ascii_uppercase();
    RequirementRecord {
        id: id.clone(),
        area: area.into(),
        area_title: Text::new(name, area_zh),
        title: Text::default(),
        role: Role::Issuer,
        level: Level::Shall,
        profile: Profile::Core,
        basis: vec![Basis { doc: "GB/T 36904-2018".into(), clause: "identifier".into(), kind: BasisKind::Derived }],
        confidence: Confidence::Likely,
        decides: true,
        verdict,
        note: None,
        cases: Vec::new(),
        mutants: Vec::new(),
        vectors: Vec::new(),
        waived: false,
    }
}

fn case(id: &str, title: &str, verdict: Verdict) -> CaseRecord {
    let id = case_id(id);
    CaseRecord {
        requirement: id.requirement(),
        title: title.into(),
        source: "features/identifier/check_character.feature:14".into(),
        steps: vec![
            "Given the person P001 is known to the issuer".into(),
            "Given a copy that expired yesterday".into(),
            "When the issuer re-issues the licence with the new name".into(),
            "Then both answers name the same identifier".into(),
            "And the issuer refuses with ILLEGAL_TRANSITION".into(),
            "And the identifier ends in the check character of its body".into(),
        ],
        verdict,
        cause: None,
        cause_detail: None,
        failed_step: None,
        duration_ms: 412,
        negative: false,
        twin: None,
        findings: Vec::new(),
        evidence: vec!["E-000001".into()],
        exchanges: Vec::new(),
        attempts: 1,
        repeat: format!("ecric run acme.yaml --only {id} --seed 5eed0000000000000000000000000001"),
        property: None,
        failure_sm3: None,
        waived: false,
        reviews: Vec::new(),
        id,
    }
}

fn case_id(id: &str) -> CaseId {
    CaseId::parse(id).unwrap()
}
