//! Which cases run against a target, in which order, and why the others do not. Pure.

use std::collections::{BTreeMap, BTreeSet};

use cucumber::gherkin::tagexpr::TagOperation;
use cucumber::tag::Ext as _;
use ecric_model::Text;
use ecric_model::ics::{ConformanceLevel, Feature, Ics};
use ecric_model::ids::{CaseId, RequirementId};
use ecric_model::requirement::{Profile, Requirement, RequirementStatus, Role};
use ecric_target::Driver;
use serde::{Deserialize, Serialize};

use crate::cases::{CaseLevel, CaseSpec};
use crate::suite::Suite;

/// Sizes of random samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// A handful of values.
    Quick,
    /// What keeps a run short.
    #[default]
    Standard,
    /// What finds rare faults.
    Long,
}

impl Depth {
    /// The word on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Standard => "standard",
            Self::Long => "long",
        }
    }

    /// Values that a property case tries.
    #[must_use]
    pub const fn property_values(self) -> u32 {
        match self {
            Self::Quick => 8,
            Self::Standard => 32,
            Self::Long => 1_000,
        }
    }

    /// Seconds of one load at the declared rate, of so many permitted, with so many seconds for a case.
    #[must_use]
    pub fn load_s(self, permitted: Option<u32>, case_limit_s: u64) -> u64 {
        match self {
            Self::Quick | Self::Standard => 1,
            Self::Long => u64::from(permitted.unwrap_or(60)).min(case_limit_s / 3).max(1),
        }
    }

    /// How far walks and races go, with so many calls at once and so many seconds for a case.
    #[must_use]
    pub const fn reach(self, at_once: u32, case_limit_s: u64) -> ecric_steps::Reach {
        let (walks, walk_steps, rounds) = match self {
            Self::Quick => (6, 15, 4),
            Self::Standard => (24, 25, 10),
            Self::Long => (200, 50, 200),
        };
        // A walk or a round that has begun is finished: half of the limit is left for it.
        ecric_steps::Reach { walks, walk_steps, rounds, at_once, most_s: case_limit_s / 2 }
    }
}

/// What the user selects.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Level, where it overrides the target file.
    pub level: Option<ConformanceLevel>,
    /// Rule books, where they override the target file.
    pub profiles: Option<Vec<Profile>>,
    /// Requirements or cases; empty for all.
    pub only: Vec<String>,
    /// Tag expression.
    pub tags: Option<String>,
    /// Sizes of random samples.
    pub depth: Depth,
}

/// A requirement of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRequirement {
    /// Folder name of its area.
    pub area: String,
    /// Name of its area.
    pub area_title: Text,
    /// The record.
    pub requirement: Requirement,
    /// Its cases in the plan.
    pub cases: Vec<CaseId>,
    /// Why it has none.
    pub note: Option<Text>,
}

/// A case that was left out, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The case.
    pub id: CaseId,
    /// Why.
    pub reason: Text,
    /// True if that makes the run partial: a missing permission or a selection.
    pub partial: bool,
}

/// An ordered plan with its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// SM3 of the plan, hex.
    pub hash: String,
    /// Cases in the order of stages: parallel, then exclusive.
    pub cases: Vec<CaseSpec>,
    /// Requirements in register order.
    pub requirements: Vec<PlannedRequirement>,
    /// Cases left out.
    pub left_out: Vec<LeftOut>,
    /// Rule books applied.
    pub profiles: Vec<Profile>,
    /// Level judged.
    pub level: ConformanceLevel,
    /// Sizes of random samples.
    pub depth: Depth,
    /// What it was made from beside suite and ICS.
    pub inputs: PlanInputs,
}

/// What a plan is made from, beside suite and ICS: enough to make it again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanInputs {
    /// SM3 of the suite, hex.
    pub suite_sm3: String,
    /// Rule books of the target file.
    pub file_profiles: Option<Vec<Profile>>,
    /// Permissions.
    pub permissions: Permissions,
    /// What the user selected.
    pub selection: Selection,
}

#[derive(Serialize)]
struct PlanFile<'a> {
    schema: &'static str,
    hash: &'a str,
    level: ConformanceLevel,
    depth: &'static str,
    profiles: &'a [Profile],
    inputs: &'a PlanInputs,
    cases: Vec<PlanLine<'a>>,
    left_out: Vec<LeftOutLine<'a>>,
}

