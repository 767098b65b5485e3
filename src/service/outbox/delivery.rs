//! Delivery: each message is claimed, sent, and noted as arrived, put off or given up.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::{Contact, EventKind, Matter, Message, MessageState, Viewer, Watch};
use crate::mail::{Failure, Letter, Mailer};
use crate::service::contacts::about;
use crate::service::erasure::some_day;
use crate::service::managed::MOST_REPEATS;
use crate::service::{Error, Services};
use crate::store::{self, Change};

/// How often messages are looked for that others left, or that wait for another try.
const INTERVAL: Duration = Duration::from_secs(15);
/// How many are looked up at once.
const AT_ONCE: usize = 20;
impl Services {
    /// How many messages are on their way by mail.
    ///
    /// # Errors
    /// What the database says.
    pub async fn waiting_letters(&self) -> Result<u64, Error> {
        Ok(self.store.waiting_messages().await?)
    }

    /// Delivers messages until the end of the program; one that was begun is finished.
    pub async fn keep_delivering(self, shutdown: CancellationToken) {
        if !self.outbox.is_open() {
            return;
        }
        while !shutdown.is_cancelled() {
            if let Err(error) = self.deliver_until(&shutdown).await {
                tracing::error!(%error, "messages cannot be delivered; trying again");
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = self.outbox.wake.notified() => {}
                () = sleep(INTERVAL) => {}
            }
        }
    }

    /// Delivers the messages that are due.
    ///
    /// # Errors
    /// What the database says; what was not delivered is tried again.
    pub async fn deliver_messages(&self) -> Result<(), Error> {
        self.deliver_until(&CancellationToken::new()).await
    }

    async fn deliver_until(&self, shutdown: &CancellationToken) -> Result<(), Error> {
        let Some(mailer) = &self.outbox.mailer else { return Ok(()) };
        loop {
            let due = self.store.due_messages(self.clock.now(), AT_ONCE).await?;
            let mut taken = 0;
            for message in due {
                if shutdown.is_cancelled() {
                    return Ok(());
                }
                let now = self.clock.now();
                let until = Message::claim_until(now);
                let Some(message) = self.store.claim_message(&message, now, until).await? else {
                    continue;
                };
                taken += 1;
                match self.deliver(mailer, message.clone()).await {
                    Ok(()) => {}
                    // It took so long that somebody else has taken the message over.
                    Err(Error::Store(store::Error::Stale)) => {
                        tracing::warn!("a message took too long to deliver");
                    }
                    // Others must not wait for what cannot be read.
                    Err(error) => {
                        tracing::error!(%error, message = %message.id.key(), "a message cannot be delivered");
                        if !self.put_off(&message).await? {
                            self.end(message, MessageState::Failed).await?;
                        }
                    }
                }
            }
            if taken == 0 {
                return Ok(());
            }
        }
    }

    /// What is sent; nothing if nobody is to be reached any more: the contact was put away, its person
    /// withdrew consent, or nobody watches.
    async fn letter(&self, message: &Message) -> Result<Option<Letter>, Error> {
        match &message.matter {
            Matter::Inquiry { contact, inquiry } => {
                let found = self.store.get::<Contact>(contact).await?;
                let contact = found.filter(Contact::takes_messages);
                let both = contact.as_ref().zip(inquiry.as_ref());
                Ok(both.map(|(contact, inquiry)| self.inquiry(contact, message, inquiry)))
            }
            Matter::Confirmation { watch } => self.confirmation_letter(message, watch).await,
            Matter::News { watch, events, more } => {
                self.news_letter(message, watch, events, *more).await
            }
        }
    }

    async fn deliver(&self, mailer: &Mailer, message: Message) -> Result<(), Error> {
        let Some(letter) = Box::pin(self.letter(&message)).await? else {
            return self.end(message, MessageState::Failed).await;
        };
        let sent = mailer.send(&letter).await;
        let failure = match sent {
            Ok(()) => return self.end(message, MessageState::Delivered).await,
            Err(Failure::Refused(reason)) => {
                tracing::warn!(%reason, message = %message.id.key(), "an address was refused");
                return self.bounce(message, &letter.to).await;
            }
            Err(Failure::Unfit(reason)) => {
                tracing::error!(%reason, message = %message.id.key(), "a message cannot be sent as it is, and is given up");
                return self.end(message, MessageState::Failed).await;
            }
            Err(failure) => failure,
        };
        if self.put_off(&message).await? {
            tracing::warn!(error = %failure, tries = message.tries + 1, "a message waits for another try");
            return Ok(());
        }
        tracing::error!(error = %failure, message = %message.id.key(), "a message is given up");
        match failure {
            Failure::NotNow(_) | Failure::Refused(_) => self.bounce(message, &letter.to).await,
            // A server that nobody can work with says nothing about the contact.
            Failure::Server(_) | Failure::Unfit(_) => self.end(message, MessageState::Failed).await,
        }
    }

    /// Has a message tried again later, unless that was done often enough; whether it is.
    async fn put_off(&self, message: &Message) -> Result<bool, Error> {
        let Some(next) = message.clone().retried(self.clock.now()) else { return Ok(false) };
        self.store.commit_silently(Change::default().replace(&next)?).await?;
        Ok(true)
    }

    /// Forgets letters that are long over, and addresses whose holders never agreed to any.
    ///
    /// # Errors
    /// What the database says; the rest is left for the next time.
    pub async fn forget_letters(&self) -> Result<(), Error> {
        let now = self.clock.now();
        self.store.forget_messages(Message::forgotten_before(now)).await?;
        for watch in self.store.unanswered_watches(Watch::unanswered_before(now)).await? {
            self.forget_unanswered(watch).await?;
        }
        Ok(())
    }

    /// Notes that a message has arrived or was given up, and forgets what stood in it.
    async fn end(&self, message: Message, state: MessageState) -> Result<(), Error> {
        let now = self.clock.now();
        let ended = message.ended(state, now);
        let change = Change::default().replace(&ended)?.erases(&[some_day(now)]);
        Ok(self.store.commit_silently(change).await?)
    }

    /// Gives a message up whose address takes no mail. It marks its contact as one that cannot be
    /// reached there, or lets its watch rest.
    async fn bounce(&self, message: Message, address: &str) -> Result<(), Error> {
        let contact = match &message.matter {
            Matter::Inquiry { contact, .. } => contact.clone(),
            Matter::Confirmation { watch } | Matter::News { watch, .. } => {
                self.address_refused(watch).await?;
                return self.end(message, MessageState::Failed).await;
            }
        };
        let now = self.clock.now();
        let ended = message.clone().ended(MessageState::Failed, now);
        for _ in 0..MOST_REPEATS {
            let found = self.store.get::<Contact>(&contact).await?;
            let same = found.filter(|it| it.email.as_deref() == Some(address));
            let Some(contact) = same.filter(|it| it.bounced_at.is_none()) else { break };
            let mut contact = contact.bounced(now);
            contact.revision += 1;
            let change = Change::default().replace(&ended)?.replace(&contact)?;
            let change = change.erases(&[some_day(now)]);
            let note = about(&contact, EventKind::ContactBounced);
            match self.commit(&Viewer::Hub, change, note).await {
                // Somebody changed the contact, or has taken the message over: the end tells.
                Err(Error::Store(store::Error::Stale)) => {}
                other => return other.map(|_| ()),
            }
        }
        self.end(message, MessageState::Failed).await
    }
}
