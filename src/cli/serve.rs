//! Serves until the operator or the system asks to stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::progress::Bar;
use super::{CliError, say, seed, start};
use crate::config::Config;
use crate::domain::Viewer;
use crate::http;
use crate::store::Store;

/// The municipality whose editor the token of the example content is.
const DEMO_MUNICIPALITY: &str = "geestland";

/// Handles beside those of connections.
const SPARE_HANDLES: u64 = 1_000;

pub(super) async fn serve(config: Config) -> Result<(), CliError> {
    // An address that cannot be had, or a text, is said before the work of a start.
    let listener = http::listen(config.listen).await?;
    let front = http::Front::read(&config.front)?;
    make_room(config.limits.streams);
    let app = start(&config).await?;
    if config.demo {
        let imported = app.services().import(seed::content()?, &mut Bar::new("seed")).await?;
        tracing::info!(
            created = imported.created,
            changed = imported.changed,
            "example content is loaded"
        );
        app.settle().await?;
        let token = app.services().renew_demo_token(&Viewer::Operator, DEMO_MUNICIPALITY).await;
        let token = token.map_err(|error| CliError::Service(error.to_string()))?;
        say(&format!("demo token: {}", token.reveal()))?;
    }
    let shutdown = CancellationToken::new();
    let waiting = tokio::spawn(stop_in_time(app.services().store().clone(), shutdown.clone()));
    let services = || app.services().clone();
    let mut tasks = vec![tokio::spawn(services().keep_sweeping(shutdown.clone()))];
    tasks.push(tokio::spawn(services().keep_dispatching(shutdown.clone())));
    if config.review {
        tasks.push(tokio::spawn(services().keep_fresh(config.review_rules, shutdown.clone())));
    }
    let api = app.api().clone();
    let router =
        http::router_with(api, config.limits, config.trusted_proxies, front, shutdown.clone());
    let address = listener.local_addr()?;
    tracing::info!(%address, "serving");
    if let Err(error) = say(&format!("listening on http://{address}")) {
        tracing::warn!(%error, "nobody reads standard output");
    }
    http::serve(listener, router, config.limits.streams, shutdown).await;
    waiting.abort();
    for task in tasks {
        if let Err(error) = task.await {
            tracing::error!(%error, "work in the background ended badly");
        }
    }
    let failed = app.services().store().has_failed();
    app.stop().await;
    tracing::info!("stopped");
    if failed { Err(CliError::Failed) } else { Ok(()) }
}

/// Each connection takes a handle of the system, and files and database some more.
fn make_room(connections: usize) {
    let wanted = connections as u64 + SPARE_HANDLES;
    match rlimit::increase_nofile_limit(wanted) {
        Ok(most) if most >= wanted => {}
        Ok(most) => tracing::warn!(
            most,
            wanted,
            "the system gives fewer file handles than connections may need: raise the limit (systemd: LimitNOFILE) or lower --max-streams"
        ),
        Err(error) => tracing::warn!(%error, "the number of file handles could not be raised"),
    }
}

/// Waits for Ctrl+C, the system's request to end, or a database that cannot go on.
async fn stop_in_time(store: Store, shutdown: CancellationToken) {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot wait for SIGTERM");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => if let Err(error) = interrupted {
            tracing::warn!(%error, "cannot wait for Ctrl+C");
        },
        () = terminated => {}
        () = store.failed() => {}
    }
    tracing::info!("stopping: streams are closed, open requests are finished");
    shutdown.cancel();
}
