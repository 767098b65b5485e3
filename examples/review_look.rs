//! How long a look takes which solutions still hold: `review_look COUNT DIRECTORY` publishes so many
//! solutions in a new hub and looks on days on which none and on which all of them are due.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use allmende::app::{App, Places, Silent, in_memory, system_clock, system_ids};
use allmende::cli::seed_content;
use allmende::domain::{Clock, ReviewRules};
use allmende::service::{Sheet, SheetOrder};
use allmende::store::Location;
use chrono::TimeDelta;
use serde_json::json;
use tokio::time::Instant;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: review_look COUNT DIRECTORY";
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().ok_or(usage)?.parse()?;
    let directory = PathBuf::from(arguments.next().ok_or(usage)?);
    let day = Arc::new(AtomicI64::new(0));
    let (start, moved) = (system_clock().now(), Arc::clone(&day));
    let clock = Clock::from_fn(move || start + TimeDelta::days(moved.load(Ordering::Relaxed)));
    let places = Places { database: Location::Directory(directory), ..in_memory() };
    let app = App::start(places, clock.clone(), system_ids(clock), &mut Silent).await?;
    let services = app.services();
    services.import(seed_content()?, &mut Silent).await?;

    let sheet = Sheet::read((0..count).map(row).collect::<String>().as_bytes())?;
    let publish = SheetOrder { publish: true, ..SheetOrder::default() };
    let begun = Instant::now();
    services.import_sheet(sheet, &publish, &mut Silent).await?;
    let mut output = std::io::stdout().lock();
    writeln!(output, "{count} solutions published in {:.1?}", begun.elapsed())?;
    for (what, days) in [("none is due", 1), ("all are due", 400), ("all are due, again", 400)] {
        day.store(days, Ordering::Relaxed);
        let begun = Instant::now();
        let looked = services.foresee_review(&ReviewRules::default()).await?;
        let found = looked.reminded.len() + looked.outdated.len();
        writeln!(output, "{what}: {found} found in {:.1?}", begun.elapsed())?;
    }
    app.stop().await;
    Ok(output.flush()?)
}

/// A solution that may be published, as a line of JSON.
fn row(number: usize) -> String {
    let row = json!({
        "externalKey": format!("look-{number}"), "title": format!("Lösung {number}"),
        "municipalities": ["geestland"], "topics": ["mobility"], "status": "RUNNING",
        "teaser": "Ein Satz, der neugierig macht.", "problem": "Es fehlt an allem.",
        "approach": "Alle packen an.", "contacts": ["contact-geestland"],
    });
    format!("{row}\n")
}