#[derive(Serialize)]
struct PlanLine<'a> {
    id: &'a CaseId,
    requirement: &'a RequirementId,
    title: &'a str,
    stage: &'static str,
}

#[derive(Serialize)]
struct LeftOutLine<'a> {
    id: &'a CaseId,
    reason: &'a Text,
    partial: bool,
}

impl Plan {
    /// True if a selection or a missing permission left cases out.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.left_out.iter().any(|case| case.partial)
    }

    /// The plan as `plan.json`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let file = PlanFile {
            schema: "ecric.plan/1",
            hash: &self.hash,
            level: self.level,
            depth: self.depth.name(),
            profiles: &self.profiles,
            inputs: &self.inputs,
            cases: self
                .cases
                .iter()
                .map(|case| PlanLine {
                    id: &case.id,
                    requirement: &case.requirement,
                    title: &case.title,
                    stage: if case.exclusive { "exclusive" } else { "parallel" },
                })
                .collect(),
            left_out: self
                .left_out
                .iter()
                .map(|case| LeftOutLine { id: &case.id, reason: &case.reason, partial: case.partial })
                .collect(),
        };
        serde_json::to_value(file).unwrap_or_default()
    }
}

/// What the target permits and offers beyond its ICS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// Cases that revoke or destroy.
    pub destructive: bool,
    /// Cases of level security.
    pub security: bool,
    /// Cases that load the target.
    pub load: bool,
    /// A second caller is configured.
    pub second_caller: bool,
    /// Another node of the same service is named.
    #[serde(default)]
    pub second_node: bool,
    /// An address without test controls is named.
    #[serde(default)]
    pub no_test_mode: bool,
    /// The service is reached over TLS.
    #[serde(default)]
    pub tls: bool,
    /// Requests are signed with SM2.
    #[serde(default)]
    pub sm2_signed: bool,
    /// An expired access token is given.
    #[serde(default)]
    pub expired_token: bool,
    /// An access token for another service is given.
    #[serde(default)]
    pub foreign_token: bool,
    /// The product speaks another wire than binding v1, or through an adapter.
    pub reach: Reach,
    /// Who does what a holder does.
    pub driver: Driver,
    /// What does the work of test controls that the product does not have.
    #[serde(default)]
    pub stand_ins: StandIns,
}

/// Hooks and hands in the place of test controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StandIns {
    /// A hook answers T1.
    pub trust: bool,
    /// The suite's root was installed by hand: it is there and stays there.
    pub trust_by_hand: bool,
    /// A hook answers T2.
    pub clock: bool,
    /// A hook answers T3.
    pub personas: bool,
}

impl StandIns {
    /// True if a feature is there without the product's own control.
    const fn offer(self, feature: Feature) -> bool {
        match feature {
            Feature::TrustControl => self.trust || self.trust_by_hand,
            Feature::ClockControl => self.clock,
            Feature::PersonaControl => self.personas,
            _ => false,
        }
    }
}

/// Whether what is judged on the wire is the product's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It speaks binding v1 itself.
    #[default]
    Native,
    /// A mapping stands between.
    Mapped,
    /// A process stands between.
    Adapter,
}

