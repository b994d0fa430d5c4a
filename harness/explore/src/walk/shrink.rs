//! Makes a failing walk short: leaves steps out and simplifies the rest, each try with a new holder.

use super::drive::{Ground, play};
use super::step::Step;
use super::{Failure, failure_of};

/// The shortest failing walk found within `most` replays, and how many were spent.
///
/// # Errors
/// When the ground cannot be walked on.
pub(crate) async fn shrink<G: Ground>(ground: &G, first: Failure, most: u32) -> Result<(Failure, u32), G::Error> {
    let mut shrinking = Shrinking { ground, best: first, spent: 0, most };
    loop {
        let before = shrinking.best.steps.clone();
        shrinking.leave_out().await?;
        shrinking.leave_out_licences().await?;
        shrinking.simplify().await?;
        if shrinking.best.steps == before || shrinking.spent >= most {
            return Ok((shrinking.best, shrinking.spent));
        }
    }
}

struct Shrinking<'a, G> {
    ground: &'a G,
    best: Failure,
    spent: u32,
    most: u32,
}

impl<G: Ground> Shrinking<'_, G> {
    /// True if the candidate fails too; it is then the best. Any fault will do: it need not be the first one.
    async fn fails(&mut self, candidate: Vec<Step>) -> Result<bool, G::Error> {
        if self.spent >= self.most {
            return Ok(false);
        }
        self.spent += 1;
        let played = play(self.ground, &candidate).await?;
        match failure_of(self.best.walk, &candidate, played) {
            Some(failure) => {
                self.best = failure;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Leaves out runs of steps: long ones first, down to single steps.
    async fn leave_out(&mut self) -> Result<(), G::Error> {
        let mut size = self.best.steps.len() / 2;
        while size > 0 {
            let mut at = 0;
            // The last step shows the fault: it stays.
            while at + size < self.best.steps.len() {
                let mut candidate = self.best.steps.clone();
                candidate.drain(at..at + size);
                if !self.fails(candidate).await? {
                    at += size.div_ceil(2);
                }
            }
            size /= 2;
        }
        Ok(())
    }

    /// Leaves out steps that make a licence; later steps go on speaking of the licences they spoke of.
    async fn leave_out_licences(&mut self) -> Result<(), G::Error> {
        let mut at = 0;
        while at + 1 < self.best.steps.len() {
            let fails = self.best.steps[at].makes() && self.fails(without_licence(&self.best.steps, at)).await?;
            at += usize::from(!fails);
        }
        Ok(())
    }

    async fn simplify(&mut self) -> Result<(), G::Error> {
        let mut at = 0;
        while at < self.best.steps.len() {
            let mut simpler = self.best.steps[at].simpler().into_iter();
            let mut moved = false;
            while let (false, Some(step)) = (moved, simpler.next()) {
                let mut candidate = self.best.steps.clone();
                candidate[at] = step;
                moved = self.fails(candidate).await?;
            }
            at += usize::from(!moved);
        }
        Ok(())
    }
}

/// The steps without the one at `at`, which makes a licence: what later steps count back from the newest licence
/// counts one less beyond it.
fn without_licence(steps: &[Step], at: usize) -> Vec<Step> {
    let mut made_since = 0;
    let later = steps[at + 1..].iter().map(|step| {
        let beyond = step.on().is_some_and(|on| on > made_since);
        made_since += u8::from(step.makes());
        if beyond { step.on_newer() } else { *step }
    });
    steps[..at].iter().copied().chain(later).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_licence_later_steps_speak_of_the_same_ones() {
        let read = |text: &str| text.split("; ").map(|line| line.parse().unwrap()).collect::<Vec<Step>>();
        let steps = read("issue; revoke; issue; revoke; issue; destroy on 2; status on 1; reissue; metadata on 3");
        let wanted = read("issue; revoke; issue; revoke; destroy on 1; status; reissue; metadata on 2");
        assert_eq!(without_licence(&steps, 4), wanted);
        let wanted = read("issue; revoke; revoke; issue; destroy on 1; status on 1; reissue; metadata on 2");
        assert_eq!(without_licence(&steps, 2), wanted);
    }
}
