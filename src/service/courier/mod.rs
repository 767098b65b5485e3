//! Brings messages to webhooks.
//!
//! Of several nodes one at a time does it, under a lease. What is on its way stands in the database
//! until somebody has taken it: after a crash, or when another node takes over, it may come twice, with
//! the same id.

mod round;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use round::Round;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::limiter::Limiter;
use super::{Error, Services};
use crate::domain::{
    Delivery, DeliveryState, DeliveryTrouble, Envelope, PublicUrl, Reply, Webhook,
};
use crate::outbound::{Client, ClientError, ClientSettings, Failure};
use crate::store;

/// The name of the lease.
const WORK: &str = "webhooks";
/// How long a node may be silent before another one takes over.
const SPAN: TimeDelta = TimeDelta::seconds(20);
/// How often messages are looked for that others left, or that wait for another try.
const INTERVAL: Duration = Duration::from_secs(5);
/// How often what is long over is forgotten, beside each time that something is sent.
const TIDYING: Duration = Duration::from_secs(3_600);
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a receiver may take to begin its answer, if nothing else is configured.
const PATIENCE: Duration = Duration::from_secs(20);
/// A webhook for which more messages wait is sent nothing any more, if nothing else is configured.
const MOST_WAITING: usize = 10_000;
/// So often one owner may have messages sent that nothing happened for, or sent again …
const MOST_ASKED: u32 = 60;
/// … within this time.
const WITHIN: TimeDelta = TimeDelta::hours(1);

/// How messages are sent to webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourierSettings {
    /// Whether they go to addresses that are not on the public network, and without TLS.
    pub to_private: bool,
    /// How long a receiver may take to begin its answer.
    pub patience: Duration,
    /// A webhook for which more messages wait is sent nothing any more.
    pub most_waiting: usize,
}

impl Default for CourierSettings {
    fn default() -> Self {
        Self { to_private: false, patience: PATIENCE, most_waiting: MOST_WAITING }
    }
}

/// What this node has sent since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// Messages that arrived.
    pub delivered: u64,
    /// Attempts without success, after which the message waits for another one.
    pub put_off: u64,
    /// Messages that were given up.
    pub given_up: u64,
}

#[derive(Debug, Default)]
struct Counts {
    delivered: AtomicU64,
    put_off: AtomicU64,
    given_up: AtomicU64,
}

/// Who brings messages to webhooks. Cheap to clone.
#[derive(Clone)]
pub struct Courier {
    client: Client,
    to_private: bool,
    most_waiting: usize,
    wake: Arc<Notify>,
    asked: Limiter,
    counts: Arc<Counts>,
}

impl Courier {
    /// A courier.
    ///
    /// # Errors
    /// The certificates of the system cannot be read.
    pub fn new(
        settings: &CourierSettings,
        public_url: Option<&PublicUrl>,
    ) -> Result<Self, ClientError> {
        let hub = public_url.map(|hub| format!("; +{}", hub.page(""))).unwrap_or_default();
        let client = Client::new(&ClientSettings {
            user_agent: format!("Allmende/{} (webhooks{hub})", env!("CARGO_PKG_VERSION")),
            allow_private: settings.to_private,
            connect: CONNECT.min(settings.patience),
            answer: settings.patience,
        })?;
        Ok(Self {
            client,
            to_private: settings.to_private,
            most_waiting: settings.most_waiting,
            wake: Arc::default(),
            asked: Limiter::new(MOST_ASKED, WITHIN),
            counts: Arc::default(),
        })
    }

    /// Has what is due looked for at once: somebody has added something.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// What this node has sent since its start.
    #[must_use]
    pub fn sent(&self) -> Sent {
        Sent {
            delivered: self.counts.delivered.load(Ordering::Relaxed),
            put_off: self.counts.put_off.load(Ordering::Relaxed),
            given_up: self.counts.given_up.load(Ordering::Relaxed),
        }
    }

    /// Whether messages go without TLS, too.
    pub(super) const fn takes_open(&self) -> bool {
        self.to_private
    }

    /// Whether nothing is sent to an address, as it is written.
    pub(super) fn refuses(&self, url: &Url) -> bool {
        self.client.refuses(url)
    }

    /// How often somebody may have something sent.
    pub(super) const fn asked(&self) -> &Limiter {
        &self.asked
    }

    fn count(&self, delivery: &Delivery) {
        let counts = &self.counts;
        let count = match (delivery.ended_at, delivery.state) {
            (None, _) => &counts.put_off,
            (_, DeliveryState::Delivered) => &counts.delivered,
            _ => &counts.given_up,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Services {
    /// Sends what is due until the end of the program.
    pub async fn keep_sending(self, shutdown: CancellationToken) {
        let mut tidying = Instant::now() + TIDYING;
        while !shutdown.is_cancelled() {
            if Instant::now() >= tidying {
                tidying += TIDYING;
                self.forget_deliveries().await;
            }
            match Box::pin(self.send_due(&shutdown)).await {
                Ok(()) => {}
                Err(Error::Store(store::Error::Overtaken)) => {
                    tracing::info!("another node sends to webhooks now");
                }
                Err(error) => {
                    tracing::error!(%error, "cannot send to webhooks; trying again");
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = self.courier.wake.notified() => {}
                () = sleep(INTERVAL) => {}
            }
        }
    }

    /// Sends what is due, and goes on as long as anything is. Nothing if another node is at it.
    async fn send_due(&self, shutdown: &CancellationToken) -> Result<(), Error> {
        // A hub that sends nothing writes nothing either, and takes no lease.
        if !self.store.has_deliveries().await? {
            return Ok(());
        }
        let now = self.clock.now();
        if self.store.due_deliveries(now, &[], 1).await?.is_empty() {
            return Ok(());
        }
        let owner = self.ids.fresh().to_string();
        let Some(lease) = self.store.acquire(WORK, &owner, now, SPAN).await? else {
            return Ok(());
        };
        self.forget_deliveries().await;
        let mut round = Round::new(self.clone(), lease);
        round.run(shutdown).await?;
        Ok(self.store.give_back(&round.into_lease(), self.clock.now()).await?)
    }

    /// Forgets messages that are long over.
    async fn forget_deliveries(&self) {
        let long_over = Delivery::forgotten_before(self.clock.now());
        if let Err(error) = self.store.forget_deliveries(long_over).await {
            tracing::warn!(%error, "messages to webhooks that are long over stay for now");
        }
    }

    /// Sends one message once.
    async fn attempt(&self, webhook: &Webhook, delivery: &Delivery) -> Reply {
        let Some(url) = webhook.address() else {
            return Reply::silent(DeliveryTrouble::UnknownHost);
        };
        let (id, now) = (delivery.id.to_string(), self.clock.now());
        let headers = [
            ("content-type", Envelope::MEDIA_TYPE.to_owned()),
            ("webhook-signature", webhook.signatures(&id, now, &delivery.body)),
            ("webhook-id", id),
            ("webhook-timestamp", now.timestamp().to_string()),
        ];
        match self.courier.client.post(&url, &headers, delivery.body.clone()).await {
            Ok(answer) => Reply::answered(answer.status, answer.retry_after),
            Err(failure) => Reply::silent(trouble(failure)),
        }
    }
}

const fn trouble(failure: Failure) -> DeliveryTrouble {
    match failure {
        Failure::Private => DeliveryTrouble::PrivateAddress,
        Failure::UnknownHost => DeliveryTrouble::UnknownHost,
        Failure::Timeout => DeliveryTrouble::Timeout,
        Failure::Tls => DeliveryTrouble::Certificate,
        Failure::Connection => DeliveryTrouble::NoConnection,
    }
}
