//! Configuration: flags go before variables, variables before `allmende.toml`, that before defaults.

mod around;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Deserialize;

use crate::app::{Around, FilePlaces, Places, USUAL_FILE};
use crate::domain::{LARGEST_FILE, ReviewRules};
use crate::files;
use crate::http::{FrontPlaces, Limits, TrustedProxies};
use crate::mail::{self, Mailer};
use crate::store::{Credentials, Location};

/// The file that is read from the working directory.
const FILE: &str = "allmende.toml";
/// The longest grace, in days.
const LONGEST_GRACE: u32 = 365;

/// What can be configured, as it is given. Absent means: the next source decides.
#[derive(Args, Deserialize, Debug, Clone, Default, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Address and port to serve on [default: 127.0.0.1:8080].
    #[arg(long, global = true, env = "ALLMENDE_LISTEN")]
    listen: Option<SocketAddr>,
    /// Where everything lies [default: ./data].
    #[arg(long, visible_alias = "data", global = true, env = "ALLMENDE_DATA_DIRECTORY")]
    data_directory: Option<PathBuf>,
    /// `memory`, or a SurrealDB server at ws://… or wss://… [default: RocksDB in the data directory].
    #[arg(long, global = true, env = "ALLMENDE_DATABASE")]
    database: Option<String>,
    /// Namespace on the server [default: allmende].
    #[arg(long, global = true, env = "ALLMENDE_DATABASE_NAMESPACE")]
    database_namespace: Option<String>,
    /// Database in the namespace [default: allmende].
    #[arg(long, global = true, env = "ALLMENDE_DATABASE_NAME")]
    database_name: Option<String>,
    /// User on the server.
    #[arg(long, global = true, env = "ALLMENDE_DATABASE_USER")]
    database_user: Option<String>,
    /// Password of the user; better as a variable, since others on the machine can read flags.
    #[arg(long, global = true, env = "ALLMENDE_DATABASE_PASSWORD", hide_env_values = true)]
    database_password: Option<String>,
    /// Where uploaded files are kept: file:///… or s3://bucket/… [default: files in the data directory].
    #[arg(long, global = true, env = "ALLMENDE_FILES")]
    files: Option<String>,
    /// Largest uploaded file, in bytes [default: 52428800].
    #[arg(long, global = true, env = "ALLMENDE_MAX_FILE_BYTES")]
    max_file_bytes: Option<u64>,
    /// Longest time for an upload [default: 5m].
    #[arg(long, global = true, env = "ALLMENDE_UPLOAD_TIMEOUT")]
    upload_timeout: Option<Span>,
    /// Server for mail: smtps://user:password@host, or smtp://host?tls=required [default: none].
    #[arg(long, global = true, env = "ALLMENDE_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// From whom mail comes: an address, or `Name <address>`.
    #[arg(long, global = true, env = "ALLMENDE_MAIL_FROM")]
    mail_from: Option<String>,
    /// What to log, such as `info,allmende=debug` [default: info].
    #[arg(long, global = true, env = "ALLMENDE_LOG")]
    log: Option<String>,
    /// How to log [default: auto].
    #[arg(long, global = true, env = "ALLMENDE_LOG_FORMAT")]
    log_format: Option<LogFormat>,
    /// Load the example content and print a token.
    #[arg(long, global = true, env = "ALLMENDE_DEMO", num_args = 0..=1, default_missing_value = "true")]
    demo: Option<bool>,
    /// Count what is searched for, without saying who searches [default: true].
    #[arg(long, global = true, env = "ALLMENDE_SEARCH_LOG", num_args = 0..=1, default_missing_value = "true")]
    search_log: Option<bool>,
    /// Ask municipalities whether solutions still hold, and mark those that nobody confirms [default: true].
    #[arg(long, global = true, env = "ALLMENDE_REVIEW", num_args = 0..=1, default_missing_value = "true")]
    review: Option<bool>,
    /// How many days after the date, and after the reminder, nobody is marked yet [default: 30].
    #[arg(long, global = true, env = "ALLMENDE_REVIEW_GRACE_DAYS")]
    review_grace_days: Option<u32>,
    /// Largest request body, in bytes [default: 1048576].
    #[arg(long, global = true, env = "ALLMENDE_MAX_BODY_BYTES")]
    max_body_bytes: Option<usize>,
    /// Longest time for a query or mutation [default: 30s].
    #[arg(long, global = true, env = "ALLMENDE_REQUEST_TIMEOUT")]
    request_timeout: Option<Span>,
    /// How long a WebSocket may wait with its `connection_init` [default: 3s].
    #[arg(long, global = true, env = "ALLMENDE_WEBSOCKET_INIT_TIMEOUT")]
    websocket_init_timeout: Option<Span>,
    /// Interval of the sign of life on open streams [default: 15s].
    #[arg(long, global = true, env = "ALLMENDE_KEEP_ALIVE")]
    keep_alive: Option<Span>,
    /// How long a WebSocket may stay on which nothing runs [default: 5m].
    #[arg(long, global = true, env = "ALLMENDE_WEBSOCKET_IDLE_TIMEOUT")]
    websocket_idle_timeout: Option<Span>,
    /// How long a stream lasts before its subscriber has to come back [default: 24h].
    #[arg(long, global = true, env = "ALLMENDE_STREAM_LIFE")]
    stream_life: Option<Span>,
    /// The most streams at a time, and the most connections [default: 20000].
    #[arg(long, global = true, env = "ALLMENDE_MAX_STREAMS")]
    max_streams: Option<usize>,
    /// The most WebSockets and event streams of one address at a time [default: 1000].
    #[arg(long, global = true, env = "ALLMENDE_MAX_STREAMS_PER_ADDRESS")]
    max_streams_per_address: Option<usize>,
    /// Where people reach the hub, such as `https://allmende.example.org`.
    #[arg(long, global = true, env = "ALLMENDE_PUBLIC_URL")]
    public_url: Option<String>,
    /// Send to webhooks in the own network, too, and without TLS [default: false].
    #[arg(long, global = true, env = "ALLMENDE_WEBHOOKS_TO_PRIVATE", num_args = 0..=1, default_missing_value = "true")]
    webhooks_to_private: Option<bool>,
    /// Proxies whose word on client and TLS counts: addresses or networks [default: 127.0.0.0/8,::1].
    #[arg(long, global = true, env = "ALLMENDE_TRUSTED_PROXIES", value_delimiter = ',')]
    trusted_proxies: Option<Vec<String>>,
    /// The identity provider with which people sign in, by its address.
    #[arg(long, global = true, env = "ALLMENDE_OIDC_ISSUER")]
    oidc_issuer: Option<String>,
    /// The name of the hub at the identity provider.
    #[arg(long, global = true, env = "ALLMENDE_OIDC_CLIENT_ID")]
    oidc_client_id: Option<String>,
    /// Its secret there, if it has one; better as a variable, since others can read flags.
    #[arg(long, global = true, env = "ALLMENDE_OIDC_CLIENT_SECRET", hide_env_values = true)]
    oidc_client_secret: Option<String>,
    /// What is asked for beside `openid`, with spaces between [default: email].
    #[arg(long, global = true, env = "ALLMENDE_OIDC_SCOPES")]
    oidc_scopes: Option<String>,
    /// The claim that says the roles, such as `groups` or `realm_access.roles`.
    #[arg(long, global = true, env = "ALLMENDE_OIDC_ROLES_CLAIM")]
    oidc_roles_claim: Option<String>,
    /// What its values stand for: `value = role` or `value = role@municipality`, several with `;`.
    #[arg(long, global = true, env = "ALLMENDE_OIDC_ROLES", value_delimiter = ';')]
    oidc_roles: Option<Vec<String>>,
    /// A directory with texts of your own: imprint.de.txt, privacy.de.txt, accessibility.de.txt …
    #[arg(long, global = true, env = "ALLMENDE_TEXTS")]
    texts: Option<PathBuf>,
    /// The directory into which `tools/graphiql.sh` has put GraphiQL.
    #[arg(long, global = true, env = "ALLMENDE_GRAPHIQL")]
    graphiql: Option<PathBuf>,
}

