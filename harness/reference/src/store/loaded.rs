//! What the loading end stores: secrets of holders, loaded licences, codes, the use log.

use sqlx::Row;

use super::{DbRow, Tx};

/// What a holder proves who they are with, and how often it was wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HolderSecrets {
    pub(crate) pin: String,
    pub(crate) token: String,
    pub(crate) wrong: i64,
}

/// State of a loaded licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoadedState {
    /// On the device.
    Active,
    /// Removed by its holder.
    Unloaded,
    /// Ended because the licence was loaded on another device.
    Replaced,
}

impl LoadedState {
    const fn word(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Unloaded => "UNLOADED",
            Self::Replaced => "REPLACED",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "ACTIVE" => Self::Active,
            "REPLACED" => Self::Replaced,
            _ => Self::Unloaded,
        }
    }
}

/// One loaded licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoadedRow {
    pub(crate) id: String,
    pub(crate) app: String,
    pub(crate) identifier: String,
    pub(crate) holder_digest: String,
    pub(crate) device_id: String,
    /// `04‖x‖y`, hex; empty once destroyed.
    pub(crate) device_key: String,
    pub(crate) state: LoadedState,
    /// Seconds since 1970.
    pub(crate) loaded_at: i64,
}

/// State of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeState {
    /// May be redeemed.
    Open,
    /// Was redeemed.
    Used,
    /// A newer code took its place.
    Replaced,
    /// The holder withdrew the consent.
    Withdrawn,
}

impl CodeState {
    const fn word(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Used => "USED",
            Self::Replaced => "REPLACED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "OPEN" => Self::Open,
            "REPLACED" => Self::Replaced,
            "WITHDRAWN" => Self::Withdrawn,
            _ => Self::Used,
        }
    }
}

/// One presentation code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CodeRow {
    /// 16 bytes, hex.
    pub(crate) cti: String,
    pub(crate) loaded_id: String,
    /// Entry of the use log that holds the consent.
    pub(crate) entry_id: String,
    /// `ref`, 16 bytes, hex.
    pub(crate) reference: String,
    /// Scope names as JSON array.
    pub(crate) granted: String,
    /// Empty for a bearer code.
    pub(crate) audience: String,
    /// base64url; empty without one.
    pub(crate) nonce: String,
    /// Seconds since 1970.
    pub(crate) expires: i64,
    pub(crate) state: CodeState,
}

/// One entry of the use log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct UseRow {
    pub(crate) seq: i64,
    pub(crate) entry_id: String,
    /// Empty where loading failed.
    pub(crate) loaded_id: String,
    pub(crate) holder_digest: String,
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) kind: String,
    pub(crate) audience: Option<String>,
    pub(crate) audience_name: Option<String>,
    pub(crate) scene: Option<String>,
    /// Stated use as JSON.
    pub(crate) stated_use: Option<String>,
    /// Scope names as JSON array.
    pub(crate) attributes: String,
    pub(crate) decision: Option<String>,
    pub(crate) result: String,
}

fn read_loaded(row: &DbRow) -> Result<LoadedRow, sqlx::Error> {
    let state: &str = row.try_get(6)?;
    Ok(LoadedRow {
        id: row.try_get(0)?,
        app: row.try_get(1)?,
        identifier: row.try_get(2)?,
        holder_digest: row.try_get(3)?,
        device_id: row.try_get(4)?,
        device_key: row.try_get(5)?,
        state: LoadedState::of(state),
        loaded_at: row.try_get(7)?,
    })
}

fn read_use(row: &DbRow) -> Result<UseRow, sqlx::Error> {
    Ok(UseRow {
        seq: row.try_get(0)?,
        entry_id: row.try_get(1)?,
        loaded_id: row.try_get(2)?,
        holder_digest: row.try_get(3)?,
        time: row.try_get(4)?,
        kind: row.try_get(5)?,
        audience: row.try_get(6)?,
        audience_name: row.try_get(7)?,
        scene: row.try_get(8)?,
        stated_use: row.try_get(9)?,
        attributes: row.try_get(10)?,
        decision: row.try_get(11)?,
        result: row.try_get(12)?,
    })
}

macro_rules! loaded {
    ($tail:literal) => {
        concat!(
            "SELECT id, app, identifier, holder_digest, device_id, device_key, state, loaded_at FROM loaded WHERE ",
            $tail
        )
    };
}

impl Tx {
    // ----- holders

