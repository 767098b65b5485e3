//! Whether an address wants letters: nobody is written to who has not agreed, and whoever has enough
//! of it says so with one click.

use crate::domain::{
    Account, Actor, Channel, LinkPurpose, Matter, Message, Problem, Watch, WatchId, What, Words,
};
use crate::service::erasure::some_day;
use crate::service::managed::MOST_REPEATS;
use crate::service::{Error, Services};
use crate::store::{self, Change};

const NO_PUBLIC_URL: Words = Words {
    de: "Dieser Hub kann keine Mails zum Abbestellen anbieten, weil er seine öffentliche Adresse nicht kennt (--public-url).",
    en: "This hub cannot offer mail that one can unsubscribe from, because it does not know its public address (--public-url).",
};

impl Services {
    /// The way to an address, which somebody wants letters to go to. That of the account itself is
    /// known; the holder of any other one is asked first, and not often.
    pub(super) async fn letters_to(
        &self,
        owner: &Actor,
        address: Option<String>,
    ) -> Result<Channel, Error> {
        if !self.outbox.is_open() {
            return Err(Error::NoMail);
        }
        if self.public_url.is_none() {
            return Err(Problem::at("channel", What::Rule(NO_PUBLIC_URL)).into());
        }
        let account = match owner {
            Actor::Account(id) => self.store.get::<Account>(id).await?,
            _ => None,
        };
        let own = account.as_ref().and_then(|account| account.email.clone());
        let address = address.or(own).ok_or_else(|| Problem::at("address", What::Required))?;
        let form = What::Invalid { expected: "name@host.de" };
        let sound = Account::sound_address(&address).ok_or_else(|| Problem::at("address", form))?;
        let now = self.clock.now();
        if Watch::is_own_address(account.as_ref(), &sound) {
            return Ok(Channel::Mail { address: sound, asked_at: now, confirmed_at: Some(now) });
        }
        self.outbox.may_ask(&String::from(owner.clone()), &sound, now).map_err(|wait| {
            Problem::at("address", What::TooOften { minutes: wait.num_minutes() + 1 })
        })?;
        Ok(Channel::Mail { address: sound, asked_at: now, confirmed_at: None })
    }

    /// The letter that asks whether an address wants others; nothing if there is nothing to ask.
    pub(super) fn confirmation(&self, watch: &Watch) -> Result<Option<Message>, Error> {
        if watch.channel.is_open() {
            return Ok(None);
        }
        let matter = Matter::Confirmation { watch: watch.id.clone() };
        Ok(Some(Message::new(self.ids.fresh().into(), matter, self.clock.now())))
    }

    /// The watch that a link in a letter is about; nothing if the hub has not written that link.
    ///
    /// # Errors
    /// What the database says.
    pub async fn linked_watch(
        &self,
        purpose: LinkPurpose,
        id: &WatchId,
        proof: &str,
    ) -> Result<Option<Watch>, Error> {
        let Some(watch) = self.store.get::<Watch>(id).await? else { return Ok(None) };
        let holds = self.store.link_key().await?.holds(purpose, &watch, proof);
        Ok(Some(watch).filter(|_| holds))
    }

    /// Does what a link in a letter is for, and tells whether that can be done. Doing it again does
    /// nothing.
    ///
    /// # Errors
    /// What the database says.
    pub async fn follow_link(
        &self,
        purpose: LinkPurpose,
        id: &WatchId,
        proof: &str,
    ) -> Result<bool, Error> {
        for _ in 0..MOST_REPEATS {
            let Some(watch) = self.linked_watch(purpose, id, proof).await? else {
                return Ok(false);
            };
            let now = self.clock.now();
            let after = match purpose {
                LinkPurpose::Unsubscribe if watch.paused && !watch.channel.is_open() => {
                    return Ok(true);
                }
                LinkPurpose::Unsubscribe => watch.unsubscribed(now),
                LinkPurpose::Confirm if watch.channel.is_open() => return Ok(true),
                LinkPurpose::Confirm => {
                    let Some(after) = watch.confirmed(now) else { return Ok(false) };
                    after
                }
            };
            match self.store.commit_silently(Change::default().replace(&after)?).await {
                Ok(()) => return Ok(true),
                Err(store::Error::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(store::Error::Stale.into())
    }

    /// Takes a watch away whose address nobody agreed to have written to, unless it is that of its own
    /// account, which the hub knows anyway.
    pub(crate) async fn forget_unanswered(&self, watch: Watch) -> Result<(), Error> {
        let account = match &watch.owner {
            Actor::Account(id) => self.store.get::<Account>(id).await?,
            _ => None,
        };
        let address = watch.channel.address().unwrap_or_default();
        if Watch::is_own_address(account.as_ref(), address) {
            return Ok(());
        }
        let last = Watch { revision: watch.revision + 1, ..watch };
        let change = Change::default().replace(&last)?.delete::<Watch>(&last.id);
        match self.store.commit_silently(change.erases(&[some_day(self.clock.now())])).await {
            // Somebody was asked once more in this very moment.
            Err(store::Error::Stale) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Lets a watch rest whose address takes no mail.
    pub(crate) async fn address_refused(&self, id: &WatchId) -> Result<(), Error> {
        for _ in 0..MOST_REPEATS {
            let Some(watch) = self.store.get::<Watch>(id).await? else { return Ok(()) };
            let after = watch.unsubscribed(self.clock.now());
            match self.store.commit_silently(Change::default().replace(&after)?).await {
                Err(store::Error::Stale) => {}
                other => return Ok(other?),
            }
        }
        Err(store::Error::Stale.into())
    }
}
