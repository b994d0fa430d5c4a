//! What only a person sees: the screen of the app. The person's word is evidence for a review, no verdict.

use cucumber::then;
use ecric_model::Text;
use ecric_target::HumanQuestion;

use super::present::hotel;
use super::relying_party::{ASKED, SCENE};
use super::{EcricWorld, StepResult};
use crate::requests;

impl EcricWorld {
    /// Puts a question to the person at the terminal; the answer is kept for the review.
    async fn ask_the_person(&self, question: Text) -> StepResult {
        let case = self.case()?;
        let asked = HumanQuestion::yes_or_no(question);
        match case.connection.ask_human(asked).await {
            Some(_) => {
                case.with_log(|log| log.judgements += 1);
                Ok(())
            }
            None => Err(self.inconclusive(
                ecric_model::verdict::Cause::NotShown,
                Text::new("nobody is at the terminal", "终端前没有人员"),
            )),
        }
    }
}

#[then("the screen shows who asks, where, why, for what")]
async fn screen_shows_the_request(world: &mut EcricWorld) -> StepResult {
    let what = ASKED.join(", ");
    let question = Text::new(
        format!(
            "Did the app show, before asking for consent: the party {}, the scene {SCENE}, the cause {}, and the fields {what}?",
            hotel(),
            requests::CAUSE
        ),
        format!(
            "应用在征求同意之前是否显示：依赖方 {}、场景 {SCENE}、事由 {}、字段 {what}？",
            hotel(),
            requests::CAUSE
        ),
    );
    world.ask_the_person(question).await
}

#[then("the screen masks number with address")]
async fn screen_masks(world: &mut EcricWorld) -> StepResult {
    let question = Text::new(
        "Does the app mask citizen number and address until the holder asks to see them?",
        "在持证人要求显示之前，应用是否对公民身份号码与住址脱敏？",
    );
    world.ask_the_person(question).await
}
