//! Messages: taken into the database first, then delivered by whoever comes first.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::contacts::about;
use super::erasure::some_day;
use super::limiter::Limiter;
use super::managed::MOST_REPEATS;
use super::{Error, Services};
use crate::domain::{
    Contact, ContactId, EventKind, Inquiry, Matter, Message, MessageState, Problem, PublicUrl,
    Solution, SolutionId, Viewer, Watch, What, Words,
};
use crate::mail::{Failure, Letter, Mailer};
use crate::store::{self, Change};

/// How often messages are looked for that others left, or that wait for another try.
const INTERVAL: Duration = Duration::from_secs(15);
/// How many are looked up at once.
const AT_ONCE: usize = 20;
/// So many messages may come from one account or token …
const MOST_FROM_ONE: u32 = 10;
/// … and so many may go to one contact …
const MOST_TO_ONE: u32 = 20;
/// … within this time.
const WITHIN: TimeDelta = TimeDelta::hours(1);
/// So many addresses may be asked for one account or token …
const MOST_ASKED_BY_ONE: u32 = 5;
/// … and so often one address …
const MOST_ASKED: u32 = 3;
/// … within this time, whether they want letters.
const ASKED_WITHIN: TimeDelta = TimeDelta::days(1);

const NO_ADDRESS: Words = Words {
    de: "Dieser Kontakt nimmt keine Nachrichten an: Es ist keine Mailadresse hinterlegt.",
    en: "This contact takes no messages: there is no mail address.",
};
const NO_CONTACT: Words = Words {
    de: "Kein Kontakt dieser Lösung nimmt Nachrichten an.",
    en: "No contact of this solution takes messages.",
};
const ONE_OF_BOTH: Words = Words {
    de: "Bitte entweder „contact“ oder „solution“ angeben.",
    en: "Give either \"contact\" or \"solution\".",
};

/// The mail room. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    mailer: Option<Mailer>,
    public_url: Option<PublicUrl>,
    wake: Arc<Notify>,
    from_one: Limiter,
    to_one: Limiter,
    asked_by_one: Limiter,
    asked: Limiter,
}

impl Outbox {
    /// A mail room; without a mailer it takes nothing.
    #[must_use]
    pub fn new(mailer: Option<Mailer>, public_url: Option<PublicUrl>) -> Self {
        let (from_one, to_one) =
            (Limiter::new(MOST_FROM_ONE, WITHIN), Limiter::new(MOST_TO_ONE, WITHIN));
        let asked_by_one = Limiter::new(MOST_ASKED_BY_ONE, ASKED_WITHIN);
        let asked = Limiter::new(MOST_ASKED, ASKED_WITHIN);
        let wake = Arc::default();
        Self { mailer, public_url, wake, from_one, to_one, asked_by_one, asked }
    }

    /// Has what is due delivered now, and not only when somebody looks.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether an address may be asked for somebody whether it wants letters; how long to wait if it
    /// was asked too often.
    pub(super) fn may_ask(
        &self,
        who: &str,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        self.asked_by_one.take(who, now)?;
        self.asked.take(address, now)
    }

    /// Whether mail can be sent.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.mailer.is_some()
    }
}

/// What somebody wants to ask a contact.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Whom.
    pub(crate) contact: Option<ContactId>,
    /// Or the contact of which solution.
    pub(crate) solution: Option<SolutionId>,
    /// What it is about.
    pub(crate) subject: Option<String>,
    /// The question.
    pub(crate) message: String,
    /// Where the answer goes.
    pub(crate) reply_to: String,
    /// What the asker says to be called.
    pub(crate) name: Option<String>,
}

impl Services {
    /// Takes a message to a contact, whose address the asker never learns.
    ///
    /// # Errors
    /// Nobody is signed in, mail is not set up, there is no such contact or no address, the input
    /// is wrong, or too much was sent of late.
    pub(crate) async fn request_contact(
        &self,
        viewer: &Viewer,
        request: Request,
    ) -> Result<Contact, Error> {
        let actor = viewer.actor().ok_or(Error::Unauthenticated)?;
        if !self.outbox.is_open() {
            return Err(Error::NoMail);
        }
        let (contact, about_solution) = self.addressed(viewer, &request).await?;
        let inquiry = Inquiry {
            subject: request.subject.filter(|subject| !subject.trim().is_empty()),
            text: request.message,
            reply_to: request.reply_to,
            name: request.name.filter(|name| !name.trim().is_empty()),
            about: about_solution,
            places: self.places_of(viewer),
        };
        inquiry.check()?;
        let now = self.clock.now();
        let often = |field: &str, wait: TimeDelta| {
            Problem::at(field, What::TooOften { minutes: wait.num_minutes() + 1 })
        };
        let asker = String::from(actor);
        self.outbox.from_one.take(&asker, now).map_err(|wait| often("message", wait))?;
        let to_one = self.outbox.to_one.take(&contact.id.key(), now);
        to_one.map_err(|wait| often("contact", wait))?;
        let matter = Matter::Inquiry { contact: contact.id.clone(), inquiry: Some(inquiry) };
        let message = Message::new(self.ids.fresh().into(), matter, now);
        let mut note = about(&contact, EventKind::ContactRequested);
        // Who asks whom is between the two.
        note.public = false;
        self.commit(viewer, Change::default().create(&message)?, note).await?;
        self.outbox.wake.notify_one();
        Ok(contact)
    }