/// How to log.
#[derive(ValueEnum, Deserialize, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// Text on a terminal, otherwise JSON.
    #[default]
    Auto,
    /// Text.
    Text,
    /// One JSON object a line.
    Json,
}

/// A length of time, written like `30s` or `500ms`.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct Span(Duration);

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let span = humantime::parse_duration(text)
            .map_err(|error| format!("write a length of time like 30s: {error}"))?;
        if span.is_zero() { Err("must be longer than nothing".to_owned()) } else { Ok(Self(span)) }
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Why the configuration cannot be used. Names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{FILE}: {0}")]
    Unreadable(std::io::Error),
    /// The file holds something that cannot be.
    #[error("{FILE}: {0}")]
    File(String),
    /// A value cannot be used.
    #[error("{key}: {reason}")]
    Value {
        /// The key, as the file writes it.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// The configuration that counts.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to serve.
    pub listen: SocketAddr,
    /// Where things lie.
    pub places: Places,
    /// What to log.
    pub log: String,
    /// How to log.
    pub log_format: LogFormat,
    /// Whether to load the example content.
    pub demo: bool,
    /// Whether the hub looks by itself which solutions still hold.
    pub review: bool,
    /// When it asks, and when it marks.
    pub review_rules: ReviewRules,
    /// Limits of what clients may do.
    pub limits: Limits,
    /// Proxies whose word counts.
    pub trusted_proxies: TrustedProxies,
    /// What whoever runs the hub gives its pages.
    pub front: FrontPlaces,
}

