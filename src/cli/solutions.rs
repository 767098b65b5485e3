//! Takes solutions of others in.

use std::path::{Path, PathBuf};

use super::progress::Bar;
use super::{CliError, say, start_briefly};
use crate::config::Config;
use crate::service::{Imported, Sheet, SheetOrder, told_rows};

/// Reads the file, and writes what is new.
pub(super) async fn import(
    config: Config,
    file: &Path,
    order: &SheetOrder,
) -> Result<(), CliError> {
    let told = |error| CliError::File { path: file.to_owned(), error };
    let sheet = Sheet::read(&std::fs::read(file).map_err(told)?)?;
    let app = start_briefly(config).await?;
    let taken =
        Box::pin(app.services().import_sheet(sheet, order, &mut Bar::new("solutions"))).await;
    if taken.is_ok() {
        app.settle().await?;
    }
    app.stop().await;
    let outcome = taken?;
    let Imported { created, changed, unchanged, left } = outcome.imported;
    let would = if order.dry_run { "nothing was written; it would be: " } else { "" };
    say(&format!(
        "{would}{created} solutions created, {changed} changed, {unchanged} as they were, {left} left to their editors"
    ))?;
    if outcome.bad.is_empty() {
        return Ok(());
    }
    say(&told_rows(&outcome.bad))?;
    if order.dry_run {
        return Ok(());
    }
    let beside = beside(file);
    let error = |error| CliError::File { path: beside.clone(), error };
    std::fs::write(&beside, outcome.left_out).map_err(error)?;
    say(&format!("the rows that were left out stand in {}", beside.display()))
}

/// The file for rows that were left out: `a.csv` gets `a.left-out.csv`, and objects stand one a line.
fn beside(file: &Path) -> PathBuf {
    let kind = file.extension().map_or_else(|| "txt".into(), |kind| kind.to_string_lossy());
    let kind = if kind == "json" { "ndjson".into() } else { kind };
    file.with_extension(format!("left-out.{kind}"))
}
