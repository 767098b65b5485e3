//! One round of the courier: everything that is due, many at once, few to the same host.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{INTERVAL, SPAN};
use crate::domain::{
    Account, Actor, Delivery, DeliveryId, DeliveryState, DisablingReason, EventKind, Reply, Token,
    Viewer, Webhook, WebhookId,
};
use crate::service::managed::MOST_REPEATS;
use crate::service::{Error, Services, webhooks};
use crate::store::{self, Change, Lease};

/// How many messages are under way at once.
const MOST_AT_ONCE: usize = 64;
/// How many of them to one host: one that hangs holds up nobody else.
const MOST_TO_HOST: usize = 2;
/// How many are looked up at once.
const BATCH: usize = 128;
/// How long receivers are waited for at the end of the program. What they have not answered by then is
/// sent again.
const LAST_PATIENCE: Duration = Duration::from_secs(5);

/// What came of a message that was under way.
struct Landed {
    delivery: DeliveryId,
    reply: Reply,
    began: DateTime<Utc>,
    ended: DateTime<Utc>,
}

/// A message that is under way.
struct Underway {
    webhook: WebhookId,
    host: String,
}

/// One round under one lease.
pub(super) struct Round {
    services: Services,
    lease: Lease,
    flights: FuturesUnordered<BoxFuture<'static, Landed>>,
    underway: HashMap<DeliveryId, Underway>,
}

impl Round {
    pub(super) fn new(services: Services, lease: Lease) -> Self {
        let (flights, underway) = (FuturesUnordered::new(), HashMap::new());
        Self { services, lease, flights, underway }
    }

    pub(super) fn into_lease(self) -> Lease {
        self.lease
    }

    /// Sends until nothing is due and nothing under way.
    pub(super) async fn run(&mut self, shutdown: &CancellationToken) -> Result<(), Error> {
        self.stop_overflowing().await?;
        while !shutdown.is_cancelled() {
            self.lease = self.services.renewed(self.lease.clone(), SPAN).await?;
            self.take_up().await?;
            if self.flights.is_empty() {
                return Ok(());
            }
            tokio::select! {
                Some(landed) = self.flights.next() => self.note(landed).await?,
                () = self.services.courier.wake.notified() => {}
                () = sleep(INTERVAL) => {}
                () = shutdown.cancelled() => {}
            }
        }
        let landing = async {
            while let Some(landed) = self.flights.next().await {
                self.note(landed).await?;
            }
            Ok(())
        };
        // Whoever has not answered hears of it again after the next start.
        timeout(LAST_PATIENCE, landing).await.unwrap_or(Ok(()))
    }

    /// Disables webhooks that cannot keep up: what waits for them would only grow.
    async fn stop_overflowing(&mut self) -> Result<(), Error> {
        let now = self.services.clock.now();
        let most = self.services.courier.most_waiting;
        for webhook in self.services.store.overflowing_webhooks(most).await? {
            if webhook.disabled.is_none() {
                self.disable(webhook.disabled(DisablingReason::Overflowing, now)).await?;
            }
        }
        Ok(())
    }

