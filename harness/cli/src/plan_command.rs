//! `ecric plan`, and the planning that `run` shares.

use std::path::Path;

use ecric_model::binding::Operation;
use ecric_model::ics::ConformanceLevel;
use ecric_model::messages::Msg;
use ecric_model::requirement::Profile;
use ecric_model::sending::{At, Credentials};
use ecric_model::{Lang, Text};
use ecric_runner::{Depth, Permissions, Plan, Reach, Selection, Source, StandIns, Suite, make_plan};
use ecric_target::{LoadedTarget, Rung, load_target};
use ecric_vectors::person::KINDS;

use crate::args::{DepthArg, LevelArg, PlanArgs, SelectArgs};
use crate::{embedded, exit};

/// Prints a message on standard error.
pub(crate) fn complain(lang: Lang, text: &Text) {
    eprintln!("ecric: {}", text.in_lang(lang));
}

/// Loads the suite that the arguments ask for.
pub(crate) fn load_suite(features: Option<&Path>) -> Result<Suite, Text> {
    let source = match features {
        None => Source::embedded(),
        Some(path) => Source::folder(path)
            .map_err(|error| Text::new(format!("--features {error}"), format!("--features {error}")))?,
    };
    let (suite, problems) = Suite::load(&source);
    if problems.is_empty() {
        return Ok(suite);
    }
    let lines = |chinese: bool| {
        let one = |problem: &ecric_runner::SuiteProblem| {
            let words = if chinese { &problem.zh } else { &problem.en };
            format!("\n  {}:{}: {words}", problem.path, problem.line)
        };
        problems.iter().take(20).map(one).collect::<String>()
    };
    Err(Text::new(
        format!("the features cannot be used:{}", lines(false)),
        format!("特性文件无法使用：{}", lines(true)),
    ))
}

/// Loads a target file; every problem is one message.
pub(crate) fn load(path: &Path) -> Result<LoadedTarget, Text> {
    load_target(path).map_err(|problems| {
        let lines = |lang| {
            problems
                .iter()
                .map(|problem| format!("\n  {}:{}", path.display(), problem.render(lang)))
                .collect::<String>()
        };
        let count = problems.len();
        Text::new(
            format!("{}{}", Msg::TargetProblems.fill(Lang::En, &[&path.display(), &count]), lines(Lang::En)),
            format!("{}{}", Msg::TargetProblems.fill(Lang::ZhCn, &[&path.display(), &count]), lines(Lang::ZhCn)),
        )
    })
}

/// Reads the selection.
pub(crate) fn selection(arguments: &SelectArgs) -> Result<Selection, Text> {
    let mut profiles = Vec::new();
    for name in &arguments.profile {
        let found = Profile::ALL.into_iter().find(|profile| profile.name() == name);
        profiles.push(found.ok_or_else(|| {
            Text::new(
                format!("--profile {name:?}: wanted core, binding, loader, gov-share"),
                format!("--profile {name:?}：可用 core、binding、loader、gov-share"),
            )
        })?);
    }
    Ok(Selection {
        level: arguments.level.map(|level| match level {
            LevelArg::Core => ConformanceLevel::Core,
            LevelArg::Full => ConformanceLevel::Full,
        }),
        profiles: (!profiles.is_empty()).then_some(profiles),
        only: arguments.only.clone(),
        tags: arguments.tags.clone(),
        depth: match arguments.depth {
            DepthArg::Quick => Depth::Quick,
            DepthArg::Standard => Depth::Standard,
            DepthArg::Long => Depth::Long,
        },
    })
}

