//! Figures for whoever watches over the hub, in the form of Prometheus.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::Gateway;
use crate::service::{self, Services};

/// The media type of the text form.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All figures as they are now.
pub(super) async fn figures(State(gateway): State<Gateway>) -> Response<Body> {
    let mut text = String::new();
    // A database that is away is no reason to tell nothing.
    let waiting = waiting(gateway.api.services()).await.unwrap_or_default();
    match encode(&mut text, &registry(&gateway, waiting)) {
        Ok(()) => ([(CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A name, what it means, and how many there are.
type Gauge = (&'static str, &'static str, u64);

/// What all nodes together have yet to send.
async fn waiting(services: &Services) -> Result<Vec<Gauge>, service::Error> {
    let deliveries = services.waiting_deliveries().await?;
    let letters = services.waiting_letters().await?;
    Ok(vec![
        (
            "webhook_deliveries_waiting",
            "Messages on their way to webhooks, of all nodes",
            deliveries,
        ),
        ("letters_waiting", "Messages on their way by mail, of all nodes", letters),
    ])
}

fn registry(gateway: &Gateway, waiting: Vec<Gauge>) -> Registry {
    let services = gateway.api.services();
    let hub = gateway.api.hub_state();
    let mut registry = Registry::with_prefix("allmende");
    let gauges = [
        ("streams", "Open streams", gateway.streams.count() as u64),
        ("streams_limit", "The most streams at a time", gateway.limits.streams as u64),
        ("channels", "Subscriptions that run, each for all who have it", hub.channels),
        ("subscribers", "Those who listen", hub.subscribers),
        ("catching_up", "Subscribers who are told what they missed", hub.catching_up),
        (
            "journal_entry",
            "The newest entry of the journal that this node knows of",
            services.newest(),
        ),
        ("feed_entry", "The entry up to which this node tells", services.feed().newest()),
        ("index_entry", "The entry up to which the index answers", services.searcher().cursor()),
        ("index_documents", "Documents in the index", services.searcher().documents()),
    ];
    for (name, help, value) in gauges.into_iter().chain(waiting) {
        registry.register(name, help, ConstGauge::<i64>::new(value.try_into().unwrap_or(i64::MAX)));
    }
    let counters = [
        ("told", "Messages handed out to subscribers", hub.told),
        (
            "cut_off",
            "Subscribers who were too slow and were sent away with their cursor",
            hub.cut_off,
        ),
    ];
    let sent = services.courier().sent();
    let sent = [
        ("webhook_delivered", "Messages that arrived at webhooks", sent.delivered),
        (
            "webhook_put_off",
            "Messages to webhooks that did not arrive and are tried again",
            sent.put_off,
        ),
        ("webhook_given_up", "Messages to webhooks that were given up", sent.given_up),
    ];
    for (name, help, value) in counters.into_iter().chain(sent) {
        registry.register(name, help, ConstCounter::<u64>::new(value));
    }
    registry
}