impl Settings {
    /// Reads `allmende.toml` in a directory; nothing if there is none.
    ///
    /// # Errors
    /// The file cannot be read, or has keys or values that cannot be.
    pub fn from_file(directory: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(directory.join(FILE)) {
            Ok(text) => toml::from_str(&text).map_err(|error| ConfigError::File(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(ConfigError::Unreadable(error)),
        }
    }

    /// These settings, completed by those of a weaker source.
    #[must_use]
    pub fn or(self, weaker: Self) -> Self {
        Self {
            listen: self.listen.or(weaker.listen),
            data_directory: self.data_directory.or(weaker.data_directory),
            database: self.database.or(weaker.database),
            database_namespace: self.database_namespace.or(weaker.database_namespace),
            database_name: self.database_name.or(weaker.database_name),
            database_user: self.database_user.or(weaker.database_user),
            database_password: self.database_password.or(weaker.database_password),
            files: self.files.or(weaker.files),
            max_file_bytes: self.max_file_bytes.or(weaker.max_file_bytes),
            upload_timeout: self.upload_timeout.or(weaker.upload_timeout),
            smtp_url: self.smtp_url.or(weaker.smtp_url),
            mail_from: self.mail_from.or(weaker.mail_from),
            log: self.log.or(weaker.log),
            log_format: self.log_format.or(weaker.log_format),
            demo: self.demo.or(weaker.demo),
            search_log: self.search_log.or(weaker.search_log),
            review: self.review.or(weaker.review),
            review_grace_days: self.review_grace_days.or(weaker.review_grace_days),
            max_body_bytes: self.max_body_bytes.or(weaker.max_body_bytes),
            request_timeout: self.request_timeout.or(weaker.request_timeout),
            websocket_init_timeout: self.websocket_init_timeout.or(weaker.websocket_init_timeout),
            keep_alive: self.keep_alive.or(weaker.keep_alive),
            websocket_idle_timeout: self.websocket_idle_timeout.or(weaker.websocket_idle_timeout),
            stream_life: self.stream_life.or(weaker.stream_life),
            max_streams: self.max_streams.or(weaker.max_streams),
            max_streams_per_address: self
                .max_streams_per_address
                .or(weaker.max_streams_per_address),
            public_url: self.public_url.or(weaker.public_url),
            webhooks_to_private: self.webhooks_to_private.or(weaker.webhooks_to_private),
            trusted_proxies: self.trusted_proxies.or(weaker.trusted_proxies),
            oidc_issuer: self.oidc_issuer.or(weaker.oidc_issuer),
            oidc_client_id: self.oidc_client_id.or(weaker.oidc_client_id),
            oidc_client_secret: self.oidc_client_secret.or(weaker.oidc_client_secret),
            oidc_scopes: self.oidc_scopes.or(weaker.oidc_scopes),
            oidc_roles_claim: self.oidc_roles_claim.or(weaker.oidc_roles_claim),
            oidc_roles: self.oidc_roles.or(weaker.oidc_roles),
            texts: self.texts.or(weaker.texts),
            graphiql: self.graphiql.or(weaker.graphiql),
        }
    }

    /// Checks the settings and fills in the defaults.
    ///
    /// # Errors
    /// A value that cannot be used, with its key.
    pub fn resolve(self) -> Result<Config, ConfigError> {
        let usual = Limits::default();
        let places = Places { around: self.around()?, ..self.places()? };
        let trusted_proxies = self.trusted_proxies()?;
        let review_rules = self.review_rules()?;
        let body = self.max_body_bytes.unwrap_or(usual.body);
        if body < 1_024 {
            return Err(ConfigError::Value {
                key: "max-body-bytes",
                reason: format!("{body} is too small for any request: give 1024 or more"),
            });
        }
        let span = |span: Option<Span>, usual: Duration| span.map_or(usual, |span| span.0);
        Ok(Config {
            listen: self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            places,
            log: self.log.unwrap_or_else(|| "info,surrealdb=warn,surrealdb_core=warn,surrealdb_core::kvs::tasks=off,tantivy=error".to_owned()),
            log_format: self.log_format.unwrap_or_default(),
            demo: self.demo.unwrap_or_default(),
            review: self.review.unwrap_or(true),
            review_rules,
            limits: Limits {
                body,
                request: span(self.request_timeout, usual.request),
                upload: span(self.upload_timeout, usual.upload),
                websocket_init: span(self.websocket_init_timeout, usual.websocket_init),
                keep_alive: span(self.keep_alive, usual.keep_alive),
                websocket_idle: span(self.websocket_idle_timeout, usual.websocket_idle),
                stream_life: span(self.stream_life, usual.stream_life),
                streams: self.max_streams.unwrap_or(usual.streams),
                of_one_address: self.max_streams_per_address.unwrap_or(usual.of_one_address),
            },
            trusted_proxies,
            front: FrontPlaces { texts: self.texts, graphiql: self.graphiql },
        })
    }

    fn review_rules(&self) -> Result<ReviewRules, ConfigError> {
        let grace = self.review_grace_days.unwrap_or(ReviewRules::default().grace);
        if grace > LONGEST_GRACE {
            let reason = format!("{grace} is not from 0 to {LONGEST_GRACE}");
            return Err(ConfigError::Value { key: "review-grace-days", reason });
        }
        Ok(ReviewRules { grace })
    }

    fn places(&self) -> Result<Places, ConfigError> {
        let directory = self.data_directory.clone().unwrap_or_else(|| PathBuf::from("data"));
        let index = Some(directory.join("index"));
        let search_log = self.search_log.unwrap_or(true);
        let files = self.file_places(&directory)?;
        let database = match self.database.as_deref() {
            None => Location::Directory(directory.join("database")),
            Some("memory") => {
                // Without a place of their own, files are gone with the records that they belong to.
                let usual = crate::app::in_memory();
                let kept = if self.files.is_some() { files.kept } else { usual.files.kept };
                let files = FilePlaces { kept, most: files.most, ..usual.files };
                return Ok(Places { search_log, files, ..crate::app::in_memory() });
            }
            Some(url) if url.starts_with("ws://") || url.starts_with("wss://") => {
                Location::Server {
                    url: url.to_owned(),
                    credentials: self.credentials()?,
                    namespace: self
                        .database_namespace
                        .clone()
                        .unwrap_or_else(|| "allmende".to_owned()),
                    database: self.database_name.clone().unwrap_or_else(|| "allmende".to_owned()),
                }
            }
            Some(other) => {
                let reason = format!(
                    "\"{other}\" is no place for a database: give memory, ws://… or wss://…, or leave it out"
                );
                return Err(ConfigError::Value { key: "database", reason });
            }
        };
        Ok(Places { database, index, search_log, files, around: Around::default() })
    }

    fn file_places(&self, directory: &Path) -> Result<FilePlaces, ConfigError> {
        let wrong = |key, reason| ConfigError::Value { key, reason };
        let kept = match &self.files {
            None => files::Place::Directory(directory.join("files")),
            Some(url) => {
                url.parse().map_err(|error: files::PlaceError| wrong("files", error.to_string()))?
            }
        };
        let most = self.max_file_bytes.unwrap_or(USUAL_FILE);
        if !(1_024..=LARGEST_FILE).contains(&most) {
            let reason = format!("{most} is not from 1024 to {LARGEST_FILE}");
            return Err(wrong("max-file-bytes", reason));
        }
        Ok(FilePlaces { kept, arrivals: Some(directory.join("arrivals")), most, reader: None })
    }

    fn mail(&self) -> Result<Option<mail::Settings>, ConfigError> {
        let Some(server) = self.smtp_url.clone() else { return Ok(None) };
        let missing = || ConfigError::Value {
            key: "mail-from",
            reason: "missing, although smtp-url is given".to_owned(),
        };
        let from = self.mail_from.clone().ok_or_else(missing)?;
        let settings = mail::Settings { server, from, timeout: mail::USUAL_TIMEOUT };
        let wrong = |key, error: mail::SettingsError| {
            let told = error.to_string();
            let reason = told.split_once(": ").map_or(told.as_str(), |(_, reason)| reason);
            ConfigError::Value { key, reason: reason.to_owned() }
        };
        Mailer::new(&settings).map_err(|error| match error {
            mail::SettingsError::Server(_) => wrong("smtp-url", error),
            mail::SettingsError::From(_) => wrong("mail-from", error),
        })?;
        Ok(Some(settings))
    }

    fn credentials(&self) -> Result<Option<Credentials>, ConfigError> {
        match (self.database_user.clone(), self.database_password.clone()) {
            (Some(user), Some(password)) => Ok(Some(Credentials { user, password })),
            (None, None) => Ok(None),
            (Some(_), None) => Err(ConfigError::Value {
                key: "database-password",
                reason: "missing, although database-user is given".to_owned(),
            }),
            (None, Some(_)) => Err(ConfigError::Value {
                key: "database-user",
                reason: "missing, although database-password is given".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn the_stronger_source_wins_key_by_key() {
        let flags = parse("listen = '127.0.0.1:1'").expect("sound");
        let file = parse("listen = '127.0.0.1:2'\nrequest-timeout = '5s'").expect("sound");
        let config = flags.or(file).resolve().expect("sound");
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.limits.request, Duration::from_secs(5));
        assert_eq!(config.limits.keep_alive, Limits::default().keep_alive);
    }

    #[test]
    fn an_error_names_the_key() {
        let check = |text: &str, key: &str| {
            let error = match parse(text) {
                Err(error) => error.to_string(),
                Ok(settings) => settings.resolve().expect_err("a wrong value").to_string(),
            };
            assert!(error.contains(key), "{error}");
        };
        check("listne = 'x'", "listne");
        check("listen = 'nowhere'", "listen");
        check("request-timeout = 'soon'", "request-timeout");
        check("max-body-bytes = 3", "max-body-bytes");
        check("database = 'mysql://x'", "database");
        check("files = 'ftp://x'", "files");
        check("max-file-bytes = 3", "max-file-bytes");
        check("review-grace-days = 366", "review-grace-days");
        check("upload-timeout = '0s'", "upload-timeout");
        check("smtp-url = 'http://x'\nmail-from = 'a@b.de'", "smtp-url");
        check("smtp-url = 'smtp://x'", "mail-from");
        check("smtp-url = 'smtp://x'\nmail-from = 'nobody'", "mail-from");
        check("public-url = 'hub.example.org'", "public-url");
        check("database = 'ws://x'\ndatabase-user = 'root'", "database-password");
    }
}
