//! Brings the database's schema up to date: numbered SurrealQL files, each applied once.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use surrealdb::types::Value;

use super::Error;
use super::error::cause;
use super::value::{into_json, object};

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
];

const TABLE: &str = "
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
    database.query(TABLE).await?.check()?;
    let mut applied = applied(database).await?;
    for (name, text) in migrations {
        match applied.remove(*name) {
            None if applied.keys().any(|later| later.as_str() > *name) => {
                return Err(wrong(
                    name,
                    "is missing in the database although later ones were applied",
                ));
            }
            None => apply(database, name, text).await?,
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

async fn applied(database: &Surreal<Any>) -> Result<BTreeMap<String, String>, Error> {
    let rows: Value = database
        .query("SELECT record::id(id) AS name, checksum FROM migration")
        .await?
        .check()?
        .take(0)?;
    let unreadable = |error: serde_json::Error| Error::Unreadable {
        table: "migration",
        reason: error.to_string(),
    };
    #[derive(serde::Deserialize)]
    struct Row {
        name: String,
        checksum: String,
    }
    let rows: Vec<Row> = serde_json::from_value(into_json(rows)).map_err(unreadable)?;
    Ok(rows.into_iter().map(|row| (row.name, row.checksum)).collect())
}

async fn apply(database: &Surreal<Any>, name: &str, text: &str) -> Result<(), Error> {
    let transaction = format!(
        "BEGIN; {text}\n CREATE type::record('migration', $name) SET checksum = $checksum RETURN NONE; COMMIT;"
    );
    let bindings = object([
        ("name", Value::String(name.to_owned())),
        ("checksum", Value::String(checksum(text))),
    ]);
    let mut response = database.query(transaction).bind(bindings).await?;
    match cause(response.take_errors().into_values()) {
        Some(error) => Err(error.into()),
        None => {
            tracing::info!(migration = name, "applied migration");
            Ok(())
        }
    }
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wrong(name: &str, what: &'static str) -> Error {
    Error::Migration { name: name.to_owned(), what }
}
