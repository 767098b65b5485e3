//! The commands of the program.

mod dump;
mod links;
mod log;
mod municipalities;
mod progress;
mod review;
mod seed;
mod serve;
mod solutions;

use std::io::Write;
use std::path::{Path, PathBuf};

use allmende_index::{Index, Root};
use clap::{Parser, Subcommand, ValueEnum};

use crate::app::{App, StartError, system_clock, system_ids};
use crate::config::{Config, ConfigError, Settings};
use crate::domain::likeness::ReferenceError;
use crate::domain::{Role, Viewer};
use crate::http::{FrontError, ServeError};
use crate::live;
use crate::outbound::ClientError;
use crate::service::{
    DumpError, Error, ImportError, Imported, RegisterError, SheetError, SheetOrder,
};
use crate::store::{Location, Store};
use progress::Bar;
pub use seed::content as seed_content;

/// A GraphQL hub on which municipalities share what works.
#[derive(Parser, Debug)]
#[command(name = "allmende", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the hub.
    Serve,
    /// Load the example content: real municipalities and their solutions. Safe to repeat.
    Seed,
    /// Build the index anew from the database, beside the old one, and swap.
    Reindex,
    /// Take in files of others. Safe to repeat; stop a hub whose database lies in the same directory.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Ask municipalities whether solutions still hold, and mark those that nobody confirmed. A hub
    /// does so by itself; this is for those who switch that off (`--review false`).
    Review {
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// Follow the links of what is public, and keep what they led to.
    CheckLinks(links::Arguments),
    /// Write everything of the hub into one file. Stop a hub whose database lies in the same directory.
    Export {
        /// The file, for instance hub.zip; it is replaced if it is there.
        file: PathBuf,
        /// With everything that says who somebody is: accounts with the hashes of their passwords,
        /// access tokens, persons and addresses of contacts. To move a hub, this is needed.
        #[arg(long)]
        personal: bool,
    },
    /// Make a hub of such a file, where nothing is yet.
    Restore {
        /// The file.
        file: PathBuf,
    },
    /// Print the GraphQL schema.
    Schema,
    /// Access tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Read the text of a file of a stranger; the hub calls this by itself.
    #[command(hide = true)]
    Extract {
        /// What the beginning of the file tells of it.
        kind: String,
    },
}

#[derive(Subcommand, Debug)]
enum ImportCommand {
    /// A register of municipalities: the GV100AD text file of Destatis, or a table with named columns
    /// (README.md has them).
    Municipalities {
        /// The file.
        file: PathBuf,
        /// Leave wrong rows out and take in the others.
        #[arg(long)]
        partial: bool,
    },
    /// Solutions as a table or as JSON, known again by their externalKey (docs/IMPORT.md has the columns).
    Solutions {
        /// The file.
        file: PathBuf,
        /// Whose the solutions are whose rows do not say so: a name in URLs, an ARS or an AGS.
        #[arg(long)]
        municipality: Option<String>,
        /// Publish them; otherwise they wait as drafts.
        #[arg(long)]
        publish: bool,
        /// Only tell what would happen.
        #[arg(long)]
        dry_run: bool,
        /// Leave wrong rows out, in a file beside this one, and take in the others.
        #[arg(long)]
        partial: bool,
    },
    /// All German municipalities, from which scales and percentiles come, in place of those that
    /// come with the program. It holds from the next start on.
    Reference {
        /// A table: `# date: 2022-12-31`, `# source: …`, then the names of columns, key among them.
        file: PathBuf,
    },
}

#[derive(Subcommand, Debug)]
enum TokenCommand {
    /// Make a token and print it; it is shown this one time.
    Create {
        /// What its holder may do.
        #[arg(long, default_value = "editor")]
        role: TokenRole,
        /// The municipality it belongs to, by its name in URLs, for instance `geestland`; editors and
        /// approvers need one.
        #[arg(long)]
        municipality: Option<String>,
    },
}

