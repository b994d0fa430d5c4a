//! Checks of the ICS and of what goes with a rung: combinations that cannot be.

use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::ics::{ConformanceLevel, Feature};
use ecric_model::requirement::Role;

use crate::driver::Driver;
use crate::mapping::dialect::END_FAULT;
use crate::mapping::spec::PlanSpec;
use crate::mapping::unknown_reason;
use crate::persons::PersonaMode;
use crate::target_check::Problem;
use crate::target_file::{Rung, TargetFile};

/// Notes every combination that cannot be.
pub(crate) fn check(file: &TargetFile, problems: &mut Vec<Problem>) {
    rung(file, problems);
    operations(file, problems);
    tables(file, problems);
    features(file, problems);
    mandatory(file, problems);
    driver(file, problems);
    promises(file, problems);
}

/// Operations that a role cannot do without. Where the product lacks one, it stays unmapped and the run says
/// UNIMPLEMENTED; declaring it absent would hide that.
const MANDATORY: [(Role, &[&str]); 4] = [
    (Role::Issuer, &["issuer.issue", "issuer.metadata", "issuer.status", "issuer.transition"]),
    (Role::SharingService, &["issuer.metadata", "issuer.search"]),
    (Role::Verifier, &["verifier.file"]),
    (Role::Loader, &["loader.load", "loader.present", "loader.uses", "loader.unload"]),
];

fn mandatory(file: &TargetFile, problems: &mut Vec<Problem>) {
    for (role, operations) in MANDATORY.into_iter().filter(|(role, _)| file.roles.contains(role)) {
        for absence in &file.capabilities.declared_absences {
            if operations.contains(&absence.id.as_str()) {
                let id = &absence.id;
                note(
                    problems,
                    &["capabilities", "declared_absences"],
                    format!(
                        "declared_absences: {id} is mandatory for {role:?}; leave it unmapped, the run will say UNIMPLEMENTED"
                    ),
                    format!("declared_absences：{id} 对 {role:?} 为必备操作；不要映射，测试将报告 UNIMPLEMENTED"),
                );
            }
        }
    }
}

/// The driver of a loading end, and what it needs.
fn driver(file: &TargetFile, problems: &mut Vec<Problem>) {
    let program = file.loader.process.as_ref().is_some_and(|process| !process.exec.is_empty());
    if file.loader.driver == Driver::Process && !program {
        note(
            problems,
            &["loader"],
            "loader.driver process needs loader.process: {exec: [\"program\"]}",
            "loader.driver 为 process 时需要 loader.process：{exec: [\"program\"]}",
        );
    }
    if file.loader.driver != Driver::Api && !file.roles.contains(&Role::Loader) {
        note(problems, &["loader"], "loader.driver needs the role loader", "loader.driver 需要角色 loader");
    }
}

fn note(problems: &mut Vec<Problem>, path: &[&str], en: impl Into<String>, zh: impl Into<String>) {
    problems.push(Problem::new(Text::new(en.into(), zh.into()), Text::default()).under(path));
}

fn rung(file: &TargetFile, problems: &mut Vec<Problem>) {
    match file.rung {
        Rung::Native => {}
        Rung::Mapped if file.operations.is_empty() => {
            note(problems, &["rung"], "operations is empty: nothing is mapped", "operations 为空：没有映射任何操作");
        }
        Rung::Mapped => {}
        Rung::Adapter => match &file.adapter {
            None => note(
                problems,
                &["rung"],
                "adapter is missing: {exec: [\"program\", \"--port\", \"{port}\"]}",
                "缺少 adapter：{exec: [\"program\", \"--port\", \"{port}\"]}",
            ),
            Some(adapter) => {
                let port = adapter.exec.iter().chain(adapter.env.values()).any(|part| part.contains("{port}"));
                if adapter.exec.is_empty() || !port {
                    note(
                        problems,
                        &["adapter"],
                        "adapter.exec names a program and where {port} goes",
                        "adapter.exec 应给出程序及 {port} 的位置",
                    );
                }
            }
        },
    }
    if file.rejection_style.as_deref().is_some_and(|style| !["body", "http-4xx"].contains(&style)) {
        note(
            problems,
            &["rejection_style"],
            "rejection_style is body or http-4xx",
            "rejection_style 为 body 或 http-4xx",
        );
    }
    if file.rejection_style.as_deref() == Some("http-4xx") && file.capabilities.level == ConformanceLevel::Full {
        note(
            problems,
            &["rejection_style"],
            "rejection_style http-4xx gives no reasons: capabilities.level can only be core",
            "rejection_style http-4xx 不给出原因：capabilities.level 只能为 core",
        );
    }
    if file.personas.mode == PersonaMode::Hook && !file.hooks.contains_key("personas") {
        note(
            problems,
            &["personas"],
            "personas.mode hook needs hooks.personas",
            "personas.mode 为 hook 时需要 hooks.personas",
        );
    }
    trust(file, problems);
}

