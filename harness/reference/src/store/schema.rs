//! The tables. Portable SQL only: what SQLite and PostgreSQL both read.

/// Statements that make an empty database, in order.
pub(super) const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS counters (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS licences (
        seq BIGINT NOT NULL PRIMARY KEY,
        identifier TEXT NOT NULL,
        canonical TEXT NOT NULL,
        joined TEXT NOT NULL,
        type_code TEXT NOT NULL,
        version BIGINT NOT NULL,
        holder_digest TEXT NOT NULL,
        holder TEXT,
        issued_date TEXT NOT NULL,
        effective_date TEXT NOT NULL,
        expiring_date TEXT,
        validity_range TEXT NOT NULL,
        status TEXT NOT NULL,
        status_version BIGINT NOT NULL,
        status_time BIGINT NOT NULL,
        reason TEXT,
        scheduled TEXT NOT NULL,
        previous_identifier TEXT,
        signed_at BIGINT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS licences_by_holder ON licences (holder_digest, seq)",
    "CREATE TABLE IF NOT EXISTS audit (
        seq BIGINT NOT NULL PRIMARY KEY,
        time BIGINT NOT NULL,
        operation TEXT NOT NULL,
        app TEXT NOT NULL,
        organisation TEXT NOT NULL,
        stated_use TEXT,
        attributes TEXT NOT NULL,
        result TEXT NOT NULL,
        request_id TEXT NOT NULL,
        identifier TEXT,
        successor TEXT,
        holder_digest TEXT,
        operator TEXT,
        action TEXT,
        reason TEXT
    )",
    "CREATE INDEX IF NOT EXISTS audit_by_identifier ON audit (identifier, seq)",
    "CREATE INDEX IF NOT EXISTS audit_by_successor ON audit (successor, seq)",
    "CREATE INDEX IF NOT EXISTS audit_by_holder ON audit (holder_digest, seq)",
    "CREATE TABLE IF NOT EXISTS nonces (
        app TEXT NOT NULL, nonce TEXT NOT NULL, seen BIGINT NOT NULL, PRIMARY KEY (app, nonce)
    )",
    "CREATE TABLE IF NOT EXISTS idempotency (
        app TEXT NOT NULL,
        key_text TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        status BIGINT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (app, key_text)
    )",
    "CREATE TABLE IF NOT EXISTS personas (
        app TEXT NOT NULL, reference TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (app, reference)
    )",
    // What the loading end keeps.
    "CREATE TABLE IF NOT EXISTS holder_secrets (
        holder_digest TEXT NOT NULL PRIMARY KEY, pin TEXT NOT NULL, token TEXT NOT NULL, wrong BIGINT NOT NULL
    )",
    "CREATE TABLE IF NOT EXISTS holder_transactions (id TEXT NOT NULL PRIMARY KEY, holder_digest TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS challenges (
        app TEXT NOT NULL,
        identifier TEXT NOT NULL,
        device_id TEXT NOT NULL,
        challenge TEXT NOT NULL,
        expires BIGINT NOT NULL,
        PRIMARY KEY (app, identifier, device_id)
    )",
    "CREATE TABLE IF NOT EXISTS loaded (
        id TEXT NOT NULL PRIMARY KEY,
        app TEXT NOT NULL,
        identifier TEXT NOT NULL,
        holder_digest TEXT NOT NULL,
        device_id TEXT NOT NULL,
        device_key TEXT NOT NULL,
        state TEXT NOT NULL,
        loaded_at BIGINT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS loaded_by_identifier ON loaded (identifier)",
    "CREATE INDEX IF NOT EXISTS loaded_by_holder ON loaded (holder_digest)",
    "CREATE INDEX IF NOT EXISTS loaded_by_key ON loaded (device_key)",
    "CREATE TABLE IF NOT EXISTS codes (
        cti TEXT NOT NULL PRIMARY KEY,
        loaded_id TEXT NOT NULL,
        entry_id TEXT NOT NULL,
        reference TEXT NOT NULL,
        granted TEXT NOT NULL,
        audience TEXT NOT NULL,
        nonce TEXT NOT NULL,
        expires BIGINT NOT NULL,
        state TEXT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS codes_by_loaded ON codes (loaded_id)",
    "CREATE TABLE IF NOT EXISTS uses (
        seq BIGINT NOT NULL PRIMARY KEY,
        entry_id TEXT NOT NULL,
        loaded_id TEXT NOT NULL,
        holder_digest TEXT NOT NULL,
        time BIGINT NOT NULL,
        kind TEXT NOT NULL,
        audience TEXT,
        audience_name TEXT,
        scene TEXT,
        stated_use TEXT,
        attributes TEXT NOT NULL,
        decision TEXT,
        result TEXT NOT NULL
    )",
    "CREATE INDEX IF NOT EXISTS uses_by_holder ON uses (holder_digest, seq)",
];

/// Index of identifiers, unique for ever.
pub(super) const UNIQUE_IDENTIFIERS: &str =
    "CREATE UNIQUE INDEX IF NOT EXISTS licences_by_identifier ON licences (identifier)";
/// Index of identifiers for the server that repeats them.
pub(super) const REPEATED_IDENTIFIERS: &str =
    "CREATE INDEX IF NOT EXISTS licences_by_identifier ON licences (identifier)";
/// Index of identifiers without dots, for the server that joins the segments.
pub(super) const JOINED_IDENTIFIERS: &str = "CREATE INDEX IF NOT EXISTS licences_by_joined ON licences (joined)";
