//! The hub's own HTTP client.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use url::Url;

use crate::domain::is_private;

/// The longest time until somebody has taken the connection.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest time for a request, to the end of its answer.
const WHOLE: Duration = Duration::from_secs(10);
/// The longest answer, in bytes.
const LARGEST: usize = 1024 * 1024;

/// An HTTP client that follows no redirects, waits for nobody long, and takes no long answers.
#[derive(Debug, Clone)]
pub struct Web(reqwest::Client);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// It could not be asked, or did not answer in time.
    #[error("no answer: {0}")]
    Request(#[from] reqwest::Error),
    /// The answer is no HTTP.
    #[error("no answer: {0}")]
    Http(#[from] openidconnect::http::Error),
    /// The answer is too long.
    #[error("the answer is longer than {LARGEST} bytes")]
    TooLong,
    /// What is asked there would be read by others on the way.
    #[error("{0} is not asked: only https, or http on this machine")]
    Open(String),
}

impl Web {
    /// A client.
    ///
    /// # Errors
    /// The system has no certificates that can be used.
    pub fn new() -> Result<Self, WebError> {
        super::choose_cryptography();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .referer(false)
            .user_agent(concat!("allmende/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }

    /// Asks once.
    ///
    /// # Errors
    /// There is no answer, or none that is taken.
    pub async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, WebError> {
        let place = request.uri().to_string();
        if !place.parse::<Url>().is_ok_and(|url| is_private(&url)) {
            return Err(WebError::Open(place));
        }
        let request = reqwest::Request::try_from(request)?;
        let mut answer = self.0.execute(request).await.map_err(reqwest::Error::without_url)?;
        let mut built = openidconnect::http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            built = built.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            if body.len() + piece.len() > LARGEST {
                return Err(WebError::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        Ok(built.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Web {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