    /// Writes that a webhook is disabled, unless its owner changes it in this moment: then it is looked
    /// at again.
    async fn disable(&mut self, disabled: Webhook) -> Result<(), Error> {
        match self.write(Change::default(), disabled, true).await {
            Ok(()) | Err(Error::Store(store::Error::Stale)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Sends what is due, as far as there is room.
    async fn take_up(&mut self) -> Result<(), Error> {
        // Those to whom nothing more is sent this time.
        let mut full = HashSet::new();
        while self.flights.len() < MOST_AT_ONCE {
            let now = self.services.clock.now();
            let without: Vec<WebhookId> = full.iter().cloned().collect();
            let due = self.services.store.due_deliveries(now, &without, BATCH).await?;
            let waiting: Vec<Delivery> =
                due.into_iter().filter(|it| !self.underway.contains_key(&it.id)).collect();
            if waiting.is_empty() {
                return Ok(());
            }
            for delivery in waiting {
                if full.contains(&delivery.webhook) || self.flights.len() >= MOST_AT_ONCE {
                    continue;
                }
                let found = self.services.store.get::<Webhook>(&delivery.webhook).await?;
                let Some(webhook) = found else {
                    self.services.store.forget_delivery(&delivery.id).await?;
                    continue;
                };
                let host = webhook.host();
                let to_host = self.underway.values().filter(|it| it.host == host).count();
                if to_host < MOST_TO_HOST && self.is_open(&webhook).await? {
                    self.send(webhook, host, delivery);
                } else {
                    full.insert(webhook.id);
                }
            }
        }
        Ok(())
    }

    /// Whether anything may be sent to a webhook; if not, what is on its way to it is given up.
    async fn is_open(&mut self, webhook: &Webhook) -> Result<bool, Error> {
        let now = self.services.clock.now();
        if webhook.disabled.is_some() {
            let change = Change::default().give_up_deliveries(&webhook.id, now).under(&self.lease);
            self.services.store.commit_silently(change).await?;
            return Ok(false);
        }
        let in_force = match &webhook.owner {
            Actor::Account(id) => {
                self.services.store.get::<Account>(id).await?.is_some_and(|it| !it.disabled)
            }
            Actor::Token(id) => {
                self.services.store.get::<Token>(id).await?.is_some_and(|it| it.holds(now))
            }
            Actor::Operator | Actor::Hub => true,
        };
        if !in_force {
            self.disable(webhook.clone().disabled(DisablingReason::OwnerGone, now)).await?;
        }
        Ok(in_force)
    }

    fn send(&mut self, webhook: Webhook, host: String, delivery: Delivery) {
        let under_way = Underway { webhook: webhook.id.clone(), host };
        self.underway.insert(delivery.id.clone(), under_way);
        let services = self.services.clone();
        self.flights.push(Box::pin(async move {
            let began = services.clock.now();
            let reply = services.attempt(&webhook, &delivery).await;
            Landed { delivery: delivery.id, reply, began, ended: services.clock.now() }
        }));
    }

    /// Writes down what came of a message, under the lease.
    async fn note(&mut self, landed: Landed) -> Result<(), Error> {
        let Landed { delivery: id, reply, began, ended } = landed;
        let Some(Underway { webhook, .. }) = self.underway.remove(&id) else { return Ok(()) };
        let [chance, ..] = self.services.ids.secret();
        let store = self.services.store.clone();
        for _ in 0..MOST_REPEATS {
            let (Some(delivery), Some(webhook)) =
                (store.get::<Delivery>(&id).await?, store.get::<Webhook>(&webhook).await?)
            else {
                // Both were deleted meanwhile.
                return Ok(());
            };
            // It was given up when the webhook was disabled; that it arrived counts all the same.
            if delivery.state != DeliveryState::Pending && !reply.is_success() {
                return Ok(());
            }
            let tried = delivery.tried(&reply, began, ended, chance);
            let was_disabled = webhook.disabled.is_some();
            let after = webhook.after(&reply, tried.state == DeliveryState::Failed, ended);
            let newly = !was_disabled && after.disabled.is_some();
            let change = Change::default().replace(&tried)?;
            match self.write(change, after, newly).await {
                // Its owner changed it in this moment.
                Err(Error::Store(store::Error::Stale)) => {}
                other => {
                    self.services.courier.count(&tried);
                    return other;
                }
            }
        }
        Err(store::Error::Contended(u32::try_from(MOST_REPEATS).unwrap_or(u32::MAX)).into())
    }

    /// Writes a webhook after something that the hub did or saw. That it was disabled stands in the
    /// journal, and what is on its way to it is given up.
    async fn write(
        &mut self,
        change: Change,
        mut webhook: Webhook,
        newly_disabled: bool,
    ) -> Result<(), Error> {
        webhook.revision += 1;
        let change = change.replace(&webhook)?;
        if !newly_disabled {
            return Ok(self.services.store.commit_silently(change.under(&self.lease)).await?);
        }
        let reason = webhook.disabled.as_ref().map(|it| it.reason);
        tracing::info!(webhook = %webhook.id, ?reason, "a webhook is disabled");
        let now = self.services.clock.now();
        let change = change.give_up_deliveries(&webhook.id, now).under(&self.lease);
        let note = webhooks::about(&webhook, EventKind::WebhookDisabled);
        self.services.commit(&Viewer::Hub, change, note).await.map(drop)
    }
}
