//! The parameters of a GraphQL request, from a body or a query string.

use async_graphql::{Request, Variables};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// Whether a body is JSON in UTF-8.
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let charset = parts.find_map(|part| {
        part.to_ascii_lowercase()
            .strip_prefix("charset=")
            .map(|set| set.trim_matches('"').to_owned())
    });
    let utf8 = charset.is_none_or(|charset| charset == "utf-8" || charset == "utf8");
    if json && utf8 { Ok(()) } else { Err(Refusal::ContentType) }
}

/// From the body of a POST.
pub(super) fn from_body(body: &[u8]) -> Result<Request, Refusal> {
    let body: Value =
        serde_json::from_slice(body).map_err(|error| Refusal::BrokenJson(error.to_string()))?;
    match body {
        Value::Object(parameters) => from_map(parameters),
        Value::Array(_) => {
            Err(Refusal::Parameters("batches are not supported: send one operation a request"))
        }
        _ => Err(Refusal::Parameters("the body must be an object with a query")),
    }
}

/// From the query string of a GET. An empty value counts as absent.
pub(super) fn from_query(pairs: Vec<(String, String)>) -> Result<Request, Refusal> {
    let mut parameters = Map::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        let value = match name.as_str() {
            "variables" | "extensions" => serde_json::from_str(&value)
                .map_err(|error| Refusal::BrokenJson(format!("{name}: {error}")))?,
            _ => Value::String(value),
        };
        parameters.insert(name, value);
    }
    from_map(parameters)
}

/// From the parameters themselves; unknown ones are ignored.
pub(super) fn from_map(mut parameters: Map<String, Value>) -> Result<Request, Refusal> {
    let query = match parameters.remove("query") {
        Some(Value::String(query)) => query,
        None => return Err(Refusal::Parameters("the parameter query is missing")),
        Some(_) => return Err(Refusal::Parameters("the parameter query must be text")),
    };
    let mut request = Request::new(query);
    match parameters.remove("operationName") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) => request = request.operation_name(name),
        Some(_) => return Err(Refusal::Parameters("the parameter operationName must be text")),
    }
    match parameters.remove("variables") {
        None | Some(Value::Null) => {}
        Some(variables @ Value::Object(_)) => {
            request = request.variables(Variables::from_json(variables));
        }
        Some(_) => return Err(Refusal::Parameters("the parameter variables must be an object")),
    }
    match parameters.remove("extensions") {
        // No extension is understood, so that none can be wrong but by its form.
        None | Some(Value::Null | Value::Object(_)) => Ok(request),
        Some(_) => Err(Refusal::Parameters("the parameter extensions must be an object")),
    }
}
