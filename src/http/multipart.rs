//! GraphQL requests that bring a file along, after
//! <https://github.com/jaydenseric/graphql-multipart-request-spec>.

use axum::body::{Body, Bytes};
use axum::extract::Request as HttpRequest;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Response};
use futures_util::{Stream, TryStreamExt};
use multer::{Field, Multipart};
use serde_json::{Map, Value};

use super::client::Client;
use super::refusal::Refusal;
use super::uploads::{Allowance, Cut, paced};
use super::{Gateway, accept, asker, graphql, parameters};
use crate::domain::{Language, Viewer};
use crate::files::Received;
use crate::graphql::{Asker, PLACE, Uploads};
use crate::service::Error;

/// Headers of which one must be there: a page of another site cannot send it without being asked
/// first whether it may.
const PREFLIGHT: [&str; 2] = ["graphql-require-preflight", "apollo-require-preflight"];
/// How much a body may have beyond the file and the parameters.
const FRAME: u64 = 64 * 1024;

/// Whether a request is a multipart request.
pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default();
    media.trim().eq_ignore_ascii_case("multipart/form-data")
}

/// A mutation with a file.
pub(super) async fn post(
    mut gateway: Gateway,
    client: Client,
    headers: HeaderMap,
    request: HttpRequest,
) -> Result<Response<Body>, Refusal> {
    let asked = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    if !PREFLIGHT.into_iter().any(asked) {
        return Err(Refusal::NoPreflight);
    }
    let form = accept::wanted(&headers).ok_or(Refusal::NotAcceptable)?;
    let caller = asker::caller(gateway.api.services(), &headers, client).await?;
    let parts =
        Parts { gateway: &gateway, viewer: &caller.admitted.viewer, language: caller.language };
    let _place = gateway.uploads.begin()?;
    let (operations, uploads) = parts.read(&headers, request).await?;
    let mut request = parameters::from_map(operations)?;
    if let Some(uploads) = uploads {
        request = request.data(uploads);
    }
    // To read a file may take longer than other requests.
    gateway.limits.request = gateway.limits.upload;
    graphql::run(gateway, &headers, form, request, caller, false).await
}

/// The file of a form, whatever else stands ahead of it; nothing if it has none.
pub(super) async fn file_of_form(
    gateway: &Gateway,
    asker: &Asker,
    request: HttpRequest,
) -> Result<Option<FormFile>, Refusal> {
    let boundary = boundary(request.headers())?;
    let most = gateway.api.services().largest_file();
    let allowance = Allowance::new(most + FRAME);
    let mut body = Multipart::new(paced(request.into_body(), gateway.limits, allowance), boundary);
    let too_large = Refusal::file_too_large(most, asker.language);
    loop {
        let field = body.next_field().await.map_err(|error| of_body(&error, &too_large))?;
        let Some(field) = field else { return Ok(None) };
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            return Ok(Some(FormFile { name, field, too_large }));
        }
    }
}

/// A file that comes in with a form.
pub(super) struct FormFile {
    /// What it is called where it comes from.
    pub(super) name: String,
    field: Field<'static>,
    too_large: Refusal,
}

impl FormFile {
    /// It, piece by piece.
    pub(super) fn pieces(self) -> impl Stream<Item = Result<Bytes, Refusal>> + Send {
        let Self { field, too_large, .. } = self;
        field.map_err(move |error| of_body(&error, &too_large))
    }
}

fn boundary(headers: &HeaderMap) -> Result<String, Refusal> {
    let boundary = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = boundary.and_then(|media| multer::parse_boundary(media).ok());
    boundary.ok_or(Refusal::Multipart("its boundary is missing"))
}

/// Why a body could not be read to its end.
fn of_body(error: &multer::Error, too_large: &Refusal) -> Refusal {
    let multer::Error::StreamReadFailed(cause) = error else {
        return Refusal::Multipart("its parts are not framed as they should be");
    };
    match cause.downcast_ref::<Cut>() {
        Some(Cut::Slow(seconds)) => Refusal::SlowBody(*seconds),
        Some(Cut::TooLarge) => too_large.clone(),
        Some(Cut::Broken) | None => Refusal::BrokenBody,
    }
}

/// Reads the parts of a body: operations, map, file.
struct Parts<'a> {
    gateway: &'a Gateway,
    viewer: &'a Viewer,
    language: Language,
}

