//! Asks whether solutions still hold, for operators that do it by cron.

use super::{CliError, say, start_briefly};
use crate::config::Config;
use crate::service::{Looked, Reviewed};

pub(super) async fn review(config: Config, dry_run: bool) -> Result<(), CliError> {
    let rules = config.review_rules;
    let app = start_briefly(config).await?;
    let services = app.services().clone();
    let looked = if dry_run {
        services.foresee_review(&rules).await.map(Some)
    } else {
        Box::pin(services.review(&rules)).await
    };
    app.stop().await;
    match looked.map_err(|error| CliError::Service(error.to_string()))? {
        Some(looked) => tell(&looked, dry_run),
        None => say("nothing done: a hub is at it at this moment"),
    }
}

fn tell(looked: &Looked, dry_run: bool) -> Result<(), CliError> {
    let line =
        |what: &str, it: &Reviewed| say(&format!("{what}\t{}\t{}\t{}", it.due, it.id, it.title));
    looked.reminded.iter().try_for_each(|it| line("remind", it))?;
    looked.outdated.iter().try_for_each(|it| line("outdated", it))?;
    let (reminded, outdated) = (looked.reminded.len(), looked.outdated.len());
    let would = if dry_run { "would be " } else { "" };
    say(&format!(
        "{reminded} {would}asked about, {outdated} {would}marked as outdated, {} asked about before and waiting",
        looked.waiting
    ))
}
