//! Serves until the operator or the system asks to stop.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::progress::Bar;
use super::{CliError, say, seed, start};
use crate::config::Config;
use crate::domain::Viewer;
use crate::http;

/// The municipality whose editor the token of the example content is.
const DEMO_MUNICIPALITY: &str = "geestland";

pub(super) async fn serve(config: Config) -> Result<(), CliError> {
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
    let waiting = tokio::spawn(stop_on_signal(shutdown.clone()));
    let router = http::router(app.api().clone(), config.limits, shutdown.clone());
    let served = http::serve(config.listen, router, shutdown.clone(), |address| {
        tracing::info!(%address, "serving");
        if let Err(error) = say(&format!("listening on http://{address}")) {
            tracing::warn!(%error, "nobody reads standard output");
        }
    });
    let served = served.await;
    shutdown.cancel();
    waiting.abort();
    app.stop().await;
    tracing::info!("stopped");
    Ok(served?)
}

/// Waits for Ctrl+C or the system's request to end.
async fn stop_on_signal(shutdown: CancellationToken) {
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
    }
    tracing::info!("stopping: streams are closed, open requests are finished");
    shutdown.cancel();
}
