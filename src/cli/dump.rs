//! A whole hub in one file, and back.

use std::io::BufWriter;
use std::path::Path;

use super::progress::Bar;
use super::{CliError, rebuild, say};
use crate::app::StartError;
use crate::config::Config;
use crate::service::{Exported, Restored};
use crate::store::{Location, Store};

/// Writes a dump. What lies under this name already is replaced once the dump is whole.
pub(super) async fn export(config: Config, file: &Path, personal: bool) -> Result<(), CliError> {
    let files = config.places.files.open()?;
    let store = Store::open(&config.places.database).await.map_err(StartError::from)?;
    let told = |error| CliError::File { path: file.to_owned(), error };
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Readable by its owner only: it holds drafts, and perhaps addresses and hashes of passwords.
    let written = tempfile::NamedTempFile::new_in(directory).map_err(told)?;
    let output = BufWriter::new(written.reopen().map_err(told)?);
    let bar = &mut Bar::new("export");
    let exported = crate::service::export(&store, &files, Box::new(output), personal, bar).await?;
    let written = tokio::task::spawn_blocking(move || {
        written.as_file().sync_all()?;
        Ok::<_, std::io::Error>(written)
    });
    let written = written.await.map_err(std::io::Error::other)?.map_err(told)?;
    let size = written.as_file().metadata().map_err(told)?.len();
    written.persist(file).map_err(|error| told(error.error))?;
    let Exported { records, entries, files, bytes } = exported;
    say(&format!(
        "{records} records, {entries} journal entries and {files} files of {bytes} bytes written to {}, {size} bytes, {} personal data",
        file.display(),
        if personal { "with" } else { "without" },
    ))
}

/// Makes a hub of a dump, with its index.
pub(super) async fn restore(config: Config, file: &Path) -> Result<(), CliError> {
    let files = config.places.files.open()?;
    let database = &config.places.database;
    let bar = &mut Bar::new("restore");
    let (store, restored) = crate::service::restore(database, &files, file, bar).await?;
    let Restored { records, entries, files, personal } = restored;
    // Beside a database server the index is the business of whoever serves.
    if let (Some(path), Location::Memory | Location::Directory(_)) =
        (config.places.index.clone(), database)
    {
        rebuild(&store, path).await?;
    }
    say(&format!("{records} records, {entries} journal entries and {files} files restored"))?;
    if personal {
        return Ok(());
    }
    say(
        "the dump is without personal data: accounts have neither address nor password, contacts no addresses, and there are no access tokens; begin with allmende token create --role admin",
    )
}