#[derive(ValueEnum, Debug, Clone, Copy)]
enum TokenRole {
    Reader,
    Editor,
    /// Looks over what editors wrote.
    Approver,
    /// Looks after what all municipalities share.
    Moderator,
    /// Looks after accounts.
    Admin,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Serving.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// What whoever runs the hub gives its pages.
    #[error(transparent)]
    Front(#[from] FrontError),
    /// The import.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A register of municipalities.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A file of solutions.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// A dump.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// A reference.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// A file that cannot be read.
    #[error("{}: {error}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A use case.
    #[error("{0}")]
    Service(String),
    /// The database could not write any more.
    #[error(
        "the database could not write: see the log above; make room on the disk or repair it, then start again"
    )]
    Failed,
    /// Requests to others.
    #[error(transparent)]
    Outbound(#[from] ClientError),
    /// Links that lead nowhere, where that was to be a failure.
    #[error("{0} of the links are broken")]
    Broken(usize),
    /// The index.
    #[error(transparent)]
    Live(#[from] live::Error),
    /// A hub has the index open.
    #[error("the index directory {} is in use: stop the hub first", .0.display())]
    IndexInUse(PathBuf),
    /// Standard output or the network.
    #[error("the system failed: {0}")]
    Output(#[from] std::io::Error),
}

impl Cli {
    /// Reads the file on standard input, if that is what was called for. It needs a process in
    /// which nothing else runs.
    #[must_use]
    pub fn extraction(&self) -> Option<std::io::Result<()>> {
        match &self.command {
            Command::Extract { kind } => Some(crate::extract::run(kind)),
            _ => None,
        }
    }
}

/// Runs the command that the arguments name.
///
/// # Errors
/// One line that says what went wrong and what to do.
pub async fn run(called: Cli) -> Result<(), CliError> {
    let Cli { command, settings } = called;
    if let Command::Schema = command {
        return say(&crate::graphql::sdl());
    }
    let config = settings.or(Settings::from_file(Path::new("."))?).resolve()?;
    log::start(&config)?;
    match command {
        Command::Serve => serve::serve(config).await,
        Command::Seed => seed(config).await,
        Command::Reindex => reindex(config).await,
        Command::Import(ImportCommand::Municipalities { file, partial }) => {
            municipalities::import(config, &file, partial).await
        }
        Command::Import(ImportCommand::Solutions {
            file,
            municipality,
            publish,
            dry_run,
            partial,
        }) => {
            let order = SheetOrder { municipality, publish, dry_run, partial };
            solutions::import(config, &file, &order).await
        }
        Command::Import(ImportCommand::Reference { file }) => {
            municipalities::reference(config, &file).await
        }
        Command::Review { dry_run } => review::review(config, dry_run).await,
        Command::CheckLinks(arguments) => links::check(config, &arguments).await,
        Command::Export { file, personal } => dump::export(config, &file, personal).await,
        Command::Restore { file } => dump::restore(config, &file).await,
        Command::Token(TokenCommand::Create { role, municipality }) => {
            token(config, role, municipality.as_deref()).await
        }
        Command::Schema | Command::Extract { .. } => Ok(()),
    }
}

async fn start(config: &Config) -> Result<App, CliError> {
    let clock = system_clock();
    let ids = system_ids(clock.clone());
    let mut bar = Bar::new("index");
    Ok(App::start(config.places.clone(), clock, ids, &mut bar).await?)
}

/// Starts what a command needs that writes and ends. Beside a database server a hub may be running
/// with the index of this directory; it follows the journal by itself, so the command needs none.
async fn start_briefly(mut config: Config) -> Result<App, CliError> {
    if matches!(config.places.database, Location::Server { .. }) {
        config.places.index = None;
    }
    start(&config).await
}

async fn seed(config: Config) -> Result<(), CliError> {
    let app = start_briefly(config).await?;
    let imported = app.services().import(seed::content()?, &mut Bar::new("seed")).await?;
    app.settle().await?;
    app.stop().await;
    let Imported { created, changed, unchanged, left } = imported;
    say(&format!(
        "{created} records created, {changed} changed, {unchanged} as they were, {left} left to their editors"
    ))
}

async fn reindex(config: Config) -> Result<(), CliError> {
    let Some(path) = config.places.index else {
        return say("nothing to do: a database in memory has its index in memory");
    };
    let store = Store::open(&config.places.database).await.map_err(StartError::from)?;
    let index = rebuild(&store, path).await?;
    say(&format!("{} documents, up to journal entry {}", index.len(), index.cursor()))
}

/// Builds the index anew from the database.
async fn rebuild(store: &Store, path: PathBuf) -> Result<Index, CliError> {
    match live::rebuild(store, &Root::new(&path), &mut Bar::new("index")).await {
        Err(live::Error::Index(allmende_index::Error::Busy(_))) => Err(CliError::IndexInUse(path)),
        other => Ok(other?.0),
    }
}

async fn token(
    config: Config,
    role: TokenRole,
    municipality: Option<&str>,
) -> Result<(), CliError> {
    let role = match role {
        TokenRole::Reader => Role::Reader,
        TokenRole::Editor => Role::Editor,
        TokenRole::Approver => Role::Approver,
        TokenRole::Moderator => Role::Moderator,
        TokenRole::Admin => Role::Admin,
    };
    let app = start_briefly(config).await?;
    let made = app.services().create_token(&Viewer::Operator, role, municipality).await;
    app.stop().await;
    let secret = made.map_err(|error| match (error, municipality) {
        (Error::Problems(_), Some(name)) => CliError::Service(format!(
            "municipality: there is no municipality \"{name}\"; load it first, for instance with allmende seed"
        )),
        (Error::Problems(_), None) => CliError::Service(
            "this role is held for a municipality: name it with --municipality".to_owned(),
        ),
        (other, _) => CliError::Service(other.to_string()),
    })?;
    say(secret.reveal())
}

/// Writes a line to standard output.
fn say(line: &str) -> Result<(), CliError> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", line.trim_end())?;
    Ok(output.flush()?)
}
