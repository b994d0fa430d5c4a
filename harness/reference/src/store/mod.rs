//! The database: licences, audit, nonces, idempotency memory, persons. One writer at a time; a request
//! is one transaction, which is what holds the invariants under concurrency. SQL only in this folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ecric_gm::encoding::{from_hex, hex};
use ecric_gm::hmac_sm3::Key;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::behaviour::Behaviour;
use crate::errors::ReferenceError;

pub(crate) mod audit;
pub(crate) mod licences;
pub(crate) mod loaded;
pub(crate) mod memory;
mod schema;

/// The one place that names the database system.
pub(crate) type DbRow = sqlx::sqlite::SqliteRow;

/// Turns that a window stays open for somebody to come.
const WINDOW_TURNS: u32 = 5_000;

/// The database of one server, shared by its nodes.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    inner: Arc<Mutex<Inner>>,
    /// Requests that wait for the database.
    waiting: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Inner {
    connection: SqliteConnection,
    open: bool,
    nonces_since_purge: u32,
}

impl Store {
    /// Opens the database: in memory, or one file in a folder.
    pub(crate) async fn open(folder: Option<&Path>, behaviour: &Behaviour) -> Result<Self, ReferenceError> {
        let options = match folder {
            None => SqliteConnectOptions::new()
                .filename(":memory:")
                .journal_mode(SqliteJournalMode::Memory)
                .synchronous(SqliteSynchronous::Off),
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(ReferenceError::DataFolder)?;
                SqliteConnectOptions::new()
                    .filename(folder.join("reference.sqlite"))
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    .busy_timeout(Duration::from_secs(5))
            }
        };
        let mut connection = options.disable_statement_logging().connect().await?;
        for table in schema::TABLES {
            sqlx::query(*table).execute(&mut connection).await?;
        }
        let identifiers =
            if behaviour.repeats_identifiers() { schema::REPEATED_IDENTIFIERS } else { schema::UNIQUE_IDENTIFIERS };
        sqlx::query(identifiers).execute(&mut connection).await?;
        if behaviour.finds_by_parts() {
            sqlx::query(schema::JOINED_IDENTIFIERS).execute(&mut connection).await?;
        }
        let inner = Inner { connection, open: false, nonces_since_purge: 0 };
        Ok(Self { inner: Arc::new(Mutex::new(inner)), waiting: Arc::default() })
    }

    /// The secret of the database, made from `seed` when the database was made: 32 bytes.
    pub(crate) async fn secret(&self, seed: &[u8; 32]) -> Result<Vec<u8>, ReferenceError> {
        let made = hex(&Key::from_bytes(seed).mac(b"ecric reference: secret of the database"));
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO settings (name, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING")
            .bind(made)
            .execute(tx.connection())
            .await?;
        let row = sqlx::query("SELECT value FROM settings WHERE name = 'secret'").fetch_one(tx.connection()).await?;
        let secret: String = row.try_get(0)?;
        tx.commit().await?;
        Ok(from_hex(&secret).unwrap_or_default())
    }

    /// Begins the transaction of a request. Dropping it unfinished undoes it.
    pub(crate) async fn begin(&self) -> Result<Tx, sqlx::Error> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let guard = Arc::clone(&self.inner).lock_owned().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let mut tx = Tx { store: self.clone(), guard: Some(guard) };
        tx.start().await?;
        Ok(tx)
    }

    /// Closes the database.
    pub(crate) async fn close(self) {
        if let Some(inner) = Arc::into_inner(self.inner)
            && let Err(error) = inner.into_inner().connection.close().await
        {
            tracing::warn!(%error, "database was not closed cleanly");
        }
    }
}

/// A transaction.
pub(crate) struct Tx {
    store: Store,
    guard: Option<OwnedMutexGuard<Inner>>,
}

impl Tx {
    #[allow(clippy::expect_used, reason = "only `pause` takes the guard, and puts it back or ends with an error")]
    fn inner(&mut self) -> &mut Inner {
        self.guard.as_mut().expect("the guard is held between calls")
    }

    /// The connection, for one statement.
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.inner().connection
    }

    async fn start(&mut self) -> Result<(), sqlx::Error> {
        let inner = self.inner();
        if inner.open {
            sqlx::query("ROLLBACK").execute(&mut inner.connection).await?;
        }
        inner.open = true;
        sqlx::query("BEGIN").execute(&mut inner.connection).await?;
        Ok(())
    }

    /// Makes everything lasting.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.end("COMMIT").await
    }

    /// Undoes everything.
    pub(crate) async fn rollback(mut self) -> Result<(), sqlx::Error> {
        self.end("ROLLBACK").await
    }

    async fn end(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        let inner = self.inner();
        sqlx::query(statement).execute(&mut inner.connection).await?;
        inner.open = false;
        Ok(())
    }

    /// Whether somebody waits for the end of this transaction.
    pub(crate) fn is_awaited(&self) -> bool {
        self.store.waiting.load(Ordering::Relaxed) > 0
    }

    /// Ends the transaction, lets others work for a while and begins anew: what racy servers do.
    pub(crate) async fn pause(&mut self, time: Duration) -> Result<(), sqlx::Error> {
        self.end("COMMIT").await?;
        self.guard = None;
        tokio::time::sleep(time).await;
        self.guard = Some(Arc::clone(&self.store.inner).lock_owned().await);
        self.start().await
    }

    /// Ends the transaction, lets those who wait have their turn and begins anew: a race made wide without
    /// waiting for time to pass. Where nobody waits, somebody who is on the way gets a chance.
    pub(crate) async fn window(&mut self) -> Result<(), sqlx::Error> {
        self.end("COMMIT").await?;
        for _ in 0..WINDOW_TURNS {
            if self.store.waiting.load(Ordering::Relaxed) > 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        // The lock is fair: whoever waits goes first.
        self.guard = None;
        tokio::task::yield_now().await;
        self.guard = Some(Arc::clone(&self.store.inner).lock_owned().await);
        self.start().await
    }

    /// Ends the transaction, lets others work until `work` is done and begins anew: for waiting on the network.
    pub(crate) async fn outside<T>(&mut self, work: impl Future<Output = T>) -> Result<T, sqlx::Error> {
        self.end("COMMIT").await?;
        self.guard = None;
        let done = work.await;
        self.guard = Some(Arc::clone(&self.store.inner).lock_owned().await);
        self.start().await?;
        Ok(done)
    }

    /// The present value of a counter; 0 before the first.
    pub(crate) async fn peek(&mut self, counter: &str) -> Result<i64, sqlx::Error> {
        let row = sqlx::query("SELECT COALESCE(MAX(value), 0) FROM counters WHERE name = ?")
            .bind(counter)
            .fetch_one(self.connection())
            .await?;
        row.try_get(0)
    }

    /// The next value of a counter, from 1; never given twice.
    pub(crate) async fn next(&mut self, counter: &str) -> Result<i64, sqlx::Error> {
        let row = sqlx::query(
            "INSERT INTO counters (name, value) VALUES (?, 1)
             ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        )
        .bind(counter)
        .fetch_one(self.connection())
        .await?;
        row.try_get(0)
    }
}
