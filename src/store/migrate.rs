//! Brings the database's schema up to date: numbered SurrealQL files, each applied once.

use std::collections::BTreeMap;
use std::time::Duration;

use sha2::{Digest, Sha256};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use surrealdb::types::Value;

use super::Error;
use super::error::{cause, is_conflict};
use super::reading::read;
use super::value::object;

/// A migration: its name and its text.
pub(super) type Migration = (&'static str, &'static str);

macro_rules! migrations {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../schema/database/", $name, ".surql"))),)*]
    };
}

/// All migrations, in their order.
pub(super) const MIGRATIONS: &[Migration] = migrations![
    "0001_journal",
    "0002_vocabularies",
    "0003_municipalities",
    "0004_solutions",
    "0005_processes",
    "0006_tokens",
    "0007_identity",
    "0008_thesaurus",
    "0009_searched",
    "0010_coordinates",
    "0011_former_keys",
    "0012_reference",
    "0013_rights",
    "0014_accounts",
    "0020_files",
    "0030_questions",
    "0031_reuse",
    "0032_organisations",
    "0033_kept_processes",
    "0040_sign_in",
    "0041_erasures",
    "0042_messages",
    "0044_freshness",
    "0045_link_checks",
    "0046_audit",
    "0047_traces",
    "0048_external_keys",
    "0049_external_keys_apart",
    "0050_watches",
    "0051_news",
    "0053_webhooks",
    "0054_watch_webhooks",
];

/// How often a migration is tried again while another node applies it too.
const MOST_TRIES: u32 = 20;
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) const TABLE: &str = "
    DEFINE TABLE IF NOT EXISTS migration SCHEMAFULL;
    DEFINE FIELD IF NOT EXISTS checksum ON migration TYPE string;
";

/// Applies what is missing, each migration in its own transaction.
///
/// # Errors
/// [`Error::Migration`] if one that was applied has another text now, or is unknown.
pub(super) async fn migrate(
    database: &Surreal<Any>,
    migrations: &[Migration],
) -> Result<(), Error> {
    prepare(database).await?;
    let mut applied = applied(database).await?;
    for (name, text) in migrations {
        match applied.remove(*name) {
            None if applied.keys().any(|later| later.as_str() > *name) => {
                return Err(wrong(
                    name,
                    "is missing in the database although later ones were applied",
                ));
            }
            None => take_in(database, name, text).await?,
            Some(known) if known != checksum(text) => {
                return Err(wrong(name, "has another text than the one applied"));
            }
            Some(_) => {}
        }
    }
    match applied.into_keys().next() {
        Some(name) => Err(wrong(&name, "was applied but is unknown to this program")),
        None => Ok(()),
    }
}

/// Makes the table in which stands what was applied, unless it is there.
///
/// # Errors
/// What the database says.
pub(super) async fn prepare(database: &Surreal<Any>) -> Result<(), Error> {
    let make = || async { database.query(TABLE).await?.check().map(drop) };
    Ok(until_alone(make).await?)
}

/// Does what several nodes may do at once when they start, until nobody comes in between.
pub(super) async fn until_alone<T, F>(ask: impl Fn() -> F) -> Result<T, surrealdb::Error>
where
    F: Future<Output = Result<T, surrealdb::Error>> + Send,
{
    for _ in 1..MOST_TRIES {
        match ask().await {
            Err(error) if is_conflict(&error) => tokio::time::sleep(PAUSE).await,
            other => return other,
        }
    }
    ask().await
}

/// What was applied: names and checksums.
///
/// # Errors
/// What the database says.
pub(super) async fn applied(database: &Surreal<Any>) -> Result<BTreeMap<String, String>, Error> {
    let rows: Value = database
        .query("SELECT record::id(id) AS name, checksum FROM migration")
        .await?
        .check()?
        .take(0)?;
    let unreadable = |error: serde::de::value::Error| Error::Unreadable {
        table: "migration",
        reason: error.to_string(),
    };
    #[derive(serde::Deserialize)]
    struct Row {
        name: String,
        checksum: String,
    }
    let rows: Vec<Row> = read(rows).map_err(unreadable)?;
    Ok(rows.into_iter().map(|row| (row.name, row.checksum)).collect())
}

/// Applies a migration, unless another node that starts at the same time has done so.
async fn take_in(database: &Surreal<Any>, name: &str, text: &str) -> Result<(), Error> {
    for _ in 0..MOST_TRIES {
        let Err(error) = apply(database, name, text).await else { return Ok(()) };
        if applied(database).await?.get(name).is_some_and(|known| *known == checksum(text)) {
            return Ok(());
        }
        if !is_conflict(&error) {
            return Err(error.into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Error::Contended(MOST_TRIES))
}

async fn apply(database: &Surreal<Any>, name: &str, text: &str) -> Result<(), surrealdb::Error> {
    let transaction = format!(
        "BEGIN; {text}\n CREATE type::record('migration', $name) SET checksum = $checksum RETURN NONE; COMMIT;"
    );
    let bindings = object([
        ("name", Value::String(name.to_owned())),
        ("checksum", Value::String(checksum(text))),
    ]);
    let mut response = database.query(transaction).bind(bindings).await?;
    match cause(response.take_errors().into_values()) {
        Some(error) => Err(error),
        None => {
            tracing::info!(migration = name, "applied migration");
            Ok(())
        }
    }
}

/// What a migration is known by.
pub(super) fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wrong(name: &str, what: &'static str) -> Error {
    Error::Migration { name: name.to_owned(), what }
}
