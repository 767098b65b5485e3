//! Webhooks: their owners make them, look after them, and see what was sent. Nobody else sees them.

use chrono::{DateTime, Utc};

use super::managed::MOST_REPEATS;
use super::{Error, Note, Services};
use crate::domain::{
    Account, Actor, Delivery, DeliveryId, DisablingReason, Envelope, Event, EventId, EventKind,
    Member, Patch, Problem, SigningSecret, Viewer, WatchId, Webhook, WebhookId, WebhookState, What,
    Words,
};
use crate::store::{self, Change, DeliveryRange};

/// How many messages are sent again at once, at most.
const MOST_REPLAYED: usize = 1_000;

const FULL: Words = Words {
    de: "Mehr als zehn Webhooks sind nicht möglich: Bitte erst einen löschen.",
    en: "There can be no more than ten webhooks: delete one first.",
};
const PRIVATE: Words = Words {
    de: "Diese Adresse liegt nicht im öffentlichen Netz. Nur wer den Hub betreibt, kann solche zulassen.",
    en: "This address is not on the public network. Only who runs the hub can allow such ones.",
};
const SEND: Words = Words { de: "Senden", en: "Send" };

/// What is changed of a webhook.
#[derive(Debug, Default)]
pub(crate) struct WebhookChange {
    /// Where messages go.
    pub(crate) url: Option<String>,
    /// What its owner calls it.
    pub(crate) name: Patch<String>,
}

impl Services {
    /// Makes a webhook, and gives the secret that its messages are signed with.
    ///
    /// # Errors
    /// Nobody is signed in, there are too many, or the input is wrong.
    pub(crate) async fn create_webhook(
        &self,
        viewer: &Viewer,
        url: String,
        name: Option<String>,
    ) -> Result<(Webhook, SigningSecret), Error> {
        let owner = caretaker(viewer)?;
        let secret = SigningSecret::from_random(self.ids.secret(), self.ids.secret());
        let (id, now) = (self.ids.fresh().into(), self.clock.now());
        let webhook = Webhook { name, ..Webhook::new(id, owner.clone(), url, secret.clone(), now) };
        self.check_webhook(&webhook)?;
        for _ in 0..MOST_REPEATS {
            if self.store.webhooks_of(&owner).await?.len() >= Webhook::MOST {
                return Err(Problem::at("url", What::Rule(FULL)).into());
            }
            let mut change = Change::default().create(&webhook)?;
            change = change.with_room_for_webhook(&owner, Webhook::MOST);
            if let Actor::Account(account) = &owner {
                if self.store.get::<Account>(account).await?.is_none() {
                    return Err(Error::Unauthenticated);
                }
                // Nothing may be left of one that is erased meanwhile.
                change = change.only_with::<Account>(account);
            }
            let note = about(&webhook, EventKind::WebhookCreated);
            match self.commit(viewer, change, note).await {
                Err(Error::Store(store::Error::Stale)) => {}
                other => return other.map(|_| (webhook, secret)),
            }
        }
        Err(Problem::at("url", What::Stale).into())
    }

