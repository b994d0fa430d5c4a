//! The audit: append-only, numbered without gaps. Names of attributes, never values.

use sqlx::Row;

use super::{DbRow, Tx};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct AuditRow {
    pub(crate) seq: i64,
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) operation: String,
    pub(crate) app: String,
    pub(crate) organisation: String,
    /// Stated use as JSON.
    pub(crate) stated_use: Option<String>,
    /// Names as JSON array.
    pub(crate) attributes: String,
    /// `OK` or an error code.
    pub(crate) result: String,
    pub(crate) request_id: String,
    pub(crate) identifier: Option<String>,
    /// The new identifier of a re-issue.
    pub(crate) successor: Option<String>,
    pub(crate) holder_digest: Option<String>,
    /// Operator as JSON.
    pub(crate) operator: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) reason: Option<String>,
}

/// Whose entries are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AuditSubject<'a> {
    /// A licence.
    Identifier(&'a str),
    /// A holder, by digest.
    Holder(&'a str),
}

macro_rules! entries {
    ($tail:literal) => {
        concat!(
            "SELECT seq, time, operation, app, organisation, stated_use, attributes, result, request_id, identifier, \
             successor, holder_digest, operator, action, reason FROM audit WHERE ",
            $tail,
            " AND time >= ? AND time <= ? AND seq > ? ORDER BY seq"
        )
    };
}

fn read(row: &DbRow) -> Result<AuditRow, sqlx::Error> {
    Ok(AuditRow {
        seq: row.try_get(0)?,
        time: row.try_get(1)?,
        operation: row.try_get(2)?,
        app: row.try_get(3)?,
        organisation: row.try_get(4)?,
        stated_use: row.try_get(5)?,
        attributes: row.try_get(6)?,
        result: row.try_get(7)?,
        request_id: row.try_get(8)?,
        identifier: row.try_get(9)?,
        successor: row.try_get(10)?,
        holder_digest: row.try_get(11)?,
        operator: row.try_get(12)?,
        action: row.try_get(13)?,
        reason: row.try_get(14)?,
    })
}

impl Tx {
    /// Appends an entry and returns its number.
    pub(crate) async fn append_audit(&mut self, row: &AuditRow) -> Result<i64, sqlx::Error> {
        let inserted = sqlx::query(
            "INSERT INTO audit (seq, time, operation, app, organisation, stated_use, attributes, result, request_id, \
             identifier, successor, holder_digest, operator, action, reason) \
             VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM audit), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             RETURNING seq",
        )
        .bind(row.time)
        .bind(&row.operation)
        .bind(&row.app)
        .bind(&row.organisation)
        .bind(&row.stated_use)
        .bind(&row.attributes)
        .bind(&row.result)
        .bind(&row.request_id)
        .bind(&row.identifier)
        .bind(&row.successor)
        .bind(&row.holder_digest)
        .bind(&row.operator)
        .bind(&row.action)
        .bind(&row.reason)
        .fetch_one(self.connection())
        .await?;
        inserted.try_get(0)
    }

    /// The number that the next entry will have.
    pub(crate) async fn next_audit_number(&mut self) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("SELECT COALESCE(MAX(seq), 0) + 1 FROM audit").fetch_one(self.connection()).await?;
        row.try_get(0)
    }

    /// Appends an entry under a number drawn before; it is lost if another took the number.
    pub(crate) async fn append_audit_as(&mut self, row: &AuditRow, number: i64) -> Result<(), sqlx::Error> {
        if self.next_audit_number().await? == number {
            self.append_audit(row).await?;
        }
        Ok(())
    }

    /// Entries of a subject with `from` <= time <= `to` (seconds) after `after`, in order.
    pub(crate) async fn audit_of(
        &mut self,
        subject: AuditSubject<'_>,
        from: i64,
        to: i64,
        after: i64,
    ) -> Result<Vec<AuditRow>, sqlx::Error> {
        let query = match subject {
            AuditSubject::Identifier(identifier) => {
                sqlx::query(entries!("(identifier = ? OR successor = ?)")).bind(identifier).bind(identifier)
            }
            AuditSubject::Holder(digest) => sqlx::query(entries!("holder_digest = ?")).bind(digest),
        };
        let rows = query.bind(from).bind(to).bind(after).fetch_all(self.connection()).await?;
        rows.iter().map(read).collect()
    }
}