    /// Whom a request goes to, and the title of the solution that leads there.
    async fn addressed(
        &self,
        viewer: &Viewer,
        request: &Request,
    ) -> Result<(Contact, Option<String>), Error> {
        match (&request.contact, &request.solution) {
            (Some(id), None) => {
                let found = self.read::<Contact>(viewer, id).await?;
                let contact = found.ok_or_else(|| Problem::at("contact", What::NotFound))?;
                if !contact.takes_messages() {
                    return Err(Problem::at("contact", What::Rule(NO_ADDRESS)).into());
                }
                Ok((contact, None))
            }
            (None, Some(id)) => {
                let found = self.read::<Solution>(viewer, id).await?;
                let solution = found.ok_or_else(|| Problem::at("solution", What::NotFound))?;
                let mut contacts = self.store.get_many::<Contact>(&solution.contacts).await?;
                let contacts = solution.contacts.iter().filter_map(|id| contacts.remove(id));
                let contact = contacts.into_iter().find(Contact::takes_messages);
                let none = || Problem::at("solution", What::Rule(NO_CONTACT));
                Ok((contact.ok_or_else(none)?, Some(solution.title)))
            }
            _ => Err(Problem::at("contact", What::Rule(ONE_OF_BOTH)).into()),
        }
    }

    /// The names of the municipalities for which somebody holds a role.
    fn places_of(&self, viewer: &Viewer) -> Vec<String> {
        let tables = self.directory.tables();
        let places = viewer.grants().iter().filter_map(|grant| grant.municipality.as_ref());
        let places = places.filter_map(|id| tables.place(id));
        let mut names: Vec<String> = places.map(|place| place.municipality.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(Inquiry::MOST_PLACES);
        names
    }

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
                        self.put_off(message).await?;
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
        if let Some(next) = message.clone().retried(self.clock.now()) {
            tracing::warn!(error = %failure, tries = next.tries, "a message waits for another try");
            return Ok(self.store.commit_silently(Change::default().replace(&next)?).await?);
        }
        tracing::error!(error = %failure, message = %message.id.key(), "a message is given up");
        match failure {
            Failure::NotNow(_) | Failure::Refused(_) => self.bounce(message, &letter.to).await,
            // A server that nobody can work with says nothing about the contact.
            Failure::Server(_) | Failure::Unfit(_) => self.end(message, MessageState::Failed).await,
        }
    }

    /// Has a message tried again later, or gives it up if that was done often enough.
    async fn put_off(&self, message: Message) -> Result<(), Error> {
        match message.clone().retried(self.clock.now()) {
            Some(next) => Ok(self.store.commit_silently(Change::default().replace(&next)?).await?),
            None => self.end(message, MessageState::Failed).await,
        }
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

    fn inquiry(&self, contact: &Contact, message: &Message, inquiry: &Inquiry) -> Letter {
        let email = contact.email.clone().unwrap_or_default();
        let subject = inquiry.subject.clone().or_else(|| inquiry.about.clone());
        let subject = subject.unwrap_or_else(|| format!("Frage an: {}", contact.role));
        Letter {
            id: message.id.key(),
            to: email,
            reply_to: Some((inquiry.name.clone(), inquiry.reply_to.clone())),
            subject: format!("[Allmende] {subject}"),
            text: text(contact, inquiry, message.created_at, self.outbox.public_url.as_ref()),
            html: None,
            unsubscribe: None,
            automatic: false,
            date: message.created_at,
        }
    }
}

/// What the contact reads: the question, who asks, and how that is known.
fn text(
    contact: &Contact,
    inquiry: &Inquiry,
    at: DateTime<Utc>,
    hub: Option<&PublicUrl>,
) -> String {
    let name = inquiry.name.as_deref().map(|name| format!("{name}, ")).unwrap_or_default();
    let known = match &inquiry.places[..] {
        [] => "angemeldet, ohne Rolle für eine Kommune".to_owned(),
        places => format!("angemeldet mit einer Rolle für {}", places.join(", ")),
    };
    let about = inquiry.about.as_deref().map(|title| format!("Lösung: {title}\n"));
    let hub = hub.map(|hub| format!(" ({})", hub.page(""))).unwrap_or_default();
    format!(
        "{question}\n\n-- \n\
         Gefragt hat: {name}{reply_to} (eigene Angabe)\n\
         {known}\n\
         {about}An: {role}\n\
         Geschrieben am {day} über Allmende{hub}. Ihre Adresse wurde nicht weitergegeben;\n\
         erst Ihre Antwort geht direkt an die Adresse oben.\n",
        question = inquiry.text.trim_end(),
        reply_to = inquiry.reply_to,
        about = about.unwrap_or_default(),
        role = contact.role,
        day = at.format("%d.%m.%Y"),
    )
}
