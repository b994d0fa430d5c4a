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

#[then("the screen shows that the licence is suspended")]
async fn screen_shows_suspension(world: &mut EcricWorld) -> StepResult {
    let question = Text::new(
        "The issuer has suspended the licence. Does the app show it as suspended, and give no code?",
        "签发方已暂停该证照。应用是否显示其已暂停，且不给出出示码？",
    );
    world.ask_the_person(question).await
}

#[then("the screen counts down the life of the code")]
async fn screen_counts_down(world: &mut EcricWorld) -> StepResult {
    let question = Text::new(
        "Does the app show how long the code still lives, and does the code disappear at the end of that time?",
        "应用是否显示出示码的剩余有效时间，到时出示码是否消失？",
    );
    world.ask_the_person(question).await
}

#[then("the app refuses once its status is older than 24 hours")]
async fn refuses_after_a_day(world: &mut EcricWorld) -> StepResult {
    let question = Text::new(
        "Leave aeroplane mode on. Set the clock of the device 25 hours ahead, or wait as long. Does the app now refuse to show the licence until it is online again? Put the clock back afterwards.",
        "请保持飞行模式，将设备时钟调快25小时或等待相同时间。应用此时是否在重新联网前拒绝亮证？完成后请恢复时钟。",
    );
    world.ask_the_person(question).await
}

#[then("the screen cannot be recorded while the face is shown")]
async fn screen_cannot_be_recorded(world: &mut EcricWorld) -> StepResult {
    let question = Text::new(
        "Show the face of the licence, take a screenshot, then record the screen. Where the system of the device lets apps forbid both: is the face missing or blackened in picture and recording?",
        "请显示证面，截屏并录屏。若设备系统允许应用禁止截屏与录屏：截图与录像中证面是否缺失或被遮黑？",
    );
    world.ask_the_person(question).await
}

#[then("the app asked the guardian")]
async fn guardian_was_asked(world: &mut EcricWorld) -> StepResult {
    let question = Text::new(
        "The holder is under 14. Did the app, before it loaded or showed the licence, ask for the consent of a parent or guardian who had to authenticate?",
        "持证人未满14周岁。应用在装载或出示证照之前，是否征得经认证的父母或其他监护人同意？",
    );
    world.ask_the_person(question).await
}
