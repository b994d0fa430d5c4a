//! Licences as stored: the last administrative state; what time alone changes is computed elsewhere.

use ecric_model::binding::LicenceStatus;
use sqlx::Row;

use super::{DbRow, Tx};

/// One licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LicenceRow {
    pub(crate) seq: i64,
    pub(crate) identifier: String,
    /// The identifier as it ought to be: the same unless a faulty server disguises it.
    pub(crate) canonical: String,
    pub(crate) type_code: String,
    pub(crate) version: i64,
    /// Keyed digest of the holder code.
    pub(crate) holder_digest: String,
    /// The face as JSON; `None` once destroyed.
    pub(crate) holder: Option<String>,
    pub(crate) issued_date: String,
    pub(crate) effective_date: String,
    /// `None` for long-term.
    pub(crate) expiring_date: Option<String>,
    pub(crate) validity_range: String,
    /// State after the last action.
    pub(crate) status: LicenceStatus,
    pub(crate) status_version: i64,
    /// Seconds since 1970.
    pub(crate) status_time: i64,
    pub(crate) reason: Option<String>,
    /// Scheduled changes as JSON.
    pub(crate) scheduled: String,
    pub(crate) previous_identifier: Option<String>,
    /// When the licence file is signed, seconds since 1970.
    pub(crate) signed_at: i64,
}

macro_rules! columns {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " seq, identifier, canonical, type_code, version, holder_digest, holder, issued_date, effective_date, expiring_date, \
             validity_range, status, status_version, status_time, reason, scheduled, previous_identifier, signed_at \
             FROM licences ",
            $tail
        )
    };
}

fn read(row: &DbRow) -> Result<LicenceRow, sqlx::Error> {
    let status: &str = row.try_get(11)?;
    Ok(LicenceRow {
        seq: row.try_get(0)?,
        identifier: row.try_get(1)?,
        canonical: row.try_get(2)?,
        type_code: row.try_get(3)?,
        version: row.try_get(4)?,
        holder_digest: row.try_get(5)?,
        holder: row.try_get(6)?,
        issued_date: row.try_get(7)?,
        effective_date: row.try_get(8)?,
        expiring_date: row.try_get(9)?,
        validity_range: row.try_get(10)?,
        status: LicenceStatus::parse(status).ok_or_else(|| sqlx::Error::Decode("unknown status".into()))?,
        status_version: row.try_get(12)?,
        status_time: row.try_get(13)?,
        reason: row.try_get(14)?,
        scheduled: row.try_get(15)?,
        previous_identifier: row.try_get(16)?,
        signed_at: row.try_get(17)?,
    })
}

/// An identifier without dots.
pub(crate) fn joined(identifier: &str) -> String {
    identifier.replace('.', "")
}

impl Tx {
    /// The licence with an identifier; the newest where a faulty server has repeated it.
    pub(crate) async fn licence(&mut self, identifier: &str) -> Result<Option<LicenceRow>, sqlx::Error> {
        let row = sqlx::query(columns!("SELECT", "WHERE identifier = ? ORDER BY seq DESC LIMIT 1"))
            .bind(identifier)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The licence whose identifier, joined without dots, is `joined`.
    pub(crate) async fn licence_by_joined(&mut self, joined: &str) -> Result<Option<LicenceRow>, sqlx::Error> {
        let row = sqlx::query(columns!("SELECT", "WHERE joined = ? ORDER BY seq DESC LIMIT 1"))
            .bind(joined)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The licence whose identifier begins so; for the server that ignores the check character.
    pub(crate) async fn licence_by_head(&mut self, head: &str) -> Result<Option<LicenceRow>, sqlx::Error> {
        let row = sqlx::query(columns!("SELECT", "WHERE identifier >= ? AND identifier < ? ORDER BY seq DESC LIMIT 1"))
            .bind(head)
            .bind(format!("{head}~"))
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Every licence of a holder, oldest first.
    pub(crate) async fn licences_of(&mut self, holder_digest: &str) -> Result<Vec<LicenceRow>, sqlx::Error> {
        let rows = sqlx::query(columns!("SELECT", "WHERE holder_digest = ? ORDER BY seq"))
            .bind(holder_digest)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(read).collect()
    }

    /// The newest licences of any holder; only the server that ignores the holder code asks for them.
    pub(crate) async fn newest_licences(&mut self) -> Result<Vec<LicenceRow>, sqlx::Error> {
        let rows = sqlx::query(columns!("SELECT", "ORDER BY seq DESC LIMIT 20")).fetch_all(self.connection()).await?;
        rows.iter().map(read).collect()
    }

    /// Every licence, for the status list.
    pub(crate) async fn all_licences(&mut self) -> Result<Vec<LicenceRow>, sqlx::Error> {
        let rows = sqlx::query(columns!("SELECT", "ORDER BY seq")).fetch_all(self.connection()).await?;
        rows.iter().map(read).collect()
    }

    /// Stores a new licence and gives it its `seq`.
    pub(crate) async fn insert_licence(&mut self, row: &mut LicenceRow) -> Result<(), sqlx::Error> {
        row.seq = self.next("licences").await?;
        sqlx::query(
            "INSERT INTO licences (seq, identifier, canonical, joined, type_code, version, holder_digest, holder, issued_date, \
             effective_date, expiring_date, validity_range, status, status_version, status_time, reason, scheduled, \
             previous_identifier, signed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(row.seq)
        .bind(&row.identifier)
        .bind(&row.canonical)
        .bind(joined(&row.canonical))
        .bind(&row.type_code)
        .bind(row.version)
        .bind(&row.holder_digest)
        .bind(&row.holder)
        .bind(&row.issued_date)
        .bind(&row.effective_date)
        .bind(&row.expiring_date)
        .bind(&row.validity_range)
        .bind(row.status.code())
        .bind(row.status_version)
        .bind(row.status_time)
        .bind(&row.reason)
        .bind(&row.scheduled)
        .bind(&row.previous_identifier)
        .bind(row.signed_at)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Stores the state of a licence and, for destruction, the loss of its face.
    pub(crate) async fn update_state(&mut self, row: &LicenceRow) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE licences SET status = ?, status_version = ?, status_time = ?, reason = ?, scheduled = ?, \
             holder = ? WHERE seq = ?",
        )
        .bind(row.status.code())
        .bind(row.status_version)
        .bind(row.status_time)
        .bind(&row.reason)
        .bind(&row.scheduled)
        .bind(&row.holder)
        .bind(row.seq)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Removes every licence of a holder (test control T3 only).
    pub(crate) async fn remove_licences_of(&mut self, holder_digest: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM licences WHERE holder_digest = ?")
            .bind(holder_digest)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
