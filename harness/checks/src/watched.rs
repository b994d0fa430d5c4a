//! Questions about what was seen in all captured bytes of a run.

use ecric_model::Text;
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;

/// One value that was seen where it may not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighted<'a> {
    /// In which form: plain, base64, SM3 and so on.
    pub form: &'a str,
    /// Operation.
    pub operation: &'a str,
    /// Case during which it happened.
    pub case: &'a str,
}

/// Was nothing seen at a place? `what` says what may not be there.
///
/// # Errors
/// `LEAK`, with the first sighting and their number.
pub fn check_unsighted(place: &str, what: Text, sighted: &[Sighted<'_>]) -> Judgement {
    ablatable!("check_unsighted");
    let Some(Sighted { form, operation, case }) = sighted.first() else { return Ok(()) };
    let count = sighted.len();
    fail(
        FindingClass::Leak,
        place,
        what,
        Text::new(
            format!("{count} times, first in {operation} during {case} ({form})"),
            format!("{count}次，首次见于用例 {case} 的 {operation}（{form}）"),
        ),
    )
}

/// Was anything looked at: exchanges, and values to look for?
///
/// # Errors
/// `MISSING`.
pub fn check_looked(exchanges: u64, values: u64) -> Judgement {
    ablatable!("check_looked");
    if exchanges > 0 && values > 0 {
        return Ok(());
    }
    fail(
        FindingClass::Missing,
        "run",
        Text::new("exchanges with a product about a person", "与产品就某人进行的交互"),
        Text::new(format!("{exchanges} exchanges, {values} values"), format!("{exchanges}次交互，{values}项信息")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sightings_are_findings() {
        let what = || Text::new("nothing", "无");
        assert!(check_unsighted("URL", what(), &[]).is_ok());
        let one = Sighted { form: "MD5", operation: "issuer.status", case: "LIF-018/01" };
        let found = check_unsighted("URL", what(), &[one, one]).unwrap_err();
        assert_eq!(found.class, FindingClass::Leak);
        assert!(found.actual.en.contains("2 times") && found.actual.en.contains("MD5"));
        assert!(check_looked(1, 1).is_ok() && check_looked(0, 1).is_err() && check_looked(1, 0).is_err());
    }
}
