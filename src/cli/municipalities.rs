//! Takes a register of municipalities in.

use std::path::Path;

use super::progress::Bar;
use super::{CliError, rebuild, say};
use crate::app::{StartError, system_clock, system_ids};
use crate::config::Config;
use crate::domain::likeness::Reference;
use crate::domain::{Label, Language, Level};
use crate::service::{Register, RegisterOutcome, import_reference, import_register, told};
use crate::store::{Location, Store};

/// Reads the file, writes what is new, and builds the index anew: with thousands of changes that is
/// quicker than to follow each of them.
pub(super) async fn import(config: Config, file: &Path, partial: bool) -> Result<(), CliError> {
    let bytes =
        std::fs::read(file).map_err(|error| CliError::File { path: file.to_owned(), error })?;
    let register = Register::read(&bytes)?;
    let store = Store::open(&config.places.database).await.map_err(StartError::from)?;
    let clock = system_clock();
    let ids = system_ids(clock.clone());
    let bar = &mut Bar::new("municipalities");
    let outcome = import_register(&store, &clock, &ids, register, partial, bar).await?;
    tell(&outcome)?;
    let touched = outcome.imported.created + outcome.imported.changed > 0;
    match (config.places.index, &config.places.database) {
        // Beside a database server the hub follows the journal by itself.
        (Some(path), Location::Memory | Location::Directory(_)) if touched => {
            rebuild(&store, path).await.map(drop)
        }
        _ => Ok(()),
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(file).map_err(|error| CliError::File { path: file.to_owned(), error })
}

/// Puts another reference in place, if it is a sound one.
pub(super) async fn reference(config: Config, file: &Path) -> Result<(), CliError> {
    let text = String::from_utf8_lossy(&bytes(file)?).into_owned();
    let reference = Reference::read(&text)?;
    let sizes = Level::ALL.iter().filter(|level| **level == level.measured_as());
    let sizes = sizes.map(|level| {
        let size = reference.level(*level).size();
        format!("{size} {}", level.label(Language::English))
    });
    let sizes: Vec<String> = sizes.collect();
    let store = Store::open(&config.places.database).await.map_err(StartError::from)?;
    import_reference(&store, &text).await?;
    say(&format!("{}, of {} ({})", sizes.join(", "), reference.date, reference.source))
}

fn tell(outcome: &RegisterOutcome) -> Result<(), CliError> {
    let done = outcome.imported;
    say(&format!(
        "{} records created, {} changed, {} as they were, {} left to their editors",
        done.created, done.changed, done.unchanged, done.left
    ))?;
    if outcome.uninhabited > 0 {
        say(&format!("{} areas without inhabitants left out", outcome.uninhabited))?;
    }
    if !outcome.ignored.is_empty() {
        say(&format!("columns that nothing was taken from: {}", outcome.ignored.join(", ")))?;
    }
    if !outcome.rejected.is_empty() {
        let count = outcome.rejected.len();
        say(&format!("{count} rows left out:\n{}", told(&outcome.rejected)))?;
    }
    Ok(())
}
