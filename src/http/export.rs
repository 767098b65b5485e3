//! Open data for everybody, and the whole hub for those who look after it.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::downloads::sent;
use super::files::{finished, holds, text};
use super::refusal::Refusal;
use super::{Gateway, asker};
use crate::domain::{Language, SolutionId, Viewer};
use crate::live::Silent;
use crate::service::{Error, OpenPage, OpenRow, Services};

/// How many exports go out at the same time.
const AT_ONCE: usize = 16;
/// How many pieces of a dump may wait until they are sent.
const WAITING: usize = 4;
/// How large a piece of a dump is.
const PIECE: usize = 64 * 1024;

/// The places for exports.
#[derive(Clone)]
pub(super) struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Exports {
    /// Takes a place, if there is one; it is given back when it is dropped.
    fn begin(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| Refusal::TooManyExports)
    }
}

/// How open data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Json,
}

/// All published solutions as a table.
pub(super) async fn csv(
    State(gateway): State<Gateway>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    solutions(&gateway, &method, &headers, Form::Csv).await
}

/// All published solutions as JSON, one a line.
pub(super) async fn json(
    State(gateway): State<Gateway>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    solutions(&gateway, &method, &headers, Form::Json).await
}

async fn solutions(
    gateway: &Gateway,
    method: &Method,
    headers: &HeaderMap,
    form: Form,
) -> Result<Response<Body>, Refusal> {
    let services = gateway.api.services();
    let refused = |error: Error| Refusal::of_service(&error, Language::English);
    let state = services.open_state().await.map_err(refused)?;
    // Weak: what is written while it goes out may be in it already.
    let (kind, etag) = match form {
        Form::Csv => ("text/csv; charset=utf-8; header=present", format!("\"{state}-csv\"")),
        Form::Json => ("application/json", format!("\"{state}-json\"")),
    };
    let answer = Response::builder()
        .header(ETAG, format!("W/{etag}"))
        .header(CACHE_CONTROL, "public, no-cache")
        .header("access-control-allow-origin", "*")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
    if text(headers, &IF_NONE_MATCH).is_some_and(|known| holds(known, &etag)) {
        return finished(answer.status(StatusCode::NOT_MODIFIED), Body::empty());
    }
    let answer = answer.header(CONTENT_TYPE, kind);
    if method == Method::HEAD {
        return finished(answer, Body::empty());
    }
    let place = gateway.exports.begin()?;
    let begun = Sending { services: services.clone(), form, next: Next::First, _place: place };
    let pieces = stream::try_unfold(begun, piece);
    finished(answer, sent(pieces, gateway.limits.request))
}

/// Where open data has come to.
struct Sending {
    services: Services,
    form: Form,
    next: Next,
    _place: OwnedSemaphorePermit,
}

enum Next {
    First,
    /// After a key; whether a row was written already.
    After(SolutionId, bool),
    Nothing,
}

/// The next page as text.
async fn piece(mut sending: Sending) -> Result<Option<(Bytes, Sending)>, Error> {
    let (after, mut any) = match &sending.next {
        Next::First => (None, false),
        Next::After(key, any) => (Some(key), *any),
        Next::Nothing => return Ok(None),
    };
    let mut text = String::new();
    if after.is_none() {
        // The mark tells spreadsheets that it is UTF-8.
        text = match sending.form {
            Form::Csv => format!("\u{feff}{}", OpenRow::head()),
            Form::Json => "[".to_owned(),
        };
    }
    let OpenPage { rows, next } = sending.services.open_solutions(after).await?;
    for row in rows {
        match sending.form {
            Form::Csv => text.push_str(&row.csv()),
            Form::Json => {
                text.push_str(if any { ",\n" } else { "\n" });
                text.push_str(&row.json());
            }
        }
        any = true;
    }
    if next.is_none() && sending.form == Form::Json {
        text.push_str("\n]\n");
    }
    sending.next = next.map_or(Next::Nothing, |key| Next::After(key, any));
    Ok(Some((text.into(), sending)))
}

/// Everything of the hub but what says who somebody is, while the hub goes on.
pub(super) async fn whole(
    State(gateway): State<Gateway>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let services = gateway.api.services().clone();
    let asker = asker::asker(&services, &headers).await?;
    let refused = |error: Error| Refusal::of_service(&error, asker.language);
    match &asker.viewer {
        viewer if viewer.administers() => {}
        Viewer::Anonymous => return Err(refused(Error::Unauthenticated)),
        _ => return Err(refused(Error::Forbidden)),
    }
    let place = gateway.exports.begin()?;
    let (pieces, coming) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let output = BufWriter::with_capacity(PIECE, Wire(pieces.clone()));
        let (store, files) = (services.store(), services.files());
        let made = crate::service::export(store, files, Box::new(output), false, &mut Silent).await;
        if let Err(error) = made {
            tracing::warn!(%error, "an export broke off");
            // The connection ends without its end, so that nobody takes it for whole.
            let broken = std::io::Error::other("the export broke off");
            let _gone = pieces.send(Err(broken)).await.is_err();
        }
        drop(place);
    });
    let made =
        stream::unfold(coming, |mut coming| async move { Some((coming.recv().await?, coming)) });
    let answer = Response::builder()
        .header(CONTENT_TYPE, "application/zip")
        .header(CONTENT_DISPOSITION, "attachment; filename=\"allmende.zip\"")
        .header(CACHE_CONTROL, "private, no-store")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff");
    finished(answer, sent(made, gateway.limits.request))
}

/// Sends what is written into it.
struct Wire(mpsc::Sender<std::io::Result<Bytes>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map_err(|_| std::io::Error::other("the client has gone"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