/// Makes the plan.
///
/// # Errors
/// An id of `--only` that does not exist, or a tag expression that cannot be read.
pub fn make_plan(
    suite: &Suite,
    ics: &Ics,
    file_profiles: Option<&[Profile]>,
    permissions: Permissions,
    selection: &Selection,
) -> Result<Plan, Text> {
    let tags = selection.tags.as_deref().map(read_tags).transpose()?;
    let only = read_only(suite, &selection.only)?;
    let profiles = profiles_of(ics, file_profiles, selection);
    let level = selection.level.unwrap_or(ics.capabilities.level);
    let mut plan = Plan {
        hash: String::new(),
        cases: Vec::new(),
        requirements: Vec::new(),
        left_out: Vec::new(),
        profiles,
        level,
        depth: selection.depth,
        inputs: PlanInputs {
            suite_sm3: suite.sm3.clone(),
            file_profiles: file_profiles.map(<[Profile]>::to_vec),
            permissions,
            selection: selection.clone(),
        },
    };
    check_absences(suite, ics, permissions.reach)?;
    let mut wanted = BTreeSet::new();
    let mut impossible = BTreeMap::new();
    for case in &suite.cases {
        let Some(requirement) = suite.requirement(&case.requirement) else { continue };
        if !applies(requirement, ics, &plan.profiles) {
            continue;
        }
        let selected = only.as_ref().is_none_or(|ids| ids.contains(&case.id))
            && tags.as_ref().is_none_or(|operation| operation.eval(&case.scenario.tags));
        match not_planned(case, requirement, ics, level, permissions) {
            Some((reason, partial)) => {
                impossible.insert(case.id.clone(), reason.clone());
                plan.left_out.push(LeftOut { id: case.id.clone(), reason, partial });
            }
            None if !selected => plan.left_out.push(LeftOut {
                id: case.id.clone(),
                reason: Text::new("not selected", "未被选择"),
                partial: true,
            }),
            None => {
                wanted.insert(case.id.clone());
            }
        }
    }
    leave_twinless(suite, &impossible, &mut wanted, &mut plan.left_out);
    add_twins(suite, &mut wanted);
    plan.left_out.retain(|case| !wanted.contains(&case.id));
    for exclusive in [false, true] {
        let stage = suite.cases.iter().filter(|case| case.exclusive == exclusive && wanted.contains(&case.id));
        plan.cases.extend(stage.cloned());
    }
    plan.requirements = requirements_of(suite, ics, &plan, only.is_some() || tags.is_some());
    plan.hash = hash_of(suite, &plan);
    Ok(plan)
}

fn read_tags(expression: &str) -> Result<TagOperation, Text> {
    expression.parse::<TagOperation>().map_err(|error| {
        Text::new(format!("--tags {expression:?}: {error}"), format!("--tags {expression:?}：{error}"))
    })
}

/// Case ids that `--only` names; a requirement stands for all its cases.
fn read_only(suite: &Suite, only: &[String]) -> Result<Option<BTreeSet<CaseId>>, Text> {
    if only.is_empty() {
        return Ok(None);
    }
    let mut ids = BTreeSet::new();
    for name in only {
        let found: Vec<&CaseSpec> =
            suite.cases.iter().filter(|case| case.id.as_str() == name || case.requirement.as_str() == name).collect();
        if found.is_empty() {
            return Err(ecric_model::messages::Msg::UnknownCase.text(&[name]));
        }
        ids.extend(found.into_iter().map(|case| case.id.clone()));
    }
    Ok(Some(ids))
}

fn profiles_of(ics: &Ics, file: Option<&[Profile]>, selection: &Selection) -> Vec<Profile> {
    let chosen = selection.profiles.clone().or_else(|| file.map(<[Profile]>::to_vec));
    let mut profiles = chosen.unwrap_or_else(|| {
        let mut all = vec![Profile::Core, Profile::Binding];
        if ics.roles.contains(&Role::Loader) {
            all.push(Profile::Loader);
        }
        all
    });
    profiles.sort_unstable();
    profiles.dedup();
    profiles
}

fn applies(requirement: &Requirement, ics: &Ics, profiles: &[Profile]) -> bool {
    requirement.status == RequirementStatus::Active
        && profiles.contains(&requirement.profile)
        && ics.plays(requirement.role)
}

