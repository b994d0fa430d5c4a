//! A case: one scenario with what its tags say.

use cucumber::gherkin;
use ecric_model::binding::Operation;
use ecric_model::ics::Feature;
use ecric_model::ids::{CaseId, RequirementId};
use ecric_model::requirement::Role;
use ecric_model::sending::{Credentials, KeyUse, SendOptions};
use ecric_vectors::variation;

/// How far a run must go to reach a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseLevel {
    /// In every run.
    Core,
    /// Level full, and the danger `security` permitted.
    Security,
    /// Level full.
    Full,
    /// Level full, where the capability is declared.
    Optional,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSpec {
    /// Id.
    pub id: CaseId,
    /// Requirement of the rule it stands under.
    pub requirement: RequirementId,
    /// Title.
    pub title: String,
    /// Feature file.
    pub path: String,
    /// Line of the scenario, or of its Examples row.
    pub line: usize,
    /// Role that it drives; `All` for any.
    pub role: Role,
    /// Level.
    pub level: CaseLevel,
    /// True for a negative case.
    pub negative: bool,
    /// Its positive twin.
    pub twin: Option<CaseId>,
    /// True if it tries many values.
    pub property: bool,
    /// Capabilities that it needs.
    pub needs: Vec<Feature>,
    /// True if it needs a second caller.
    pub second_caller: bool,
    /// Needs another node of the same service.
    pub second_node: bool,
    /// Needs an address of the service without test controls.
    pub no_test_mode: bool,
    /// Needs TLS.
    pub tls: bool,
    /// Needs requests that are signed with SM2.
    pub sm2_signed: bool,
    /// Needs an access token that has expired.
    pub expired_token: bool,
    /// Needs an access token for another service.
    pub foreign_token: bool,
    /// True if it revokes or destroys.
    pub destructive: bool,
    /// True if it loads the target.
    pub load: bool,
    /// Service levels that it judges: an operation with declared times, or `rps` for any with a declared rate.
    pub levels: Vec<String>,
    /// True if it must run alone.
    pub exclusive: bool,
    /// True if it is left out of quick self-tests.
    pub slow: bool,
    /// True if it is about binding v1's own wire: its syntax, headers, signature, methods.
    pub wire: bool,
    /// True if the suite itself must play the device.
    pub played: bool,
    /// True if only a person can see it.
    pub human: bool,
    /// True if the issuer must be under test, too.
    pub with_issuer: bool,
    /// True if it is about the framing of HTTP, below binding v1: adapters on loopback need not master it.
    pub transport: bool,
    /// Members of requests that it needs beyond the ordinary, `issuer.issue.holder.photo`.
    pub members: Vec<String>,
    /// The scenario, expanded.
    pub scenario: gherkin::Scenario,
    /// Name of its rule.
    pub rule: String,
}

impl CaseSpec {
    /// The steps as written.
    #[must_use]
    pub fn steps(&self) -> Vec<String> {
        self.scenario.steps.iter().map(|step| format!("{}{}", step.keyword, step.value)).collect()
    }

