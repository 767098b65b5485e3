//! The contents of files, each once, under its hash.

use std::future::ready;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{
    GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, ObjectStoreScheme, PutPayload,
    WriteMultipart,
};
use tokio::task::spawn_blocking;
use url::Url;

use super::{Error, Received};
use crate::domain::FileHash;

/// A content that lies there for so long is written again when somebody needs it: those that nobody
/// needs are removed by their age, and this one is to be young until its record is there.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// How much of a file is sent at once.
const PART: usize = 5 * 1024 * 1024;

/// Where files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this process's memory; gone at its end.
    Memory,
    /// In a directory.
    Directory(PathBuf),
    /// In a bucket, `s3://bucket/…`. Who signs in, and at which endpoint, is told by the variables
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT` and so on.
    Bucket(Url),
}

/// Why a place for files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The text names none.
    #[error("\"{0}\" is no place for files: give s3://bucket/… or file:///…")]
    Unknown(String),
    /// The directory cannot be used.
    #[error("the directory {} for files cannot be used: {reason}", .path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The bucket cannot be used.
    #[error("the place {url} for files cannot be used: {reason}")]
    Bucket {
        /// Its address.
        url: Url,
        /// What is wrong.
        reason: String,
    },
}

impl std::str::FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let unknown = || PlaceError::Unknown(text.to_owned());
        let url: Url = text.parse().map_err(|_| unknown())?;
        match ObjectStoreScheme::parse(&url) {
            Ok((ObjectStoreScheme::AmazonS3, _)) => Ok(Self::Bucket(url)),
            Ok((ObjectStoreScheme::Local, _)) => {
                url.to_file_path().map(Self::Directory).map_err(|()| unknown())
            }
            _ => Err(unknown()),
        }
    }
}

/// The content of a file, piece by piece.
pub type Content = BoxStream<'static, Result<Bytes, Error>>;

/// The contents of files. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Where they lie on this machine, if they do.
    directory: Option<PathBuf>,
}

impl Blobs {
    pub(super) fn open(place: &Place) -> Result<Self, PlaceError> {
        let (store, directory): (Arc<dyn ObjectStore>, _) = match place {
            Place::Memory => (Arc::new(InMemory::new()), None),
            Place::Directory(path) => (Arc::new(local(path)?), Some(path.clone())),
            Place::Bucket(url) => (Arc::new(bucket(url)?), None),
        };
        Ok(Self { store, directory })
    }

    /// Keeps a content, unless it has just been written. When this ends, it is on the disk.
    pub(crate) async fn keep(&self, received: &Received, now: DateTime<Utc>) -> Result<(), Error> {
        match self.store.head(&key(&received.hash)).await {
            Ok(known) if known.size == received.bytes && now - known.last_modified < FRESH => {
                Ok(())
            }
            Ok(_) | Err(object_store::Error::NotFound { .. }) => self.put(received).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a content. When this ends, it is on the disk.
    pub(crate) async fn put(&self, received: &Received) -> Result<(), Error> {
        let key = key(&received.hash);
        let mut content = tokio::fs::File::from_std(received.rewound()?);
        if received.bytes <= PART as u64 {
            let mut whole = Vec::new();
            tokio::io::AsyncReadExt::read_to_end(&mut content, &mut whole).await?;
            self.store.put(&key, PutPayload::from(whole)).await?;
        } else {
            let upload = self.store.put_multipart(&key).await?;
            let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
            if let Err(error) = send(&mut content, &mut parts).await {
                parts.abort().await?;
                return Err(error);
            }
            parts.finish().await?;
        }
        self.sync(&key).await
    }

    /// Whether a content is there.
    pub(crate) async fn holds(&self, hash: &FileHash) -> Result<bool, Error> {
        match self.store.head(&key(hash)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A content, or a part of it.
    pub(crate) async fn get(
        &self,
        hash: &FileHash,
        range: Option<Range<u64>>,
    ) -> Result<Content, Error> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&key(hash), options).await?;
        Ok(found.into_stream().map_err(Error::from).boxed())
    }

    /// Removes a content, if it is there.
    pub(crate) async fn remove(&self, hash: &FileHash) -> Result<(), Error> {
        match self.store.delete(&key(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The contents that were written before a moment. What else lies in the place is none of the hub's.
    pub(crate) fn older_than(
        &self,
        moment: DateTime<Utc>,
    ) -> BoxStream<'static, Result<FileHash, Error>> {
        let known = move |meta: ObjectMeta| {
            let name = meta.location.filename()?.to_owned();
            let hash = FileHash::try_from(name).ok()?;
            (key(&hash) == meta.location && meta.last_modified < moment).then_some(hash)
        };
        let found = self.store.list(None).map_err(Error::from);
        found.try_filter_map(move |meta| ready(Ok(known(meta)))).boxed()
    }

    /// Removes a content if it was written before a moment, and tells whether it was.
    pub(crate) async fn remove_older(
        &self,
        hash: &FileHash,
        moment: DateTime<Utc>,
    ) -> Result<bool, Error> {
        match self.store.head(&key(hash)).await {
            Ok(meta) if meta.last_modified < moment => self.remove(hash).await.map(|()| true),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until what was written to this machine's disk outlives a power cut.
    async fn sync(&self, key: &Key) -> Result<(), Error> {
        let Some(directory) = &self.directory else { return Ok(()) };
        let path = directory.join(key.as_ref());
        let work = move || {
            std::fs::File::open(&path)?.sync_all()?;
            let mut above = path.parent();
            for _ in 0..2 {
                let Some(directory) = above else { break };
                std::fs::File::open(directory)?.sync_all()?;
                above = directory.parent();
            }
            Ok::<_, std::io::Error>(())
        };
        Ok(spawn_blocking(work).await??)
    }
}

async fn send(content: &mut tokio::fs::File, parts: &mut WriteMultipart) -> Result<(), Error> {
    let mut pieces = tokio_util::io::ReaderStream::with_capacity(content, 256 * 1024);
    while let Some(piece) = pieces.next().await {
        parts.wait_for_capacity(1).await?;
        parts.put(piece?);
    }
    Ok(())
}

/// `ab/abcdef…`: no directory gets too long.
fn key(hash: &FileHash) -> Key {
    let digits = hash.as_str();
    Key::from_iter([digits.get(..2).unwrap_or_default(), digits])
}

fn local(path: &Path) -> Result<LocalFileSystem, PlaceError> {
    let unusable = |reason: String| PlaceError::Directory { path: path.to_owned(), reason };
    std::fs::create_dir_all(path).map_err(|error| unusable(error.to_string()))?;
    sweep(path).map_err(|error| unusable(error.to_string()))?;
    LocalFileSystem::new_with_prefix(path).map_err(|error| unusable(error.to_string()))
}

/// Removes what was being written when a process died: such files have a `#` in their names.
fn sweep(path: &Path) -> Result<(), std::io::Error> {
    for directory in std::fs::read_dir(path)?.flatten().filter(|it| it.path().is_dir()) {
        for file in std::fs::read_dir(directory.path())?.flatten() {
            if file.file_name().to_string_lossy().contains('#') {
                std::fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}

fn bucket(url: &Url) -> Result<PrefixStore<object_store::aws::AmazonS3>, PlaceError> {
    let unusable = |reason: String| PlaceError::Bucket { url: url.clone(), reason };
    let store = AmazonS3Builder::from_env().with_url(url.as_str()).build();
    let store = store.map_err(|error| unusable(error.to_string()))?;
    let (_, prefix) = ObjectStoreScheme::parse(url).map_err(|error| unusable(error.to_string()))?;
    Ok(PrefixStore::new(store, prefix))
}
