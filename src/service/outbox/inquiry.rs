//! Questions to a contact, whose address the asker never learns.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{
    Contact, ContactId, EventKind, Inquiry, Matter, Message, Problem, PublicUrl, Solution,
    SolutionId, Viewer, What, Words,
};
use crate::mail::Letter;
use crate::service::contacts::about;
use crate::service::{Error, Services};
use crate::store::Change;

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

    /// The letter with a question.
    pub(super) fn inquiry(
        &self,
        contact: &Contact,
        message: &Message,
        inquiry: &Inquiry,
    ) -> Letter {
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
