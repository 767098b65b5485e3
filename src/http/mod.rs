//! The hub on the network: GraphQL over HTTP, WebSocket and server-sent events; health.

mod accept;
mod addresses;
mod answer;
mod asker;
mod client;
mod cookies;
mod downloads;
mod export;
mod feeds;
mod files;
mod front;
mod graphql;
mod health;
mod letters;
mod metrics;
mod multipart;
mod oidc;
mod pages;
mod parameters;
mod range;
mod refusal;
mod serve;
mod session;
mod sse;
mod streams;
mod uploads;
mod websocket;

pub use client::{NetworkError, TrustedProxies};
pub use front::{Front, FrontError, FrontPlaces};
pub use serve::{ServeError, listen, serve};

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Request;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{get, post};
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

use crate::graphql::Api;
use addresses::{Addresses, Place};
use client::Client;
use export::Exports;
use refusal::Refusal;
use streams::Streams;
use uploads::Uploads;

/// Limits of what clients may do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest request body, in bytes.
    pub body: usize,
    /// The longest time for a query or mutation.
    pub request: Duration,
    /// The longest time for an upload, from its first byte to its answer.
    pub upload: Duration,
    /// How long a WebSocket may wait with its `connection_init`.
    pub websocket_init: Duration,
    /// The interval of the sign of life on open streams.
    pub keep_alive: Duration,
    /// How long a WebSocket may stay on which nothing runs.
    pub websocket_idle: Duration,
    /// How long a stream lasts, at most: then its subscriber comes back, maybe to another node.
    pub stream_life: Duration,
    /// The most streams at a time, and the most connections.
    pub streams: usize,
    /// The most WebSockets and event streams of one address at a time.
    pub of_one_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            request: Duration::from_secs(30),
            upload: Duration::from_secs(300),
            websocket_init: Duration::from_secs(3),
            keep_alive: Duration::from_secs(15),
            websocket_idle: Duration::from_secs(300),
            stream_life: Duration::from_secs(24 * 60 * 60),
            streams: 20_000,
            of_one_address: 1_000,
        }
    }
}

/// What handlers share.
#[derive(Clone)]
struct Gateway {
    api: Api,
    limits: Limits,
    proxies: TrustedProxies,
    streams: Streams,
    addresses: Addresses,
    uploads: Uploads,
    exports: Exports,
    front: Front,
    shutdown: CancellationToken,
    schema: Arc<str>,
}

impl Gateway {
    /// A place for a lasting connection of a client.
    fn place_of(&self, client: Client) -> Result<Option<Place>, Refusal> {
        self.addresses.take(self.proxies.told_apart(client))
    }
}

/// All that the hub answers to. Streams end when `shutdown` is cancelled.
pub fn router(
    api: Api,
    limits: Limits,
    proxies: TrustedProxies,
    shutdown: CancellationToken,
) -> Router {
    router_with(api, limits, proxies, Front::default(), shutdown)
}

/// The same with what whoever runs the hub gives its pages.
pub fn router_with(
    api: Api,
    limits: Limits,
    proxies: TrustedProxies,
    front: Front,
    shutdown: CancellationToken,
) -> Router {
    let schema = Arc::from(crate::graphql::sdl());
    let (streams, uploads) = (Streams::new(limits.streams), Uploads::default());
    let exports = Exports::default();
    let addresses = Addresses::new(limits.of_one_address);
    let gateway = Gateway {
        api,
        limits,
        proxies,
        streams,
        addresses,
        uploads,
        exports,
        front,
        shutdown,
        schema,
    };
    let graphql = get(graphql::get_or_upgrade).post(graphql::post);
    Router::new()
        .route("/graphql", graphql.layer(map_response(graphql::for_the_asker_only)))
        .route("/documents/{id}/file", get(files::get).put(files::put))
        .route("/export", get(export::whole))
        .route("/export/solutions.csv", get(export::csv))
        .route("/export/solutions.json", get(export::json))
        .route("/feeds/solutions.atom", get(feeds::solutions))
        .route("/feeds/{kind}/{name}", get(feeds::named))
        .route("/watches/{id}/{purpose}", get(letters::ask).post(letters::follow))
        .route("/session", post(session::begin).delete(session::end))
        .route("/session/oidc", get(oidc::begin))
        .route("/session/oidc/callback", get(oidc::finish))
        .route("/schema.graphql", get(health::schema))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::figures))
        .merge(pages(&gateway))
        .layer(DefaultBodyLimit::max(limits.body))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(gateway)
}

