//! Verdicts and causes, and the order in which they roll up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;

/// Verdict of a case or of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// The product does something else than required.
    Fail,
    /// No answer within the limit.
    Hang,
    /// Mandatory or declared, but not supported.
    Unimplemented,
    /// A fault of ours.
    SuiteError,
    /// Twin or set-up failed, or the run was stopped.
    Inconclusive,
    /// A person has to decide.
    Review,
    /// An advisory requirement is not met.
    Warn,
    /// Met.
    Pass,
    /// Does not apply by the ICS.
    NotApplicable,
}

impl Verdict {
    /// Every verdict, worst first: the order of the roll-up.
    pub const ROLL_UP: [Self; 9] = [
        Self::Fail,
        Self::Hang,
        Self::Unimplemented,
        Self::SuiteError,
        Self::Inconclusive,
        Self::Review,
        Self::Warn,
        Self::Pass,
        Self::NotApplicable,
    ];

    /// The word in records and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "FAIL",
            Self::Hang => "HANG",
            Self::Unimplemented => "UNIMPLEMENTED",
            Self::SuiteError => "SUITE_ERROR",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::Review => "REVIEW",
            Self::Warn => "WARN",
            Self::Pass => "PASS",
            Self::NotApplicable => "NOT_APPLICABLE",
        }
    }

    /// The word in both languages.
    #[must_use]
    pub fn text(self) -> Text {
        let zh = match self {
            Self::Fail => "不符合",
            Self::Hang => "无响应",
            Self::Unimplemented => "未实现",
            Self::SuiteError => "测试套件错误",
            Self::Inconclusive => "无法判定",
            Self::Review => "待人工评审",
            Self::Warn => "警告",
            Self::Pass => "通过",
            Self::NotApplicable => "不适用",
        };
        Text::new(self.name(), zh)
    }

    /// True for FAIL, HANG and UNIMPLEMENTED: what makes a deciding requirement non-conformant.
    #[must_use]
    pub const fn is_red(self) -> bool {
        matches!(self, Self::Fail | Self::Hang | Self::Unimplemented)
    }
}

/// Why a case is INCONCLUSIVE, NOT_APPLICABLE or SUITE_ERROR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The positive twin did not pass.
    Twin,
    /// A person could not be provisioned.
    Persona,
    /// A licence needed for the case could not be made, or another set-up step failed.
    SetUp,
    /// The target's clock could not be moved.
    Clock,
    /// The mapping could not be applied.
    Mapping,
    /// The run was stopped on purpose.
    Stopped,
    /// The product could not be reached.
    Unreachable,
    /// Our credentials were refused.
    Credentials,
    /// The adapter in front of the product did not pass its self-test.
    Adapter,
    /// Not declared in the ICS.
    NotDeclared,
    /// Declared without what is needed to show it.
    NotShown,
    /// A step is undefined or ambiguous.
    UndefinedStep,
    /// A step of ours panicked.
    Panic,
    /// The case ended without an explicit judgement.
    NoJudgement,
    /// The case ran longer than the limit of the suite.
    CaseTimeLimit,
}

impl Cause {
    /// The cause in words, both languages.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Twin => Text::new("its positive twin did not pass", "对应的正例未通过"),
            Self::Persona => Text::new("a test person could not be provisioned", "测试人员无法建立"),
            Self::SetUp => Text::new("a set-up step failed", "前置步骤失败"),
            Self::Clock => Text::new("the target's clock could not be moved", "无法调整被测系统时钟"),
            Self::Mapping => Text::new("the answer could not be mapped", "应答无法映射"),
            Self::Stopped => Text::new("the run was stopped", "测试已中止"),
            Self::Unreachable => Text::new("the target could not be reached", "无法连接被测系统"),
            Self::Credentials => Text::new("our credentials were refused", "我方凭据被拒绝"),
            Self::Adapter => Text::new("the adapter did not pass its self-test", "适配器未通过自检"),
            Self::NotDeclared => Text::new("not declared in the ICS", "实现一致性声明未声明"),
            Self::NotShown => Text::new("the ICS offers no way to show it", "声明中没有可供验证的途径"),
            Self::UndefinedStep => Text::new("a step is undefined or ambiguous", "步骤未定义或有歧义"),
            Self::Panic => Text::new("a step of the suite panicked", "测试套件步骤崩溃"),
            Self::NoJudgement => Text::new("the case ended without a judgement", "用例结束而无判定"),
            Self::CaseTimeLimit => Text::new("the case ran over the suite's time limit", "用例超过套件时限"),
        }
    }
}

/// Verdict of a whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunVerdict {
    /// Every deciding requirement holds. Exit 0.
    Conformant,
    /// A deciding requirement is FAIL, HANG or UNIMPLEMENTED. Exit 1.
    NonConformant,
    /// Nothing could start. Exit 2.
    NotStarted,
    /// A fault of ours, or a deciding requirement could not be judged. Exit 3.
    Inconclusive,
    /// A planned case was never closed. Exit 4.
    Incomplete,
}

impl RunVerdict {
    /// Exit code of `ecric run`.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Conformant => 0,
            Self::NonConformant => 1,
            Self::NotStarted => 2,
            Self::Inconclusive => 3,
            Self::Incomplete => 4,
        }
    }

    /// The verdict in both languages.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Conformant => Text::new("conformant", "符合"),
            Self::NonConformant => Text::new("non-conformant", "不符合"),
            Self::NotStarted => Text::new("not started", "未开始"),
            Self::Inconclusive => Text::new("inconclusive", "无法判定"),
            Self::Incomplete => Text::new("incomplete", "未完成"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_the_contract() {
        let codes = [
            (RunVerdict::Conformant, 0),
            (RunVerdict::NonConformant, 1),
            (RunVerdict::NotStarted, 2),
            (RunVerdict::Inconclusive, 3),
            (RunVerdict::Incomplete, 4),
        ];
        for (verdict, code) in codes {
            assert_eq!(verdict.exit_code(), code);
        }
    }

    #[test]
    fn roll_up_order_is_the_order_of_the_enum() {
        let mut sorted = Verdict::ROLL_UP;
        sorted.sort_unstable();
        assert_eq!(sorted, Verdict::ROLL_UP);
    }
}
