//! Which form of answer a client wants.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// The forms that the hub speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `application/graphql-response+json`.
    GraphQl,
    /// `application/json`.
    Json,
    /// `text/event-stream`.
    Events,
}

impl Form {
    /// The value of the content type header.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::Events => "text/event-stream; charset=utf-8",
        }
    }
}

/// The form that the client likes best; nothing if it names none that the hub speaks.
pub(super) fn wanted(headers: &HeaderMap) -> Option<Form> {
    let mut ranges =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if ranges.peek().is_none() {
        return Some(Form::Json);
    }
    let mut best: Option<(f32, Form)> = None;
    let ranges = ranges.flat_map(|value| value.split(',')).filter_map(range);
    for (quality, form) in ranges {
        if quality > 0.0 && best.is_none_or(|(known, _)| quality > known) {
            best = Some((quality, form));
        }
    }
    best.map(|(_, form)| form)
}

/// One media range with its quality.
fn range(text: &str) -> Option<(f32, Form)> {
    let mut parts = text.split(';').map(str::trim);
    let form = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => Form::GraphQl,
        "application/json" | "application/*" | "*/*" => Form::Json,
        "text/event-stream" => Form::Events,
        _ => return None,
    };
    let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    Some((quality.map_or(Some(1.0), |quality| quality.parse().ok())?, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &str, expected: Option<Form>) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().expect("a header value"));
        assert_eq!(wanted(&headers), expected, "{accept}");
    }

    #[test]
    fn the_best_form_wins() {
        check("*/*", Some(Form::Json));
        check("application/graphql-response+json", Some(Form::GraphQl));
        check("application/json;q=0.5, application/graphql-response+json", Some(Form::GraphQl));
        check(
            "application/graphql-response+json; charset=utf-8, application/json",
            Some(Form::GraphQl),
        );
        check("text/event-stream", Some(Form::Events));
        check("text/html, image/png", None);
        check("application/json;q=0", None);
        assert_eq!(wanted(&HeaderMap::new()), Some(Form::Json));
    }
}
