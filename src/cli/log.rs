//! The log, on standard error: standard output is for results.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError, LogFormat};

/// Starts to log.
///
/// # Errors
/// The `log` setting cannot be read.
pub(super) fn start(config: &Config) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| ConfigError::Value {
        key: "log",
        reason: format!("{error}; write for instance info,allmende=debug"),
    })?;
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json { log.json().flatten_event(true).try_init() } else { log.try_init() };
    started.map_err(|error| ConfigError::Value { key: "log", reason: error.to_string() })
}