/// Makes the plan of a target.
pub(crate) fn plan_for(suite: &Suite, target: &LoadedTarget, selection: &Selection) -> Result<Plan, Text> {
    let permissions = Permissions {
        destructive: target.allows("destructive"),
        security: target.allows("security"),
        load: target.allows("load"),
        second_caller: target.second_caller,
        second_node: target.settings.has_base(At::SecondNode),
        no_test_mode: target.settings.has_base(At::NoTestMode),
        tls: target.settings.is_tls(),
        sm2_signed: target.settings.signs_with_sm2(),
        expired_token: target.settings.has_token(Credentials::ExpiredToken),
        foreign_token: target.settings.has_token(Credentials::ForeignToken),
        reach: match target.file.rung {
            Rung::Native => Reach::Native,
            Rung::Mapped => Reach::Mapped,
            Rung::Adapter => Reach::Adapter,
        },
        driver: target.settings.driver(),
        stand_ins: StandIns {
            trust: target.settings.is_hooked(Operation::TestTrustAnchors),
            trust_by_hand: target.trust_by_hand(),
            clock: target.settings.is_hooked(Operation::TestClock),
            personas: target.settings.is_hooked(Operation::TestPersonas),
        },
    };
    check_kinds(target)?;
    make_plan(suite, &target.ics, target.file.profiles.as_deref(), permissions, selection)
}

/// Kinds of listed persons that no case asks for are mistakes.
fn check_kinds(target: &LoadedTarget) -> Result<(), Text> {
    for person in &target.persons {
        if let Some(kind) = person.kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
            let (name, known) = (&person.name, KINDS.join(", "));
            return Err(Text::new(
                format!("personas.map.{name}.kinds: {kind:?}: wanted {known}"),
                format!("personas.map.{name}.kinds：{kind:?}：可用 {known}"),
            ));
        }
    }
    Ok(())
}

/// When an adapter is put to its self-test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SelfTest {
    /// Before a run: the slow cases stay away.
    BeforeRun,
    /// By itself: all of it.
    Alone,
}

/// The cases about binding v1's own wire that an adapter has to pass itself: those about its messages, and about
/// credentials where it asks for any; not those about the framing of HTTP.
pub(crate) fn self_test_plan(suite: &Suite, target: &LoadedTarget, when: SelfTest) -> Result<Plan, Text> {
    let signs = target.settings.main.is_some();
    let about_wire = suite.cases.iter().filter(|case| {
        let requirement = case.requirement.as_str();
        let about_credentials =
            case.path.starts_with("authentication/") || requirement.starts_with("ATH") || requirement == "COM-021";
        case.wire && !case.transport && (signs || !about_credentials) && (when == SelfTest::Alone || !case.slow)
    });
    let only: Vec<String> = about_wire.map(|case| case.id.to_string()).collect();
    let mut native = target.clone();
    native.file.rung = Rung::Native;
    native.ics.capabilities.declared_absences.clear();
    plan_for(suite, &native, &Selection { only, ..Selection::default() })
}

/// Runs the command.
pub(crate) fn execute(arguments: &PlanArgs, lang: Lang) -> u8 {
    let made = load_suite(arguments.select.features.as_deref()).and_then(|suite| {
        let target = match &arguments.select.target {
            Some(path) => load(path)?,
            None => embedded::target(&embedded::Addresses::nowhere())?,
        };
        plan_for(&suite, &target, &selection(&arguments.select)?)
    });
    match made {
        Ok(plan) if arguments.json => {
            say!("{:#}", plan.to_json());
            exit::OK
        }
        Ok(plan) => {
            print(&plan, lang);
            exit::OK
        }
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn print(plan: &Plan, lang: Lang) {
    say!("{}", Msg::PlanReady.fill(lang, &[&plan.hash, &plan.cases.len(), &plan.requirements.len()]));
    for case in &plan.cases {
        say!("{}  {}", case.id, case.title);
    }
    if !plan.left_out.is_empty() {
        say!();
    }
    for case in &plan.left_out {
        let word = match lang {
            Lang::En => "left out",
            Lang::ZhCn => "未纳入",
        };
        say!("{}  {word}: {}", case.id, case.reason.in_lang(lang));
    }
}