fn trust(file: &TargetFile, problems: &mut Vec<Problem>) {
    if let Some(root) = &file.trust.suite_root {
        let known = ["op", "hook", "manual"].contains(&root.install.as_str());
        let hook = root.hook.as_ref().is_some_and(|hook| file.hooks.contains_key(hook));
        if !known || (root.install == "hook" && !hook) {
            note(
                problems,
                &["trust", "suite_root"],
                "trust.suite_root.install is op, manual, or hook with the name of an entry of hooks",
                "trust.suite_root.install 为 op、manual，或 hook 并给出 hooks 中的条目名",
            );
        }
    }
    let Some(anchors) = &file.trust.issuer_anchors else { return };
    if anchors
        .pin_sm3
        .as_ref()
        .is_some_and(|pin| pin.len() != 64 || !pin.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    {
        note(problems, &["trust", "pin_sm3"], "pin_sm3 is 64 lower-case hex digits", "pin_sm3 为64位小写十六进制");
    }
    if anchors.op.as_deref().is_some_and(|op| op != Operation::TrustAnchors.name()) {
        note(
            problems,
            &["trust", "issuer_anchors", "op"],
            "trust.issuer_anchors.op is issuer.trust_anchors",
            "trust.issuer_anchors.op 应为 issuer.trust_anchors",
        );
    }
    if anchors.file.is_some() && (anchors.op.is_some() || file.rung == Rung::Native) {
        note(
            problems,
            &["trust", "issuer_anchors", "file"],
            "trust.issuer_anchors.file is for rungs mapped and adapter, and stands without op",
            "trust.issuer_anchors.file 仅用于 rung mapped 与 adapter，且不与 op 并用",
        );
    }
}

/// Hooks, service levels, logs, counterpart, limits.
fn promises(file: &TargetFile, problems: &mut Vec<Problem>) {
    for (name, hook) in &file.hooks {
        crate::hook_spec::check(name, hook, &file.environment.authorised_hosts, problems);
    }
    for (name, level) in &file.slo {
        let times = [level.p50_ms, level.p95_ms, level.p99_ms];
        let given: Vec<u64> = times.into_iter().flatten().collect();
        let fits = given.iter().all(|ms| (1..=600_000).contains(ms)) && given.is_sorted();
        if Operation::parse(name).is_none() {
            note(
                problems,
                &["slo", name],
                format!("slo.{name}: no operation of binding v1 has this name"),
                format!("slo.{name}：绑定v1没有该操作"),
            );
        } else if !fits || (given.is_empty() && level.rps.is_none()) || level.rps == Some(0) {
            note(
                problems,
                &["slo", name],
                format!("slo.{name}: wanted p50_ms, p95_ms, p99_ms (1 to 600000, rising) or rps (at least 1)"),
                format!("slo.{name}：应有 p50_ms、p95_ms、p99_ms（1 至 600000，递增）或 rps（至少为1）"),
            );
        }
    }
    for source in file.evidence.log_sources.iter().filter(|name| !file.hooks.contains_key(*name)) {
        note(
            problems,
            &["evidence", "log_sources"],
            format!("evidence.log_sources: no hook is called {source:?}"),
            format!("evidence.log_sources：没有名为 {source:?} 的 hook"),
        );
    }
    let counterpart = &file.counterpart;
    if let Some(listen) = counterpart.listen.as_ref().filter(|text| text.parse::<std::net::SocketAddr>().is_err()) {
        note(
            problems,
            &["counterpart", "listen"],
            format!("counterpart.listen {listen:?}: wanted an address such as 127.0.0.1:0"),
            format!("counterpart.listen {listen:?}：应为 127.0.0.1:0 形式的地址"),
        );
    }
    if let Some(base) = counterpart.base.as_ref().filter(|base| crate::target_check::host_of(base).is_none()) {
        note(
            problems,
            &["counterpart", "base"],
            format!("counterpart.base: {base:?} is not an http or https URL"),
            format!("counterpart.base：{base:?} 不是 http 或 https 地址"),
        );
    }
    for (name, limit) in [
        ("concurrency", file.limits.concurrency),
        ("rps", file.limits.rps),
        ("daily_issue", file.limits.daily_issue),
        ("load_s", file.limits.load_s),
    ] {
        if limit == Some(0) {
            note(
                problems,
                &["limits", name],
                format!("limits.{name} is 0: nothing could be sent"),
                format!("limits.{name} 为 0：无法发送任何请求"),
            );
        }
    }
    let known = ["destructive", "security", "load"];
    let words = file.limits.allow.iter().flatten();
    for word in words.filter(|word| !known.contains(&word.as_str())) {
        note(
            problems,
            &["limits", "allow"],
            format!("limits.allow: {word:?}: wanted destructive, security, load"),
            format!("limits.allow：{word:?}：可用 destructive、security、load"),
        );
    }
}

fn operations(file: &TargetFile, problems: &mut Vec<Problem>) {
    for (name, plan) in &file.operations {
        if Operation::parse(name).is_none() && name != END_FAULT {
            note(
                problems,
                &["operations", name],
                format!("operations.{name}: no operation of binding v1 has this name"),
                format!("operations.{name}：绑定v1没有该操作"),
            );
        }
        hooks(plan, name, file, problems);
    }
}

fn hooks(plan: &PlanSpec, name: &str, file: &TargetFile, problems: &mut Vec<Problem>) {
    if let Some(hook) = plan.hook.as_ref().filter(|hook| !file.hooks.contains_key(*hook)) {
        note(
            problems,
            &["operations", name],
            format!("operations.{name}: no hook is called {hook:?}"),
            format!("operations.{name}：没有名为 {hook:?} 的 hook"),
        );
    }
    for variant in &plan.variants {
        hooks(variant, name, file, problems);
    }
}

fn tables(file: &TargetFile, problems: &mut Vec<Problem>) {
    for (word, words) in &file.reasons {
        if let Some(reason) = unknown_reason(words) {
            note(
                problems,
                &["reasons", word],
                format!("reasons.{word}: {reason}"),
                format!("reasons.{word}：{}", crate::mapping::words::chinese(&reason)),
            );
        }
    }
    for (word, status) in &file.status_values {
        if ecric_model::binding::LicenceStatus::parse(status).is_none() {
            note(
                problems,
                &["status_values", word],
                format!("status_values.{word}: {status:?} is no status of binding v1"),
                format!("status_values.{word}：{status:?} 不是绑定v1的状态"),
            );
        }
    }
    for (word, result) in &file.results {
        let known = ecric_model::binding::VerifyOutcome::parse(result).is_some()
            || ecric_model::reason::class_of(result).is_some();
        if !known {
            note(
                problems,
                &["results", word],
                format!("results.{word}: {result:?} is neither VALID, INVALID, INDETERMINATE nor a reason"),
                format!("results.{word}：{result:?} 既不是 VALID、INVALID、INDETERMINATE，也不是原因代码"),
            );
        }
    }
}

fn features(file: &TargetFile, problems: &mut Vec<Problem>) {
    let plays = |roles: &[Role]| roles.iter().any(|role| file.roles.contains(role));
    let sides: [(&[Feature], &[Role], &str); 4] = [
        (&[Feature::Suspend, Feature::Reissue], &[Role::Issuer], "issuer"),
        (
            &[Feature::Copy, Feature::Original, Feature::Audit, Feature::StatusList, Feature::Catalogue],
            &[Role::Issuer, Role::SharingService],
            "issuer or sharing_service",
        ),
        (&[Feature::Batch, Feature::AsOf], &[Role::Verifier], "verifier"),
        (
            &[
                Feature::ReverseScan,
                Feature::RpPush,
                Feature::PairwiseId,
                Feature::LogDelete,
                Feature::ConsentWithdrawal,
                Feature::Guardian,
            ],
            &[Role::Loader],
            "loader",
        ),
    ];
    for (features, roles, words) in sides {
        for feature in features.iter().filter(|feature| file.capabilities.features.contains(feature)) {
            if !plays(roles) {
                let name = feature.name();
                note(
                    problems,
                    &["capabilities", "features"],
                    format!("capabilities.features: {name} needs the role {words}"),
                    format!("capabilities.features：{name} 需要角色 {words}"),
                );
            }
        }
    }
    for absence in &file.capabilities.declared_absences {
        if absence.why.trim().is_empty() {
            let id = &absence.id;
            note(
                problems,
                &["capabilities", "declared_absences"],
                format!("declared_absences: {id} has no reason"),
                format!("declared_absences：{id} 未说明原因"),
            );
        }
        if ecric_model::ics::Feature::parse(&absence.id).is_some_and(|f| file.capabilities.features.contains(&f)) {
            let id = &absence.id;
            note(
                problems,
                &["capabilities", "declared_absences"],
                format!("{id} is declared and declared absent"),
                format!("{id} 既声明又声明缺失"),
            );
        }
    }
}
