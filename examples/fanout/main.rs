//! How many subscribers a hub can tell, and how quickly.
//!
//! `fanout load --hub HOST:PORT --token TOKEN` connects subscribers with different filters to a
//! running hub, publishes solutions that all of them wait for, and prints what was delivered,
//! missed and doubled, how long it took from commit to client, and what it cost the server.
//! `fanout replay --hub HOST:PORT` comes back to the beginning of the journal.
//! `fanout bare --listen HOST:PORT` is the floor: it sends the same bytes to everybody with
//! tokio-tungstenite and knows nothing else; `load --bare` measures it.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "it measures by the clock of the machine, and an answer that lacks a field is null"
)]

mod bare;
mod count;
mod follow;
mod listen;
mod publish;
mod server;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};
use tokio::time::sleep;

use count::Count;
use listen::Transport;

/// What can go wrong.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

#[derive(Parser)]
struct Command {
    #[command(subcommand)]
    command: Mode,
}

#[derive(Subcommand)]
enum Mode {
    /// Measures a server.
    Load(Load),
    /// Measures how quickly one who comes back is told of the whole journal.
    Replay {
        /// Where the hub listens.
        #[arg(long)]
        hub: String,
    },
    /// Serves as the floor.
    Bare {
        /// Where to listen.
        #[arg(long)]
        listen: String,
    },
}

/// Measures a server.
#[derive(Args, Clone)]
pub(crate) struct Load {
    /// Where the server listens.
    #[arg(long)]
    hub: String,
    /// Token of an editor of a municipality where one person works alone.
    #[arg(long, default_value = "")]
    token: String,
    /// How many subscribers.
    #[arg(long, default_value_t = 1_000)]
    subscribers: usize,
    /// How many different filters they have.
    #[arg(long, default_value_t = 50)]
    filters: usize,
    /// How many solutions to publish.
    #[arg(long, default_value_t = 20)]
    publications: usize,
    /// How many a second; as quickly as they go if 0.
    #[arg(long, default_value_t = 0.0)]
    rate: f64,
    /// How subscribers are connected.
    #[arg(long, value_enum, default_value_t = Transport::WebSocket)]
    transport: Transport,
    /// The server is the floor.
    #[arg(long)]
    bare: bool,
    /// Process id of the server, to tell its memory and time.
    #[arg(long)]
    pid: Option<u32>,
}

/// How long nothing may come before the run ends.
const SILENCE: Duration = Duration::from_secs(20);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    match Command::parse().command {
        Mode::Bare { listen } => bare::serve(&listen).await,
        Mode::Replay { hub } => say(&follow::replay(&hub).await?.join("\n")),
        Mode::Load(load) => measure(load).await,
    }
}

async fn measure(load: Load) -> Result<(), Failure> {
    let before = load.pid.map(server::usage).transpose()?;
    let count = Arc::new(Count::new(load.subscribers, load.publications));
    let connecting = Instant::now();
    listen::all(&load, &count).await?;
    let connected = connecting.elapsed();
    sleep(Duration::from_secs(2)).await;
    let idle = load.pid.map(server::usage).transpose()?;
    let publisher = tokio::spawn(publish::all(load.clone(), Arc::clone(&count)));
    count.wait(SILENCE).await;
    publisher.await??;
    let after = load.pid.map(server::usage).transpose()?;

    let mut report = count.report();
    let bytes = count.bytes();
    report.push(format!("connected in {:.1} s; {bytes} bytes a message", connected.as_secs_f64()));
    if let (Some(before), Some(idle), Some(after)) = (before, idle, after) {
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let each =
            (idle.kilobytes.saturating_sub(before.kilobytes)) as f64 / load.subscribers as f64;
        report.push(format!(
            "server: {each:.1} KB for each idle subscriber, {} MB before, {} MB idle, {} MB after; {:.2} s of processor time",
            before.kilobytes / 1024,
            idle.kilobytes / 1024,
            after.kilobytes / 1024,
            after.seconds - idle.seconds,
        ));
    }
    say(&report.join("\n"))
}

/// Writes to standard output.
fn say(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
