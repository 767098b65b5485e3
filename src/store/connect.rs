//! Opens the database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use surrealdb::Surreal;
use surrealdb::engine::any::{self, Any};
use surrealdb::opt::auth::Root;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::migrate::until_alone;
use super::reach::Database;
use super::{Error, Store};

/// Where the database lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In this process's memory; gone at its end.
    Memory,
    /// Embedded on RocksDB in a directory.
    Directory(PathBuf),
    /// On a server, `ws://…` or `wss://…`.
    Server {
        /// Its address.
        url: String,
        /// Who signs in, if the server asks for it.
        credentials: Option<Credentials>,
        /// Namespace on the server.
        namespace: String,
        /// Database in the namespace.
        database: String,
    },
}

/// Name and password of a root user of a SurrealDB server.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// The place cannot be opened, its migrations are not those of this program, or a restore into it
    /// has not ended.
    pub async fn open(location: &Location) -> Result<Self, Error> {
        let database = connect(location).await?;
        super::migrate::prepare(&database).await?;
        // Asked first: what is unfinished may have an older schema, which has to stay.
        if Self::is_unfinished(&database).await? {
            return Err(Error::Unfinished);
        }
        super::migrate::migrate(&database, super::migrate::MIGRATIONS).await?;
        let (keeps_files, directory) = match location {
            Location::Directory(directory) => (true, Some(directory.clone())),
            // What begins in memory has nothing to rewrite.
            Location::Server { url, .. } => (!url.starts_with("mem:"), None),
            Location::Memory => (false, None),
        };
        let store = Self { keeps_files, directory, ..Self::around(database) };
        if matches!(location, Location::Server { .. }) {
            // What lies in this process is always there.
            tokio::spawn(Database::keep_asking(Arc::downgrade(&store.database)));
        }
        store.refresh_head().await?;
        Ok(store)
    }

    /// A store on an open database.
    pub(super) fn around(database: Surreal<Any>) -> Self {
        let cache = super::cache::RecordCache::new();
        let failure = CancellationToken::new();
        let (database, head) = (Arc::new(Database::new(database)), watch::Sender::new(0));
        Self { database, head, cache, keeps_files: true, directory: None, failure }
    }
}

pub(super) async fn connect(location: &Location) -> Result<Surreal<Any>, Error> {
    match location {
        Location::Memory => {
            let database = any::connect("mem://").await?;
            database.use_ns("allmende").use_db("allmende").await?;
            Ok(database)
        }
        Location::Directory(directory) => {
            let database = embedded(directory).await?;
            database.use_ns("allmende").use_db("allmende").await?;
            Ok(database)
        }
        Location::Server { url, credentials, namespace, database } => {
            let unreachable = |error: surrealdb::Error| Error::Unreachable {
                address: url.clone(),
                reason: error.message().to_owned(),
            };
            let connection = any::connect(url.as_str()).await.map_err(unreachable)?;
            if let Some(Credentials { user, password }) = credentials {
                let root = Root { username: user.clone(), password: password.clone() };
                connection.signin(root).await.map_err(unreachable)?;
            }
            // Whoever comes first makes them.
            let choose = || async { connection.use_ns(namespace).use_db(database).await };
            until_alone(choose).await.map_err(unreachable)?;
            Ok(connection)
        }
    }
}

/// Opens RocksDB so that what was acknowledged survives a crash, and what was erased does not.
async fn embedded(directory: &Path) -> Result<Surreal<Any>, Error> {
    let path = directory.display().to_string();
    let unusable = |reason: String| Error::Directory { path: path.clone(), reason };
    std::fs::create_dir_all(directory).map_err(|error| unusable(error.to_string()))?;
    let database = any::connect(format!("rocksdb://{path}?{OPTIONS}")).await.map_err(|error| {
        let reason = error.to_string();
        // RocksDB says "while lock file" for a lock that another process holds and "lock hold by
        // current process" for its own; "for a file for lock" only means that it may not write.
        let held = ["While lock file", "lock hold by current process"];
        if held.iter().any(|words| reason.contains(words)) {
            Error::Locked(path.clone())
        } else {
            unusable(reason)
        }
    })?;
    remove_archive(directory).map_err(|error| unusable(error.to_string()))?;
    Ok(database)
}

/// A sync at every commit. Other options of RocksDB cannot be given in an address: what begins with
/// `rocksdb_` would arrive as `datastore_rocksdb_…`, which nobody reads. So values of 4 KiB and more
/// lie in files of their own, which an erasure may not reach; nothing personal may be so long.
const OPTIONS: &str = "sync=every";

/// Removes old logs that RocksDB kept for others to copy, which nobody does.
pub(super) fn remove_archive(directory: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(directory.join("archive")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
