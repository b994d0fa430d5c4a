//! The table of user-interface messages, English and Chinese. A missing language does not compile.

use crate::{Lang, Text};

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident = $en:literal, $zh:literal;)+) => {
        /// A message of the user interface. `{0}`, `{1}` … are filled in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Msg { $($(#[$doc])* #[allow(missing_docs)] $name),+ }

        impl Msg {
            /// Every message.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The template in one language.
            #[must_use]
            pub const fn template(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $en, (Self::$name, Lang::ZhCn) => $zh),+
                }
            }
        }
    };
}

messages! {
    ReferenceStarted = "reference implementation ready at {0}", "参考实现已就绪：{0}";
    PlanReady = "plan {0}: {1} cases for {2} requirements", "测试计划 {0}：{1} 个用例，{2} 项要求";
    Progress = "{0}/{1} cases, {2} failed, {3}", "用例 {0}/{1}，失败 {2}，{3}";
    Verdict = "verdict", "结论";
    Requirements = "requirements", "要求";
    Cases = "cases", "用例";
    Report = "report", "报告";
    Record = "record", "记录";
    Partial = "partial", "部分测试";
    Seed = "seed", "种子";
    Stopped = "stopped", "已中止";
    Expected = "expected", "预期";
    Actual = "actual", "实际";
    Place = "where", "位置";
    Repeat = "repeat", "重现";
    Interrupted = "interrupted: the cases left are closed as INCONCLUSIVE", "已中断：其余用例按“无法判定”关闭";
    LintOk = "lint: {0} requirements, {1} cases, {2} steps, {3} mutants, {4} vectors: no problem", "检查：{0} 项要求、{1} 个用例、{2} 个步骤、{3} 个变异体、{4} 个向量：无问题";
    LintProblems = "lint: {0} problems", "检查：{0} 个问题";
    TargetOk = "{0}: no problem; plan {1}, {2} cases", "{0}：无问题；计划 {1}，{2} 个用例";
    TargetProblems = "{0}: {1} problems", "{0}：{1} 个问题";
    TargetWritten = "target file written: {0}", "目标文件已写入：{0}";
    PreEvidence = "pre-conformance evidence: the text of the standard is not public", "预符合性证据：标准文本尚未公开";
    UnknownCase = "no such requirement or case: {0}", "没有该要求或用例：{0}";
    NothingPlanned = "nothing to run: no case fits the target and the selection", "无可执行用例：没有用例符合目标与选择条件";
    CannotWrite = "cannot write {0}: {1}", "无法写入 {0}：{1}";
    CannotRead = "cannot read {0}: {1}", "无法读取 {0}：{1}";
}

impl Msg {
    /// The message with its arguments filled in.
    #[must_use]
    pub fn fill(self, lang: Lang, arguments: &[&dyn std::fmt::Display]) -> String {
        let mut text = self.template(lang).to_owned();
        for (index, argument) in arguments.iter().enumerate() {
            text = text.replace(&format!("{{{index}}}"), &argument.to_string());
        }
        text
    }

    /// The message in both languages.
    #[must_use]
    pub fn text(self, arguments: &[&dyn std::fmt::Display]) -> Text {
        Text::new(self.fill(Lang::En, arguments), self.fill(Lang::ZhCn, arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places() {
        for message in Msg::ALL {
            for index in 0..5 {
                let place = format!("{{{index}}}");
                assert_eq!(
                    message.template(Lang::En).contains(&place),
                    message.template(Lang::ZhCn).contains(&place),
                    "{message:?} {place}"
                );
            }
        }
    }
}