    /// Reads the tags of a scenario.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub(crate) fn read(
        scenario: gherkin::Scenario,
        requirement: &RequirementId,
        rule: &str,
        path: &str,
    ) -> Result<Self, String> {
        let mut case = Self {
            id: CaseId::parse(&format!("{requirement}/00")).map_err(|error| error.to_string())?,
            requirement: requirement.clone(),
            title: scenario.name.clone(),
            path: path.to_owned(),
            line: scenario.position.line,
            role: Role::All,
            level: CaseLevel::Core,
            negative: false,
            twin: None,
            property: false,
            needs: Vec::new(),
            second_caller: false,
            second_node: false,
            no_test_mode: false,
            tls: false,
            sm2_signed: false,
            expired_token: false,
            foreign_token: false,
            destructive: false,
            load: false,
            levels: Vec::new(),
            exclusive: false,
            slow: false,
            wire: false,
            played: false,
            human: false,
            with_issuer: false,
            transport: false,
            members: Vec::new(),
            scenario: gherkin::Scenario { examples: Vec::new(), ..scenario.clone() },
            rule: rule.to_owned(),
        };
        let (mut has_id, mut has_level, mut has_role) = (false, false, false);
        for tag in &scenario.tags {
            if let Ok(id) = CaseId::parse(tag) {
                has_id = true;
                case.id = id;
            } else {
                case.read_tag(tag, &mut has_level, &mut has_role)?;
            }
        }
        case.read_variations();
        if !has_id {
            return Err("the scenario has no case id".to_owned());
        }
        if !has_level || !has_role {
            return Err(format!("{} needs a role and a level", case.id));
        }
        Ok(case)
    }

    /// What the variations of its steps ask of a wire.
    fn read_variations(&mut self) {
        let steps: Vec<String> = self.scenario.steps.iter().map(|step| step.value.clone()).collect();
        let words = steps.iter().flat_map(|step| step.split('"').skip(1).step_by(2));
        for variation in words.filter_map(variation::find) {
            self.wire |= variation.wire || variation.raw.is_some() || is_of_the_wire(&variation.send);
            if variation.operation != "any" {
                self.members.push(variation.operation.clone());
                let at = variation.edits.iter().filter(|edit| !edit.at.is_empty());
                self.members.extend(at.map(|edit| format!("{}.{}", variation.operation, edit.at)));
            }
        }
    }

    fn read_tag(&mut self, tag: &str, has_level: &mut bool, has_role: &mut bool) -> Result<(), String> {
        match tag {
            "core" => (self.level, *has_level) = (CaseLevel::Core, true),
            "security" => (self.level, *has_level) = (CaseLevel::Security, true),
            "full" => (self.level, *has_level) = (CaseLevel::Full, true),
            "optional" => (self.level, *has_level) = (CaseLevel::Optional, true),
            "issuer" => (self.role, *has_role) = (Role::Issuer, true),
            "sharing_service" => (self.role, *has_role) = (Role::SharingService, true),
            "verifier" => (self.role, *has_role) = (Role::Verifier, true),
            "loader" => (self.role, *has_role) = (Role::Loader, true),
            "all" => (self.role, *has_role) = (Role::All, true),
            "negative" => self.negative = true,
            "property" => self.property = true,
            "second_caller" => self.second_caller = true,
            "destructive" => self.destructive = true,
            "load" => self.load = true,
            "second_node" => self.second_node = true,
            "no_test_mode" => self.no_test_mode = true,
            "tls" => self.tls = true,
            "sm2_signed" => self.sm2_signed = true,
            "expired_token" => self.expired_token = true,
            "foreign_token" => self.foreign_token = true,
            "exclusive" => self.exclusive = true,
            "slow" => self.slow = true,
            "played" => self.played = true,
            "human" => self.human = true,
            "with_issuer" => self.with_issuer = true,
            "wire" => self.wire = true,
            "transport" => (self.wire, self.transport) = (true, true),
            other => match (other.strip_prefix("twin:"), Feature::parse(other)) {
                (Some(twin), _) => self.twin = Some(CaseId::parse(twin).map_err(|error| error.to_string())?),
                (None, Some(feature)) => self.needs.push(feature),
                (None, None) => match (other.strip_prefix("uses:"), other.strip_prefix("slo:")) {
                    (Some(member), _) => self.members.push(member.to_owned()),
                    (None, Some(level)) if level == "rps" || Operation::parse(level).is_some() => {
                        self.levels.push(level.to_owned());
                    }
                    (None, _) => return Err(format!("unknown tag @{other}")),
                },
            },
        }
        Ok(())
    }
}

/// True if a way of sending exists on binding v1's own wire only.
fn is_of_the_wire(send: &SendOptions) -> bool {
    let carried = SendOptions {
        credentials: send.credentials,
        idempotency: send.idempotency,
        if_none_match: send.if_none_match,
        signature: if send.signature.sm2_fault().is_some() { send.signature } else { SendOptions::default().signature },
        ..SendOptions::default()
    };
    let caller = matches!(
        send.credentials,
        Credentials::Main | Credentials::Other | Credentials::ExpiredToken | Credentials::ForeignToken
    );
    *send != carried || !caller || send.idempotency == KeyUse::Missing
}
