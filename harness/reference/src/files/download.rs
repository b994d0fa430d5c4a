//! One-time download links: 128 random bits, ten minutes, one use, no credentials.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ecric_gm::encoding::hex;
use ecric_model::binding::ErrorCode;
use time::OffsetDateTime;

use crate::errors::ApiError;
use crate::shared::Shared;

/// Most links that are kept.
const LINKS_MAX: usize = 2_000;

/// Links and what is behind them.
#[derive(Debug, Default)]
pub(crate) struct Downloads {
    links: Mutex<HashMap<String, Link>>,
}

#[derive(Debug)]
struct Link {
    /// `None` once fetched.
    bytes: Option<Vec<u8>>,
    expires: OffsetDateTime,
}

impl Downloads {
    /// Puts bytes behind a new link; its token.
    pub(crate) fn put(&self, shared: &Shared, bytes: Vec<u8>, expires: OffsetDateTime) -> String {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        if links.len() >= LINKS_MAX {
            links.retain(|_, link| link.bytes.is_some() && link.expires > shared.clock.now());
        }
        let number = links.len();
        let token = if shared.behaviour.url_guessable() {
            format!("{number:032x}")
        } else {
            hex(&shared.seal(&format!("link {number} {}", shared.clock.real().unix_timestamp_nanos())))
        };
        links.insert(token.clone(), Link { bytes: Some(bytes), expires });
        token
    }

    /// Takes what is behind a link.
    pub(crate) fn take(&self, shared: &Shared, token: &str) -> Result<Vec<u8>, ApiError> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let link = links.get_mut(token).ok_or_else(|| ApiError::new(ErrorCode::NotFound, "no such link"))?;
        if link.expires < shared.clock.now() && !shared.behaviour.url_never_expires() {
            return Err(ApiError::new(ErrorCode::Gone, "the link has expired"));
        }
        if shared.behaviour.url_works_twice() {
            return link.bytes.clone().ok_or_else(|| ApiError::new(ErrorCode::Gone, "the link was used"));
        }
        link.bytes.take().ok_or_else(|| ApiError::new(ErrorCode::Gone, "the link was used"))
    }
}
