//! How quickly a follower is told of what it missed: `replay COUNT DIRECTORY` writes so many entries
//! into the journal of a new hub and follows it from its beginning.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use allmende::domain::{Actor, Event, EventKind, Subject, TopicId};
use allmende::live::{Directory, Feed};
use allmende::store::{Change, Location, Store};
use chrono::DateTime;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How many entries are written together.
const TOGETHER: usize = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: replay COUNT DIRECTORY";
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().ok_or(usage)?.parse()?;
    let directory = PathBuf::from(arguments.next().ok_or(usage)?);
    let store = Store::open(&Location::Directory(directory)).await?;
    let event = Event {
        seq: 0,
        kind: EventKind::SolutionPublished,
        subject: Subject(TopicId::from_key("mobility")?.into()),
        municipalities: Vec::new(),
        public: true,
        actor: Actor::Operator,
        at: DateTime::UNIX_EPOCH,
        title: Some("Bürgerbus für Ältere".to_owned()),
        erases: false,
    };
    let mut output = std::io::stdout().lock();
    let begun = Instant::now();
    for written in (0..count).step_by(TOGETHER) {
        let events = vec![event.clone(); TOGETHER.min(count - written)];
        store.commit_all(Change::default(), &events).await?;
    }
    writeln!(output, "{count} entries written in {:.1?}", begun.elapsed())?;

    let head = store.refresh_head().await?;
    let feed = Feed::new(store.clone(), Directory::load(store).await?, head);
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(feed.clone().run(shutdown.clone()));
    let (begun, mut after, mut told) = (Instant::now(), 0, 0);
    while after < head {
        let events = feed.next(after).await?;
        after = events.last().map_or(head, |event| event.seq);
        told += events.len();
    }
    let took = begun.elapsed();
    let each_second = told as f64 / took.as_secs_f64();
    writeln!(output, "{told} entries told in {took:.2?}: {each_second:.0} a second")?;
    shutdown.cancel();
    Ok(running.await?)
}