/// Why a case is not planned, and whether that makes the run partial.
fn not_planned(
    case: &CaseSpec,
    requirement: &Requirement,
    ics: &Ics,
    level: ConformanceLevel,
    permissions: Permissions,
) -> Option<(Text, bool)> {
    if !ics.plays(case.role) {
        return Some((Text::new("the role is not under test", "该角色不在测试范围"), false));
    }
    if level == ConformanceLevel::Core && case.level != CaseLevel::Core {
        return Some((Text::new("beyond level core", "超出 core 级别"), false));
    }
    if case.with_issuer && !ics.plays(Role::Issuer) {
        return Some((Text::new("it needs the issuer under test, too", "该用例还需被测签发方"), false));
    }
    if let Some(reason) = beyond_the_driver(case, permissions.driver) {
        return Some((reason, false));
    }
    let offered =
        |feature: &Feature| ics.capabilities.features.contains(feature) || permissions.stand_ins.offer(*feature);
    if let Some(feature) = case.needs.iter().find(|feature| !offered(feature)) {
        let name = feature.name();
        let why = ics.capabilities.declared_absences.iter().find(|absence| absence.id == name);
        let why = why.map(|absence| format!(": {}", absence.why)).unwrap_or_default();
        return Some((Text::new(format!("{name} is not declared{why}"), format!("未声明 {name}{why}")), false));
    }
    let moves_trust = case.exclusive && case.needs.contains(&Feature::TrustControl);
    if moves_trust && permissions.stand_ins.trust_by_hand && !permissions.stand_ins.trust {
        let reason = Text::new(
            "the suite's root was installed by hand: nothing here can take it away",
            "套件根证书为手工安装：此处无法移除",
        );
        return Some((reason, false));
    }
    if permissions.reach != Reach::Native
        && let Some(reason) = beyond_the_dialect(case, requirement, ics, permissions.reach)
    {
        return Some((reason, false));
    }
    if let Some(level) = case.levels.iter().find(|level| !ics.declares_level(level)) {
        let (en, zh) = match level.as_str() {
            "rps" => {
                ("slo declares answers a second of no operation".to_owned(), "slo 未声明任何操作的速率".to_owned())
            }
            name => (format!("slo declares no time for {name}"), format!("slo 未声明 {name} 的时延")),
        };
        return Some((Text::new(en, zh), false));
    }
    if case.second_caller && !permissions.second_caller {
        return Some((Text::new("no second caller is configured", "未配置第二调用方"), false));
    }
    let addresses = [
        (case.second_node && !permissions.second_node, "base.second_node is not given", "未提供 base.second_node"),
        (case.no_test_mode && !permissions.no_test_mode, "base.no_test_mode is not given", "未提供 base.no_test_mode"),
        (case.tls && !permissions.tls, "the target is reached without TLS", "目标未使用TLS"),
        (case.sm2_signed && !permissions.sm2_signed, "requests are not signed with SM2", "请求未以SM2签名"),
        (
            case.expired_token && !permissions.expired_token,
            "auth.main.expired_token is not given",
            "未提供 auth.main.expired_token",
        ),
        (
            case.foreign_token && !permissions.foreign_token,
            "auth.main.foreign_token is not given",
            "未提供 auth.main.foreign_token",
        ),
    ];
    if let Some((_, en, zh)) = addresses.into_iter().find(|(lacks, _, _)| *lacks) {
        return Some((Text::new(en, zh), false));
    }
    let dangers = [
        ("destructive", case.destructive, permissions.destructive, true),
        ("security", case.level == CaseLevel::Security, permissions.security, true),
        ("load", case.load, permissions.load, false),
    ];
    dangers
        .into_iter()
        .find(|(_, needed, allowed, _)| *needed && !*allowed)
        .map(|(name, _, _, partial)| (Text::new(format!("{name} is not permitted"), format!("未获准 {name}")), partial))
}

/// Why who drives a loading end cannot show a case.
fn beyond_the_driver(case: &CaseSpec, driver: Driver) -> Option<Text> {
    if case.human && driver != Driver::Human {
        return Some(Text::new("only a person can see it: loader.driver human", "仅可由人员观察：loader.driver human"));
    }
    if case.role != Role::Loader || driver == Driver::Api {
        return None;
    }
    if case.played {
        return Some(Text::new("the driver plays the device", "设备由驱动扮演"));
    }
    (driver == Driver::Human && (case.property || case.exclusive))
        .then(|| Text::new("it is too much for a person", "不宜由人员执行"))
}

/// Why a dialect, or an adapter, cannot show a case.
fn beyond_the_dialect(case: &CaseSpec, requirement: &Requirement, ics: &Ics, reach: Reach) -> Option<Text> {
    if case.wire {
        return Some(match reach {
            Reach::Adapter => Text::new(
                "it would judge the adapter: `ecric target selftest` does",
                "该用例判定的是适配器：由 `ecric target selftest` 执行",
            ),
            _ => Text::new("it is about the wire of binding v1", "该用例针对绑定v1自身的接口形式"),
        });
    }
    let absent = |id: &str| {
        id == requirement.id.as_str()
            || case
                .members
                .iter()
                .any(|member| member == id || member.strip_prefix(id).is_some_and(|rest| rest.starts_with(['.', '['])))
    };
    let found = ics.capabilities.declared_absences.iter().find(|absence| absent(&absence.id))?;
    Some(Text::new(
        format!("{} is declared absent: {}", found.id, found.why),
        format!("已声明不支持 {}：{}", found.id, found.why),
    ))
}

