//! Wires the parts into one running hub, and takes them apart again.

use std::path::PathBuf;

use allmende_index::{Index, Opened, Root, Writer};
use chrono::Utc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::domain::{Clock, Ids, PublicUrl};
use crate::files::{self, Files};
use crate::graphql::{self, Api, SchemaError};
pub use crate::live::Silent;
use crate::live::{
    self, Directory, Feed, Percolation, Progress, Projector, SearchLog, Searcher, rebuild,
};
use crate::mail::{self, Mailer};
use crate::outbound::{self, ClientError, Provider, ProviderError, ProviderSettings};
use crate::service::{Attempts, Courier, CourierSettings, Outbox, Passwords, Services, SignOuts};
use crate::store::{self, Location, Store};

/// The most bytes of a file, if nothing else is configured.
pub const USUAL_FILE: u64 = 50 * 1024 * 1024;

/// Where a hub keeps what it has.
#[derive(Debug, Clone)]
pub struct Places {
    /// The database.
    pub database: Location,
    /// The directory of the index; in memory if absent.
    pub index: Option<PathBuf>,
    /// Whether it counts what is searched for.
    pub search_log: bool,
    /// Uploaded files.
    pub files: FilePlaces,
    /// What it knows of the world around it.
    pub around: Around,
}

/// What a hub knows of the world around it.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Where people reach it.
    pub public_url: Option<PublicUrl>,
    /// Where people sign in, beside the hub itself.
    pub provider: Option<ProviderSettings>,
    /// How it sends mail; it sends none if absent.
    pub mail: Option<mail::Settings>,
    /// How it sends to webhooks.
    pub webhooks: CourierSettings,
}

/// Where a hub keeps uploaded files, and how it takes them.
#[derive(Debug, Clone)]
pub struct FilePlaces {
    /// Where they are kept.
    pub kept: files::Place,
    /// The directory in which they lie while they come in; the system's usual one if absent.
    pub arrivals: Option<PathBuf>,
    /// The most bytes of one.
    pub most: u64,
    /// The program that reads them, which is this one; absent, the system is asked where it lies.
    pub reader: Option<PathBuf>,
}

impl FilePlaces {
    /// Opens the place of the files.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn open(&self) -> Result<Files, StartError> {
        let reader = self.reader.clone().map_or_else(std::env::current_exe, Ok);
        let reader = reader.map_err(StartError::Program)?;
        Ok(Files::open(&self.kept, reader, self.arrivals.as_deref(), self.most)?)
    }
}

