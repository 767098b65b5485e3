//! Follows links of others' pages, politely.
//!
//! Each host gets one request at a time, with a pause behind it. `robots.txt` is not asked: it is
//! for programs that walk from page to page, and here a single address is followed that a person put
//! in front of readers, about as often as one reader would.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt};
use reqwest::Method;
use url::Url;

use super::client::{Answer, Client, Failure};
use crate::domain::{Finding, LinkTrouble};

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;
/// How many hosts are asked at a time.
const HOSTS_AT_ONCE: usize = 8;

/// The turns of each host.
type Turns = HashMap<String, Arc<tokio::sync::Mutex<()>>>;

/// Follows links.
pub struct Prober {
    client: Client,
    /// The pause behind a request to a host.
    pause: Duration,
    turns: Mutex<Turns>,
}

impl Prober {
    /// Follows links with this client, and a pause behind each request to the same host.
    #[must_use]
    pub fn new(client: Client, pause: Duration) -> Self {
        Self { client, pause, turns: Mutex::default() }
    }

    /// Follows all of them, those of one host one after the other; in no order.
    pub fn follow_all(&self, urls: Vec<String>) -> impl Stream<Item = (String, Finding)> + '_ {
        let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for url in urls {
            let host = Url::parse(&url).ok().and_then(|it| it.host_str().map(str::to_owned));
            hosts.entry(host.unwrap_or_default()).or_default().push(url);
        }
        let one_host = move |urls: Vec<String>| {
            stream::iter(urls).then(move |url| async move {
                let finding = self.follow(&url).await;
                (url, finding)
            })
        };
        let hosts = hosts.into_values().map(move |urls| Box::pin(one_host(urls)));
        stream::iter(hosts).flatten_unordered(HOSTS_AT_ONCE)
    }

    /// Follows one link to its end.
    pub async fn follow(&self, url: &str) -> Finding {
        let Ok(mut at) = Url::parse(url) else {
            return Finding::without_answer(LinkTrouble::NoAddress);
        };
        let mut visited = vec![at.clone()];
        let mut moved_to = None;
        let mut for_good = true;
        for _ in 0..=MOST_REDIRECTS {
            let answer = match self.ask(&at).await {
                Ok(answer) => answer,
                Err(failure) => return Finding::without_answer(trouble(failure)),
            };
            let Some(next) = answer.location else {
                return Finding::of_answer(answer.status, moved_to);
            };
            if visited.contains(&next) {
                return Finding::without_answer(LinkTrouble::Circle);
            }
            for_good &= matches!(answer.status, 301 | 308);
            if for_good {
                moved_to = Some(next.to_string());
            }
            visited.push(next.clone());
            at = next;
        }
        Finding::without_answer(LinkTrouble::TooFar)
    }

    /// Asks with HEAD, and with GET if that does not come to a sound answer: many servers know no
    /// HEAD, and not all of them say so.
    async fn ask(&self, url: &Url) -> Result<Answer, Failure> {
        match self.in_turn(Method::HEAD, url).await {
            Ok(answer) if answer.status < 400 || answer.status == 429 => Ok(answer),
            Ok(_) | Err(Failure::Tls | Failure::Connection) => self.in_turn(Method::GET, url).await,
            Err(failure) => Err(failure),
        }
    }

    async fn in_turn(&self, method: Method, url: &Url) -> Result<Answer, Failure> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(url.host_str().unwrap_or_default().to_owned()).or_default())
        };
        let _turn = turn.lock().await;
        let answer = self.client.ask(method, url).await;
        tokio::time::sleep(self.pause).await;
        answer
    }
}

const fn trouble(failure: Failure) -> LinkTrouble {
    match failure {
        Failure::Private => LinkTrouble::PrivateAddress,
        Failure::UnknownHost => LinkTrouble::UnknownHost,
        Failure::Timeout => LinkTrouble::Timeout,
        Failure::Tls | Failure::Connection => LinkTrouble::NoConnection,
    }
}