    /// Changes where a webhook leads, or its name.
    ///
    /// # Errors
    /// It is not the viewer's, or the input is wrong.
    pub(crate) async fn update_webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
        change: &WebhookChange,
    ) -> Result<Webhook, Error> {
        let now = self.clock.now();
        self.changed_webhook(viewer, id, EventKind::WebhookUpdated, |mut webhook| {
            if let Some(url) = &change.url
                && *url != webhook.url
            {
                webhook.url.clone_from(url);
                // What failed there says nothing of the new address.
                webhook.failing_since = None;
            }
            change.name.clone().apply(&mut webhook.name);
            webhook.updated_at = now;
            self.check_webhook(&webhook)?;
            Ok(webhook)
        })
        .await
    }

    /// Gives a webhook another secret. The one of before signs beside it for a day.
    ///
    /// # Errors
    /// It is not the viewer's.
    pub(crate) async fn rotate_webhook_secret(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
    ) -> Result<(Webhook, SigningSecret), Error> {
        let secret = SigningSecret::from_random(self.ids.secret(), self.ids.secret());
        let now = self.clock.now();
        let rotate = |webhook: Webhook| Ok(webhook.rotated(secret.clone(), now));
        let webhook = self.changed_webhook(viewer, id, EventKind::WebhookUpdated, rotate).await?;
        Ok((webhook, secret))
    }

    /// Has a webhook sent messages again.
    ///
    /// # Errors
    /// It is not the viewer's.
    pub(crate) async fn enable_webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
    ) -> Result<Webhook, Error> {
        let now = self.clock.now();
        let enable = |webhook: Webhook| Ok(webhook.enabled(now));
        self.changed_webhook(viewer, id, EventKind::WebhookEnabled, enable).await
    }

    /// Has a webhook sent nothing any more. What is on its way is given up.
    ///
    /// # Errors
    /// It is not the viewer's.
    pub(crate) async fn disable_webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
    ) -> Result<Webhook, Error> {
        let now = self.clock.now();
        let disable = |webhook: Webhook| Ok(webhook.disabled(DisablingReason::ByOwner, now));
        self.changed_webhook(viewer, id, EventKind::WebhookDisabled, disable).await
    }

    /// Takes a webhook away, with all that was sent to it.
    ///
    /// # Errors
    /// It is not the viewer's.
    pub(crate) async fn delete_webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
    ) -> Result<(), Error> {
        let webhook = self.own_webhook(viewer, id).await?;
        let note = about(&webhook, EventKind::WebhookDeleted);
        self.commit(viewer, Change::default().delete_webhook(id), note).await.map(drop)
    }

    /// The webhooks of the viewer, the oldest first. A token of an account is handed to a machine:
    /// what that account gets elsewhere is none of its business.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub(crate) async fn webhooks(&self, viewer: &Viewer) -> Result<Vec<Webhook>, Error> {
        match caretaker(viewer) {
            Ok(owner) => Ok(self.store.webhooks_of(&owner).await?),
            Err(Error::Forbidden) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// A webhook, if it is the viewer's.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
    ) -> Result<Option<Webhook>, Error> {
        let Ok(owner) = caretaker(viewer) else { return Ok(None) };
        let found = self.store.get::<Webhook>(id).await?;
        Ok(found.filter(|webhook| webhook.owner == owner))
    }

    /// A message to a webhook, if that is the viewer's.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn delivery(
        &self,
        viewer: &Viewer,
        id: &DeliveryId,
    ) -> Result<Option<Delivery>, Error> {
        let Some(delivery) = self.store.get::<Delivery>(id).await? else { return Ok(None) };
        let webhook = self.webhook(viewer, &delivery.webhook).await?;
        Ok(webhook.map(|_| delivery))
    }

    /// Messages to a webhook, whose owner asks.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn deliveries(
        &self,
        webhook: &WebhookId,
        range: &DeliveryRange,
        limit: usize,
    ) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.deliveries_of(webhook, range, limit).await?)
    }

    /// Sends a message to a webhook that tells of nothing.
    ///
    /// # Errors
    /// It is not the viewer's or disabled, or it was done too often.
    pub(crate) async fn test_webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
    ) -> Result<Delivery, Error> {
        let webhook = self.open_webhook(viewer, id, "id").await?;
        self.count_asking(&webhook.owner)?;
        let now = self.clock.now();
        let envelope = Envelope::ping(id, self.source().await?, now);
        let delivery = Delivery::new(self.ids.fresh().into(), id.clone(), None, &envelope, now);
        let change = Change::default().create(&delivery)?.only_with::<Webhook>(id);
        match self.store.commit_silently(change).await {
            Err(store::Error::Stale) => Err(Problem::at("id", What::NotFound).into()),
            other => {
                other?;
                self.courier.wake();
                Ok(delivery)
            }
        }
    }

    /// Sends a message once more, under its id, whether it arrived before or was given up.
    ///
    /// # Errors
    /// It is not the viewer's, its webhook is disabled, or it was done too often.
    pub(crate) async fn replay_delivery(
        &self,
        viewer: &Viewer,
        id: &DeliveryId,
    ) -> Result<Delivery, Error> {
        caretaker(viewer)?;
        let missing = || Problem::at("id", What::NotFound);
        for attempt in 0..MOST_REPEATS {
            let delivery = self.delivery(viewer, id).await?.ok_or_else(missing)?;
            let webhook = self.open_webhook(viewer, &delivery.webhook, "id").await?;
            if attempt == 0 {
                self.count_asking(&webhook.owner)?;
            }
            let again = delivery.replayed(self.clock.now());
            match self.store.commit_silently(Change::default().replace(&again)?).await {
                Err(store::Error::Stale) => {}
                other => {
                    other?;
                    self.courier.wake();
                    return Ok(again);
                }
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }

    /// Sends what was given up once more, the oldest first, and tells how many messages.
    ///
    /// # Errors
    /// The webhook is not the viewer's or disabled, or it was done too often.
    pub(crate) async fn replay_failed_deliveries(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
        since: Option<DateTime<Utc>>,
    ) -> Result<(Webhook, usize), Error> {
        let webhook = self.open_webhook(viewer, id, "webhook").await?;
        self.count_asking(&webhook.owner)?;
        let now = self.clock.now();
        let count = self.store.replay_failed(id, since, now, MOST_REPLAYED).await?;
        self.courier.wake();
        Ok((webhook, count))
    }

    /// Adds to a change the message to a webhook that tells of an event. Whether the webhook's owner
    /// may know of the event is for the caller to ask. The caller writes the change, and wakes the
    /// [`super::Courier`] then. Nothing is added for a webhook that is gone or disabled.
    ///
    /// # Errors
    /// What the database says.
    pub async fn with_delivery(
        &self,
        change: Change,
        webhook: &WebhookId,
        watch: Option<&WatchId>,
        event: &Event,
    ) -> Result<Change, Error> {
        let found = self.store.get::<Webhook>(webhook).await?;
        let Some(webhook) = found.filter(|it| it.disabled.is_none()) else { return Ok(change) };
        let (source, hub) = (self.source().await?, self.public_url.as_ref());
        let envelope = Envelope::of_event(event, watch, source, hub);
        let (id, event, now) =
            (self.ids.fresh().into(), EventId::from(event.seq), self.clock.now());
        let delivery = Delivery::new(id, webhook.id, Some(event), &envelope, now);
        Ok(change.create(&delivery)?)
    }

    /// How many messages are on their way to webhooks.
    ///
    /// # Errors
    /// What the database says.
    pub async fn waiting_deliveries(&self) -> Result<u64, Error> {
        Ok(self.store.waiting_deliveries().await?)
    }

    /// Which hub tells something: its address, or if nobody said one, a name that no other hub has.
    async fn source(&self) -> Result<String, Error> {
        match &self.public_url {
            Some(hub) => Ok(hub.page("")),
            None => Ok(format!("urn:allmende:{}", self.store.identity().await?.to_lowercase())),
        }
    }

    /// Each message that somebody asks for is one to an address that somebody entered.
    fn count_asking(&self, owner: &Actor) -> Result<(), Error> {
        let taken = self.courier.asked().take(&String::from(owner.clone()), self.clock.now());
        taken.map_err(|wait| {
            Problem::at("id", What::TooOften { minutes: wait.num_minutes() + 1 }).into()
        })
    }

    fn check_webhook(&self, webhook: &Webhook) -> Result<(), Error> {
        webhook.check(self.courier.takes_open())?;
        if webhook.address().is_none_or(|url| self.courier.refuses(&url)) {
            return Err(Problem::at("url", What::Rule(PRIVATE)).into());
        }
        Ok(())
    }

    async fn own_webhook(&self, viewer: &Viewer, id: &WebhookId) -> Result<Webhook, Error> {
        caretaker(viewer)?;
        let found = self.webhook(viewer, id).await?;
        Ok(found.ok_or_else(|| Problem::at("id", What::NotFound))?)
    }

    /// A webhook of the viewer's to which something can be sent.
    async fn open_webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
        field: &str,
    ) -> Result<Webhook, Error> {
        caretaker(viewer)?;
        let found = self.webhook(viewer, id).await?;
        let webhook = found.ok_or_else(|| Problem::at(field, What::NotFound))?;
        match webhook.state() {
            WebhookState::Active => Ok(webhook),
            state @ WebhookState::Disabled => {
                let state = Words::of(state);
                Err(Problem::at(field, What::WrongState { action: SEND, state }).into())
            }
        }
    }

    /// Changes a webhook. The courier notes on it what came of messages, so it may have to be read
    /// once more.
    async fn changed_webhook(
        &self,
        viewer: &Viewer,
        id: &WebhookId,
        kind: EventKind,
        apply: impl Fn(Webhook) -> Result<Webhook, Error>,
    ) -> Result<Webhook, Error> {
        for _ in 0..MOST_REPEATS {
            let before = self.own_webhook(viewer, id).await?;
            let mut webhook = apply(before)?;
            webhook.revision += 1;
            let mut change = Change::default().replace(&webhook)?;
            if kind == EventKind::WebhookDisabled {
                change = change.give_up_deliveries(id, self.clock.now());
            }
            match self.commit(viewer, change, about(&webhook, kind)).await {
                Err(Error::Store(store::Error::Stale)) => {}
                other => return other.map(|_| webhook),
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }
}

/// Whose watches and webhooks a viewer looks after: those of the account that is signed in, or of an
/// access token that belongs to no account. What a token of an account made would outlive it, and see
/// with all rights of the account.
pub(super) fn caretaker(viewer: &Viewer) -> Result<Actor, Error> {
    match viewer {
        Viewer::Anonymous => Err(Error::Unauthenticated),
        Viewer::Member(Member { actor: Actor::Account(_), token: Some(_), .. })
        | Viewer::Operator
        | Viewer::Hub => Err(Error::Forbidden),
        Viewer::Member(member) => Ok(member.actor.clone()),
    }
}

/// What the journal is told of a webhook: that there is one, and nothing of where it leads.
pub(super) fn about(webhook: &Webhook, kind: EventKind) -> Note {
    Note {
        kind,
        subject: webhook.id.clone().into(),
        municipalities: Vec::new(),
        public: false,
        title: None,
    }
}