/// Why a hub cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The files.
    #[error(transparent)]
    Files(#[from] files::PlaceError),
    /// This program cannot be found, which is needed to read files.
    #[error("this program does not know where it lies: {0}")]
    Program(std::io::Error),
    /// How mail is sent.
    #[error(transparent)]
    Mail(#[from] mail::SettingsError),
    /// The identity provider.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Webhooks.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A view.
    #[error(transparent)]
    Live(#[from] live::Error),
    /// The index.
    #[error(
        "index directory {path}: {error}; check that it belongs to the user that runs Allmende and that no other Allmende uses it"
    )]
    Index {
        /// Its directory.
        path: PathBuf,
        /// What is wrong.
        error: allmende_index::Error,
    },
    /// The schema of the API; a defect.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

/// A running hub.
pub struct App {
    services: Services,
    api: Api,
    followers: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl App {
    /// Opens everything and starts the followers of the journal. An index that is missing, broken
    /// or of another hub is built anew first.
    ///
    /// # Errors
    /// What cannot be opened.
    pub async fn start(
        places: Places,
        clock: Clock,
        ids: Ids,
        progress: &mut dyn Progress,
    ) -> Result<Self, StartError> {
        let files = places.files.open()?;
        let store = Store::open(&places.database).await?;
        Self::on(store, files, places, clock, ids, progress).await
    }

    /// Starts a hub on a database and files that are open already.
    ///
    /// # Errors
    /// What cannot be opened.
    pub async fn on(
        store: Store,
        files: Files,
        places: Places,
        clock: Clock,
        ids: Ids,
        progress: &mut dyn Progress,
    ) -> Result<Self, StartError> {
        outbound::choose_cryptography();
        let Around { public_url, provider, mail, webhooks } = places.around;
        let provider = provider.map(Provider::new).transpose()?;
        let mailer = mail.as_ref().map(Mailer::new).transpose()?;
        let courier = Courier::new(&webhooks, public_url.as_ref())?;
        let seen = store.refresh_head().await?;
        let directory = Directory::load(store.clone()).await?;
        let root = places.index.map(Root::new);
        let (index, writer) = index(&store, root.as_ref(), seen, progress).await?;
        let feed = Feed::new(store.clone(), directory.clone(), seen);
        let searcher = Searcher::new(index);
        searcher.set_thesaurus(&directory.tables().thesaurus);
        let projector = Projector::new(
            store.clone(),
            directory.clone(),
            feed.clone(),
            searcher.clone(),
            root,
            writer,
        );
        let search_log = SearchLog::new(store.clone(), places.search_log);
        let followers = CancellationToken::new();
        let mut tasks = vec![
            tokio::spawn(search_log.clone().run(followers.clone())),
            tokio::spawn(feed.clone().run(followers.clone())),
            tokio::spawn(projector.run(followers.clone())),
        ];
        let percolation = Percolation::new(store.clone(), directory.clone(), searcher.clone());
        let services = Services {
            store,
            directory,
            feed,
            searcher,
            percolation,
            search_log,
            files,
            attempts: Attempts::default(),
            passwords: Passwords::default(),
            outbox: Outbox::new(mailer, public_url.clone()),
            courier,
            sign_outs: SignOuts::default(),
            provider,
            read_selection: graphql::read_selection,
            public_url,
            clock,
            ids,
        };
        tasks.push(tokio::spawn(services.clone().keep_erasing(followers.clone())));
        tasks.push(tokio::spawn(services.clone().keep_delivering(followers.clone())));
        tasks.push(tokio::spawn(services.clone().keep_sending(followers.clone())));
        let api = Api::new(services.clone())?;
        Ok(Self { services, api, followers, tasks })
    }

    /// The use cases.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The API.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Waits until the index has taken in everything that was written so far.
    ///
    /// # Errors
    /// What the database says.
    pub async fn settle(&self) -> Result<(), StartError> {
        let head = self.services.store().refresh_head().await?;
        self.services.searcher().wait_for(head).await;
        Ok(())
    }

    /// Ends the followers; a batch that the index has begun is finished.
    pub async fn stop(self) {
        self.followers.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a follower of the journal ended badly");
            }
        }
    }
}

/// Opens the index, or builds it. Without a writer it is to be replaced by the projector.
async fn index(
    store: &Store,
    root: Option<&Root>,
    head: u64,
    progress: &mut dyn Progress,
) -> Result<(Index, Option<Writer>), StartError> {
    let with_writer = |(index, writer)| (index, Some(writer));
    let Some(root) = root else {
        let made = Index::in_memory().map(with_writer);
        return made.map_err(|error| StartError::Index { path: PathBuf::from("memory"), error });
    };
    let broken = |error| StartError::Index { path: root.path().to_owned(), error };
    match root.open(&store.identity().await?).map_err(broken)? {
        Opened::Ready(index, writer) if index.cursor() <= head => return Ok((index, Some(writer))),
        Opened::Outdated(index) if index.cursor() <= head => {
            tracing::warn!(
                "the index was written by another version: it answers while a new one is built"
            );
            return Ok((index, None));
        }
        Opened::Ready(..) | Opened::Outdated(_) => tracing::warn!(
            "the index is ahead of the database, which may come from a backup: building it anew"
        ),
        Opened::Missing(reason) if head == 0 => tracing::debug!(%reason, "no index yet"),
        Opened::Missing(reason) => {
            tracing::warn!(%reason, "the index cannot be used: building it anew");
        }
    }
    match rebuild(store, root, progress).await {
        Err(live::Error::Index(error)) => Err(broken(error)),
        other => Ok(with_writer(other?)),
    }
}

/// The clock of the system.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
pub fn system_clock() -> Clock {
    Clock::from_fn(Utc::now)
}

/// Keys and secrets from the system's randomness.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
pub fn system_ids(clock: Clock) -> Ids {
    Ids::from_fn(clock, rand::random)
}

/// Where nothing outlives the process; for tests and trials.
#[must_use]
pub fn in_memory() -> Places {
    Places {
        database: Location::Memory,
        index: None,
        search_log: true,
        files: FilePlaces {
            kept: files::Place::Memory,
            arrivals: None,
            most: USUAL_FILE,
            reader: None,
        },
        around: Around::default(),
    }
}
