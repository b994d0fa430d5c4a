//! What the server remembers of requests: nonces, idempotent answers; and the persons of the test control.

use sqlx::Row;

use super::Tx;

/// How long a nonce is kept, milliseconds of monotonic time (ruling B2).
const NONCE_LIFE_MS: i64 = 2 * 60 * 60 * 1_000;
/// Nonces between two clean-ups.
const PURGE_EVERY: u32 = 4_096;

/// Whether a nonce was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NonceUse {
    /// Never, within its life.
    First,
    /// Before.
    Again,
}

/// A remembered answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    /// Operation, path and digest of the request.
    pub(crate) fingerprint: String,
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Tx {
    /// Spends a nonce of an application.
    pub(crate) async fn spend_nonce(&mut self, app: &str, nonce: &str, now_ms: i64) -> Result<NonceUse, sqlx::Error> {
        if self.purge_is_due() {
            sqlx::query("DELETE FROM nonces WHERE seen < ?")
                .bind(now_ms - NONCE_LIFE_MS)
                .execute(self.connection())
                .await?;
        }
        let done = sqlx::query("INSERT INTO nonces (app, nonce, seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(app)
            .bind(nonce)
            .bind(now_ms)
            .execute(self.connection())
            .await?;
        Ok(if done.rows_affected() == 0 { NonceUse::Again } else { NonceUse::First })
    }

    fn purge_is_due(&mut self) -> bool {
        let inner = self.inner();
        inner.nonces_since_purge += 1;
        let due = inner.nonces_since_purge > PURGE_EVERY;
        if due {
            inner.nonces_since_purge = 0;
        }
        due
    }

    /// The answer remembered under a key of an application.
    pub(crate) async fn remembered(&mut self, app: &str, key: &str) -> Result<Option<Remembered>, sqlx::Error> {
        let row = sqlx::query("SELECT fingerprint, status, body FROM idempotency WHERE app = ? AND key_text = ?")
            .bind(app)
            .bind(key)
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| {
            let status: i64 = row.try_get(1)?;
            Ok(Remembered {
                fingerprint: row.try_get(0)?,
                status: u16::try_from(status).unwrap_or(500),
                body: row.try_get(2)?,
            })
        })
        .transpose()
    }

    /// Remembers an answer; the first one stays.
    pub(crate) async fn remember(&mut self, app: &str, key: &str, answer: &Remembered) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO idempotency (app, key_text, fingerprint, status, body) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT DO NOTHING",
        )
        .bind(app)
        .bind(key)
        .bind(&answer.fingerprint)
        .bind(i64::from(answer.status))
        .bind(&answer.body)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The definition of a person, JSON.
    pub(crate) async fn persona(&mut self, app: &str, reference: &str) -> Result<Option<String>, sqlx::Error> {
        let row = sqlx::query("SELECT definition FROM personas WHERE app = ? AND reference = ?")
            .bind(app)
            .bind(reference)
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// Stores the definition of a person.
    pub(crate) async fn put_persona(
        &mut self,
        app: &str,
        reference: &str,
        definition: &str,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO personas (app, reference, definition) VALUES (?, ?, ?) \
             ON CONFLICT (app, reference) DO UPDATE SET definition = excluded.definition",
        )
        .bind(app)
        .bind(reference)
        .bind(definition)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Forgets a person.
    pub(crate) async fn remove_persona(&mut self, app: &str, reference: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM personas WHERE app = ? AND reference = ?")
            .bind(app)
            .bind(reference)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