    /// What a holder proves who they are with.
    pub(crate) async fn holder_secrets(&mut self, digest: &str) -> Result<Option<HolderSecrets>, sqlx::Error> {
        let row = sqlx::query("SELECT pin, token, wrong FROM holder_secrets WHERE holder_digest = ?")
            .bind(digest)
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| Ok(HolderSecrets { pin: row.try_get(0)?, token: row.try_get(1)?, wrong: row.try_get(2)? }))
            .transpose()
    }

    /// True if somebody has this token; only the faulty loading end asks.
    pub(crate) async fn is_anybodys_token(&mut self, token: &str) -> Result<bool, sqlx::Error> {
        let row = sqlx::query("SELECT 1 FROM holder_secrets WHERE token = ? LIMIT 1")
            .bind(token)
            .fetch_optional(self.connection())
            .await?;
        Ok(row.is_some())
    }

    /// Stores what a holder proves who they are with; wrong attempts are forgotten.
    pub(crate) async fn put_holder_secrets(&mut self, digest: &str, pin: &str, token: &str) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO holder_secrets (holder_digest, pin, token, wrong) VALUES (?, ?, ?, 0) \
             ON CONFLICT (holder_digest) DO UPDATE SET pin = excluded.pin, token = excluded.token, wrong = 0",
        )
        .bind(digest)
        .bind(pin)
        .bind(token)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Sets the number of wrong attempts in a row.
    pub(crate) async fn set_wrong(&mut self, digest: &str, wrong: i64) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE holder_secrets SET wrong = ? WHERE holder_digest = ?")
            .bind(wrong)
            .bind(digest)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Spends a transaction of holder authentication; false if it was spent before.
    pub(crate) async fn spend_transaction(&mut self, id: &str, digest: &str) -> Result<bool, sqlx::Error> {
        let done =
            sqlx::query("INSERT INTO holder_transactions (id, holder_digest) VALUES (?, ?) ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(digest)
                .execute(self.connection())
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets everything that the loading end keeps of a holder but the secrets (test control T3 only).
    pub(crate) async fn remove_loaded_of(&mut self, digest: &str) -> Result<(), sqlx::Error> {
        for statement in [
            "DELETE FROM codes WHERE loaded_id IN (SELECT id FROM loaded WHERE holder_digest = ?)",
            "DELETE FROM loaded WHERE holder_digest = ?",
            "DELETE FROM uses WHERE holder_digest = ?",
            "UPDATE holder_secrets SET wrong = 0 WHERE holder_digest = ?",
        ] {
            sqlx::query(statement).bind(digest).execute(self.connection()).await?;
        }
        Ok(())
    }

    // ----- challenges

    /// Puts a challenge in the place of an earlier one.
    pub(crate) async fn put_challenge(
        &mut self,
        app: &str,
        identifier: &str,
        device_id: &str,
        challenge: &str,
        expires: i64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO challenges (app, identifier, device_id, challenge, expires) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (app, identifier, device_id) \
             DO UPDATE SET challenge = excluded.challenge, expires = excluded.expires",
        )
        .bind(app)
        .bind(identifier)
        .bind(device_id)
        .bind(challenge)
        .bind(expires)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The open challenge for a licence on a device, and until when it may be answered.
    pub(crate) async fn challenge(
        &mut self,
        app: &str,
        identifier: &str,
        device_id: &str,
    ) -> Result<Option<(String, i64)>, sqlx::Error> {
        let row =
            sqlx::query("SELECT challenge, expires FROM challenges WHERE app = ? AND identifier = ? AND device_id = ?")
                .bind(app)
                .bind(identifier)
                .bind(device_id)
                .fetch_optional(self.connection())
                .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    /// A challenge is answered once.
    pub(crate) async fn end_challenge(&mut self, challenge: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM challenges WHERE challenge = ?").bind(challenge).execute(self.connection()).await?;
        Ok(())
    }

    // ----- loaded licences

    /// A loaded licence.
    pub(crate) async fn loaded(&mut self, id: &str) -> Result<Option<LoadedRow>, sqlx::Error> {
        let row = sqlx::query(loaded!("id = ?")).bind(id).fetch_optional(self.connection()).await?;
        row.as_ref().map(read_loaded).transpose()
    }

    /// Where a licence is loaded now.
    pub(crate) async fn active_loads_of(&mut self, identifier: &str) -> Result<Vec<LoadedRow>, sqlx::Error> {
        let rows = sqlx::query(loaded!("identifier = ? AND state = 'ACTIVE' ORDER BY loaded_at, id"))
            .bind(identifier)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(read_loaded).collect()
    }

    /// Every licence of a holder that is loaded now; only a faulty loading end asks.
    pub(crate) async fn active_loads_of_holder(&mut self, digest: &str) -> Result<Vec<LoadedRow>, sqlx::Error> {
        let rows = sqlx::query(loaded!("holder_digest = ? AND state = 'ACTIVE'"))
            .bind(digest)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(read_loaded).collect()
    }

    /// True if another device has the key.
    pub(crate) async fn is_key_elsewhere(&mut self, key: &str, device_id: &str) -> Result<bool, sqlx::Error> {
        let row = sqlx::query("SELECT 1 FROM loaded WHERE device_key = ? AND device_id <> ? LIMIT 1")
            .bind(key)
            .bind(device_id)
            .fetch_optional(self.connection())
            .await?;
        Ok(row.is_some())
    }

    /// Stores a loaded licence.
    pub(crate) async fn insert_loaded(&mut self, row: &LoadedRow) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO loaded (id, app, identifier, holder_digest, device_id, device_key, state, loaded_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&row.id)
        .bind(&row.app)
        .bind(&row.identifier)
        .bind(&row.holder_digest)
        .bind(&row.device_id)
        .bind(&row.device_key)
        .bind(row.state.word())
        .bind(row.loaded_at)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Ends a loaded licence and destroys its device key.
    pub(crate) async fn end_loaded(&mut self, id: &str, state: LoadedState) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE loaded SET state = ?, device_key = '' WHERE id = ?")
            .bind(state.word())
            .bind(id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    // ----- codes

    /// A code by its `cti`, hex.
    pub(crate) async fn code(&mut self, cti: &str) -> Result<Option<CodeRow>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT cti, loaded_id, entry_id, reference, granted, audience, nonce, expires, state FROM codes \
             WHERE cti = ?",
        )
        .bind(cti)
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            let state: &str = row.try_get(8)?;
            Ok(CodeRow {
                cti: row.try_get(0)?,
                loaded_id: row.try_get(1)?,
                entry_id: row.try_get(2)?,
                reference: row.try_get(3)?,
                granted: row.try_get(4)?,
                audience: row.try_get(5)?,
                nonce: row.try_get(6)?,
                expires: row.try_get(7)?,
                state: CodeState::of(state),
            })
        })
        .transpose()
    }

    /// Stores a code.
    pub(crate) async fn insert_code(&mut self, row: &CodeRow) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO codes (cti, loaded_id, entry_id, reference, granted, audience, nonce, expires, state) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&row.cti)
        .bind(&row.loaded_id)
        .bind(&row.entry_id)
        .bind(&row.reference)
        .bind(&row.granted)
        .bind(&row.audience)
        .bind(&row.nonce)
        .bind(row.expires)
        .bind(row.state.word())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Sets the state of a code.
    pub(crate) async fn set_code_state(&mut self, cti: &str, state: CodeState) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE codes SET state = ? WHERE cti = ?")
            .bind(state.word())
            .bind(cti)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// A newer code takes the place of every open one of a loaded licence.
    pub(crate) async fn replace_codes_of(&mut self, loaded_id: &str) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE codes SET state = 'REPLACED' WHERE loaded_id = ? AND state = 'OPEN'")
            .bind(loaded_id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The holder withdraws what an entry of the use log granted.
    pub(crate) async fn withdraw_codes_of(&mut self, entry_id: &str) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE codes SET state = 'WITHDRAWN' WHERE entry_id = ? AND state = 'OPEN'")
            .bind(entry_id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    // ----- the use log

    /// Appends an entry.
    pub(crate) async fn append_use(&mut self, row: &UseRow) -> Result<(), sqlx::Error> {
        let seq = self.next("uses").await?;
        sqlx::query(
            "INSERT INTO uses (seq, entry_id, loaded_id, holder_digest, time, kind, audience, audience_name, scene, \
             stated_use, attributes, decision, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(seq)
        .bind(&row.entry_id)
        .bind(&row.loaded_id)
        .bind(&row.holder_digest)
        .bind(row.time)
        .bind(&row.kind)
        .bind(&row.audience)
        .bind(&row.audience_name)
        .bind(&row.scene)
        .bind(&row.stated_use)
        .bind(&row.attributes)
        .bind(&row.decision)
        .bind(&row.result)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Entries about a loaded licence, and about failed attempts of its holder to load one; in order.
    pub(crate) async fn uses_of(&mut self, loaded: &LoadedRow, from: i64, to: i64) -> Result<Vec<UseRow>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT seq, entry_id, loaded_id, holder_digest, time, kind, audience, audience_name, scene, stated_use, \
             attributes, decision, result FROM uses WHERE holder_digest = ? AND (loaded_id = ? OR loaded_id = '') \
             AND time >= ? AND time <= ? ORDER BY seq",
        )
        .bind(&loaded.holder_digest)
        .bind(&loaded.id)
        .bind(from)
        .bind(to)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(read_use).collect()
    }

    /// An entry of a loaded licence.
    pub(crate) async fn use_entry(&mut self, loaded: &LoadedRow, id: &str) -> Result<Option<UseRow>, sqlx::Error> {
        Ok(self.uses_of(loaded, 0, i64::MAX).await?.into_iter().find(|entry| entry.entry_id == id))
    }

    /// Removes an entry from the holder's view.
    pub(crate) async fn remove_use(&mut self, entry_id: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM uses WHERE entry_id = ?").bind(entry_id).execute(self.connection()).await?;
        Ok(())
    }
}
