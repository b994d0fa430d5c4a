//! Pages: size 1 to 100, opaque tokens that cannot be altered (ruling F2).

use ecric_gm::encoding::hex;

use crate::behaviour::Behaviour;
use crate::reader::Reader;
use crate::shared::Shared;

const DEFAULT: usize = 50;
const MAX: i64 = 100;

/// A page asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) size: usize,
    /// Entries before it.
    pub(crate) skip: usize,
}

/// Reads `pageSize` and `pageToken`; `subject` ties a token to what was asked.
pub(crate) fn read_page(reader: &Reader<'_>, shared: &Shared, subject: &str) -> Page {
    let behaviour: &Behaviour = &shared.behaviour;
    let mut page = Page { size: DEFAULT, skip: 0 };
    if let Some(size) = reader.int_opt("pageSize") {
        match size {
            0 if behaviour.page_zero_is_default() => {}
            size if size > MAX && behaviour.page_clamped() => page.size = 100,
            1..=MAX => page.size = usize::try_from(size).unwrap_or(DEFAULT),
            _ => reader.fault("pageSize", "not within 1 to 100"),
        }
    }
    if let Some(text) = reader.text_opt("pageToken") {
        let skip = text.split_once('.').and_then(|(skip, _)| skip.parse::<usize>().ok());
        match skip.filter(|skip| token(shared, subject, *skip) == text) {
            Some(skip) => page.skip = skip,
            None => reader.fault("pageToken", "not a token of this list"),
        }
    }
    page
}

/// The token of the page that begins after `skip` entries.
pub(crate) fn token(shared: &Shared, subject: &str, skip: usize) -> String {
    format!("{skip}.{}", hex(&shared.seal(&format!("page {subject} {skip}"))))
}