/// What people read. The rest is for programs, and some of it must not be compressed: streams, and files
/// of which only a part is asked for.
fn pages(gateway: &Gateway) -> Router<Gateway> {
    Router::new()
        .route("/", get(pages::start))
        .route("/choose", get(pages::choose))
        .route("/compare", get(pages::compare))
        .route("/contacts", get(pages::contacts))
        .route("/developers", get(pages::developers))
        .route("/developers/run", get(pages::run))
        .route("/developers/graphiql", get(pages::graphiql))
        .route("/developers/graphiql/files/{name}", get(pages::graphiql_file))
        .route("/documents", get(pages::documents))
        .route("/municipalities", get(pages::municipalities))
        .route("/municipalities/{slug}", get(pages::municipality))
        .route("/questions", get(pages::questions))
        .route("/questions/{id}", get(pages::question))
        .route("/questions/{id}/{deed}", get(pages::back_to_question).post(pages::act_on_question))
        .route("/solutions", get(pages::solutions))
        .route("/solutions/{slug}", get(pages::solution))
        .route("/solutions/{slug}/versions", get(pages::versions))
        .route("/watch", get(pages::watch).post(pages::save_watch))
        .route("/watches", get(pages::watches).post(pages::change_watch))
        .route("/sign-in", get(pages::ask_to_sign_in).post(pages::sign_in))
        .route("/sign-out", post(pages::sign_out))
        .route("/work", get(pages::desk))
        .route("/work/contacts/new", get(pages::new_entry).post(pages::create_entry))
        .route("/work/contacts/{id}", get(pages::edit_contact).post(pages::save_contact))
        .route("/work/contacts/{id}/confirm", post(pages::confirm_contact))
        .route("/work/contacts/{id}/publish", post(pages::publish_contact))
        .route("/work/questions/new", get(pages::new_entry).post(pages::create_entry))
        .route("/work/documents/new", get(pages::new_entry).post(pages::create_entry))
        .route("/work/documents/{id}", get(pages::look_at_document))
        .route("/work/documents/{id}/file", post(pages::upload_document))
        .route("/work/documents/{id}/publish", post(pages::publish_document))
        .merge(processes())
        .route("/work/solutions/new", get(pages::new_solution).post(pages::create_solution))
        .route("/work/solutions/{id}", get(pages::edit_solution).post(pages::save_solution))
        .route("/work/solutions/{id}/preview", get(pages::preview_solution))
        .route("/work/solutions/{id}/review", get(pages::review_solution))
        .route("/work/solutions/{id}/{step}", get(pages::back_to_solution).post(pages::step))
        .route("/imprint", get(pages::statement))
        .route("/privacy", get(pages::statement))
        .route("/accessibility", get(pages::statement))
        .route("/plain-language", get(pages::statement))
        .route("/static/allmende.css", get(pages::stylesheet))
        .route("/static/allmende.js", get(pages::script))
        .route("/static/graphiql.css", get(pages::graphiql_stylesheet))
        .route("/static/graphiql.js", get(pages::graphiql_script))
        .route("/static/icon.svg", get(pages::icon))
        .fallback(pages::missing)
        .layer(from_fn_with_state(gateway.clone(), pages::kindly))
        .layer(CompressionLayer::new())
}

/// The pages of those who keep a strategy process.
fn processes() -> Router<Gateway> {
    let back = || get(pages::back_to_process);
    Router::new()
        .route("/work/processes", get(pages::processes).post(pages::begin_process))
        .route("/work/processes/{id}", get(pages::look_at_process))
        .route("/work/processes/{id}/publish", back().post(pages::publish_process))
        .route("/work/processes/{id}/archive", back().post(pages::archive_process))
        .route("/work/processes/{id}/{part}", get(pages::edit_part).post(pages::save_part))
        .route("/work/processes/{id}/{part}/{deed}", back().post(pages::act_on_part))
}

/// What stands in the path of a feed and ahead of its secret.
const SECRET_FEEDS: &str = "/feeds/watches/";

/// What the log says of a request. What stands behind the `?` may be a code with which somebody signs
/// in, and stays out; so does what lets somebody read a feed.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let path = request.uri().path();
    let path = if path.starts_with(SECRET_FEEDS) { SECRET_FEEDS } else { path };
    tracing::debug_span!("request", method = %request.method(), path)
}