/// Every declared absence must mean something, and none may take a requirement of profile core away.
fn check_absences(suite: &Suite, ics: &Ics, reach: Reach) -> Result<(), Text> {
    for absence in &ics.capabilities.declared_absences {
        let id = absence.id.as_str();
        if let Some((_, requirement)) = suite.requirements().find(|(_, requirement)| requirement.id.as_str() == id) {
            if requirement.profile == Profile::Core || requirement.profile == Profile::Loader || reach == Reach::Native
            {
                return Err(Text::new(
                    format!(
                        "declared_absences: {id} cannot be declared away; only requirements of the profiles binding and gov-share can, on rungs mapped and adapter"
                    ),
                    format!(
                        "declared_absences：{id} 不能声明为缺失；仅 rung mapped 与 adapter 可声明 binding、gov-share 规则集的要求"
                    ),
                ));
            }
            continue;
        }
        let operation = id.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
        let known = ecric_model::ics::Feature::parse(id).is_some()
            || ecric_model::binding::Operation::parse(&operation).is_some();
        if !known {
            return Err(Text::new(
                format!("declared_absences: {id:?} is no feature, operation, member of a request or requirement"),
                format!("declared_absences：{id:?} 不是特性、操作、请求成员或要求编号"),
            ));
        }
    }
    Ok(())
}

/// A negative whose twin cannot run proves nothing: it is left out for the same reason.
fn leave_twinless(
    suite: &Suite,
    impossible: &BTreeMap<CaseId, Text>,
    wanted: &mut BTreeSet<CaseId>,
    left_out: &mut Vec<LeftOut>,
) {
    for case in &suite.cases {
        let Some(reason) = case.twin.as_ref().and_then(|twin| impossible.get(twin)) else { continue };
        if wanted.remove(&case.id) {
            left_out.push(LeftOut { id: case.id.clone(), reason: reason.clone(), partial: false });
        }
    }
}

/// A negative case brings its twin along, whatever was selected.
fn add_twins(suite: &Suite, wanted: &mut BTreeSet<CaseId>) {
    let twins: Vec<CaseId> =
        suite.cases.iter().filter(|case| wanted.contains(&case.id)).filter_map(|case| case.twin.clone()).collect();
    wanted.extend(twins);
}

fn requirements_of(suite: &Suite, ics: &Ics, plan: &Plan, selected: bool) -> Vec<PlannedRequirement> {
    let mut by_requirement: BTreeMap<&RequirementId, Vec<CaseId>> = BTreeMap::new();
    for case in &plan.cases {
        by_requirement.entry(&case.requirement).or_default().push(case.id.clone());
    }
    let mut why_left_out: BTreeMap<&RequirementId, &Text> = BTreeMap::new();
    let owner: BTreeMap<&CaseId, &RequirementId> =
        suite.cases.iter().map(|case| (&case.id, &case.requirement)).collect();
    for case in &plan.left_out {
        if let Some(requirement) = owner.get(&case.id) {
            why_left_out.entry(requirement).or_insert(&case.reason);
        }
    }
    let mut out = Vec::new();
    for (area, requirement) in suite.requirements() {
        if !applies(requirement, ics, &plan.profiles) {
            continue;
        }
        let mut cases = by_requirement.remove(&requirement.id).unwrap_or_default();
        cases.sort();
        let note = if cases.is_empty() { note_for(requirement, &why_left_out) } else { None };
        if cases.is_empty() && selected {
            continue;
        }
        out.push(PlannedRequirement {
            area: area.name.clone(),
            area_title: area.title.clone(),
            requirement: requirement.clone(),
            cases,
            note,
        });
    }
    out
}

fn note_for(requirement: &Requirement, why_left_out: &BTreeMap<&RequirementId, &Text>) -> Option<Text> {
    if let Some(why) = &requirement.not_tested {
        return Some(Text::new(format!("not tested: {}", why.en), format!("未测试：{}", why.zh)));
    }
    why_left_out.get(&requirement.id).map(|reason| (*reason).clone())
}

fn hash_of(suite: &Suite, plan: &Plan) -> String {
    let mut lines = vec!["ecric.plan/1".to_owned(), suite.sm3.clone()];
    lines.push(format!("{:?} {}", plan.level, plan.depth.name()));
    lines.extend(plan.profiles.iter().map(|profile| profile.name().to_owned()));
    lines.extend(plan.cases.iter().map(|case| case.id.to_string()));
    ecric_gm::sm3::digest_hex(lines.join("\n").as_bytes())
}