impl Parts<'_> {
    async fn read(
        &self,
        headers: &HeaderMap,
        request: HttpRequest,
    ) -> Result<(Map<String, Value>, Option<Uploads>), Refusal> {
        let boundary = boundary(headers)?;
        let limits = self.gateway.limits;
        let small = limits.body as u64 + FRAME;
        let allowance = Allowance::new(small);
        let stream = paced(request.into_body(), limits, allowance.clone());
        let mut body = Multipart::new(stream, boundary);
        let first = self.field(&mut body).await?;
        let operations = self.json(first, "operations").await?;
        let Value::Object(mut operations) = operations else {
            return Err(Refusal::Multipart("operations must be one object: no batches"));
        };
        let second = self.field(&mut body).await?;
        let (key, paths) = single(self.json(second, "map").await?)?;
        for path in &paths {
            put(&mut operations, path)?;
        }
        if length(headers).is_some_and(|length| length > self.most() + small) {
            return Err(self.too_large());
        }
        allowance.add(self.most());
        let file = self.field(&mut body).await?;
        let file = file.filter(|file| file.name() == Some(&key));
        let file = file.ok_or(Refusal::Multipart("the file that map names is missing"))?;
        let name = file.file_name().unwrap_or_default().to_owned();
        let received = self.receive(file).await?;
        if self.field(&mut body).await?.is_some() {
            return Err(Refusal::Multipart("there is more than one file"));
        }
        Ok((operations, Some(Uploads::of(received, name))))
    }

    async fn field(
        &self,
        body: &mut Multipart<'static>,
    ) -> Result<Option<Field<'static>>, Refusal> {
        body.next_field().await.map_err(|error| self.refusal(&error))
    }

    async fn json(
        &self,
        field: Option<Field<'static>>,
        name: &'static str,
    ) -> Result<Value, Refusal> {
        let field = field.filter(|field| field.name() == Some(name));
        let field = field.ok_or(Refusal::Multipart("its parts must be operations, map, file"))?;
        let text = field.bytes().await.map_err(|error| self.refusal(&error))?;
        serde_json::from_slice(&text)
            .map_err(|error| Refusal::BrokenJson(format!("{name}: {error}")))
    }

    async fn receive(&self, mut file: Field<'static>) -> Result<Received, Refusal> {
        let refused = |error: Error| Refusal::of_service(&error, self.language);
        let services = self.gateway.api.services();
        let mut incoming = services.incoming(self.viewer).await.map_err(refused)?;
        while let Some(piece) = file.chunk().await.map_err(|error| self.refusal(&error))? {
            incoming.take(&piece).await.map_err(|error| refused(Error::from(error)))?;
        }
        incoming.finish().await.map_err(|error| refused(Error::from(error)))
    }

    fn most(&self) -> u64 {
        self.gateway.api.services().largest_file()
    }

    fn too_large(&self) -> Refusal {
        Refusal::file_too_large(self.most(), self.language)
    }

    fn refusal(&self, error: &multer::Error) -> Refusal {
        of_body(error, &self.too_large())
    }
}

/// The length that a body claims to have.
pub(super) fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The one entry of the map: which part goes where.
fn single(map: Value) -> Result<(String, Vec<String>), Refusal> {
    let map: std::collections::BTreeMap<String, Vec<String>> = serde_json::from_value(map)
        .map_err(|_| Refusal::Multipart("map must be an object of lists of paths"))?;
    let mut entries = map.into_iter();
    match (entries.next(), entries.next()) {
        (Some((key, paths)), None) if paths.len() == 1 => Ok((key, paths)),
        _ => Err(Refusal::Multipart("map must name one file and one place for it")),
    }
}

/// Puts the file's stand-in where a path leads, such as `variables.input.file`: there must be null.
fn put(operations: &mut Map<String, Value>, path: &str) -> Result<(), Refusal> {
    let nowhere = || Refusal::Multipart("map leads to no null among the variables");
    let mut steps = path.split('.');
    let first = steps.next().filter(|first| *first == "variables").ok_or_else(nowhere)?;
    let mut place = operations.get_mut(first).ok_or_else(nowhere)?;
    for step in steps {
        place = match place {
            Value::Object(fields) => fields.get_mut(step),
            Value::Array(entries) => {
                step.parse::<usize>().ok().and_then(|step| entries.get_mut(step))
            }
            _ => None,
        }
        .ok_or_else(nowhere)?;
    }
    if !place.is_null() {
        return Err(nowhere());
    }
    *place = Value::from(PLACE);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_file_goes_where_the_map_says() {
        let check = |path: &str, sound: bool| {
            let operations =
                json!({ "query": null, "variables": { "input": { "files": [null, 1] } } });
            let Value::Object(mut operations) = operations else { panic!("an object") };
            assert_eq!(put(&mut operations, path).is_ok(), sound, "{path}");
            let placed = operations["variables"]["input"]["files"][0] == json!(PLACE);
            assert_eq!(placed, sound, "{path}");
        };
        check("variables.input.files.0", true);
        check("variables.input.files.1", false);
        check("variables.input.files.2", false);
        check("variables.input.file", false);
        check("query", false);
        check("", false);
    }
}
