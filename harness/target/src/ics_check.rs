//! Checks of the ICS and of what goes with a rung: combinations that cannot be.

use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::ics::{ConformanceLevel, Feature};
use ecric_model::requirement::Role;

use crate::driver::Driver;
use crate::mapping::dialect::END_FAULT;
use crate::mapping::spec::PlanSpec;
use crate::mapping::unknown_reason;
use crate::target_check::Problem;
use crate::target_file::{PersonaMode, Rung, TargetFile};

/// Notes every combination that cannot be.
pub(crate) fn check(file: &TargetFile, problems: &mut Vec<Problem>) {
    rung(file, problems);
    operations(file, problems);
    tables(file, problems);
    features(file, problems);
    mandatory(file, problems);
    driver(file, problems);
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
    if let Some(pin) = file.trust.issuer_anchors.as_ref().and_then(|anchors| anchors.pin_sm3.as_ref())
        && (pin.len() != 64 || !pin.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
    {
        note(problems, &["trust", "pin_sm3"], "pin_sm3 is 64 lower-case hex digits", "pin_sm3 为64位小写十六进制");
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
                format!("reasons.{word}：{reason}"),
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
