//! What owners do with their watches. They are nobody's history: the journal knows nothing of them.

use crate::domain::{
    Account, Actor, Channel, ChannelKind, EventKind, Follower, FollowerId, Problem, QuietHours,
    Rhythm, Secret, Selection, Token, Viewer, Watch, WatchChange, WatchId, WebhookId, What, Words,
};
use crate::service::erasure::some_day;
use crate::service::managed::MOST_REPEATS;
use crate::service::{Error, Services, caretaker};
use crate::store::{self, Change};

/// What a watch is to be.
#[derive(Debug, Clone)]
pub(crate) struct NewWatch {
    /// What its owner calls it.
    pub(crate) name: String,
    /// What it finds.
    pub(crate) selection: Selection,
    /// Of which events it tells.
    pub(crate) kinds: Option<Vec<EventKind>>,
    /// How.
    pub(crate) channel: ChannelKind,
    /// To which address letters go; the account's own one if absent.
    pub(crate) address: Option<String>,
    /// To which webhook messages go.
    pub(crate) webhook: Option<WebhookId>,
    /// When.
    pub(crate) rhythm: Rhythm,
    /// When nothing is sent at once.
    pub(crate) quiet: Option<QuietHours>,
}

const NO_LETTERS: Words = Words {
    de: "Diese Beobachtung schickt keine Mails und hat keine Adresse.",
    en: "This watch sends no mail and has no address.",
};
const NO_WEBHOOK: Words = Words {
    de: "Einen Webhook hat nur, was auf diesem Weg benachrichtigt (channel: WEBHOOK).",
    en: "Only what is told by this way has a webhook (channel: WEBHOOK).",
};
const NO_FEED: Words =
    Words { de: "Diese Beobachtung ist kein Feed.", en: "This watch is no feed." };

/// The path of a watch's feed, which only its owner knows.
fn feed_path(secret: &Secret) -> String {
    format!("/feeds/watches/{}.atom", secret.reveal())
}

impl Services {
    /// Saves a watch. A feed's path comes with it, this one time.
    pub(crate) async fn create_watch(
        &self,
        viewer: &Viewer,
        new: NewWatch,
    ) -> Result<(Watch, Option<String>), Error> {
        let owner = caretaker(viewer)?;
        let now = self.clock.now();
        let secret = Secret::from_random(self.ids.secret());
        if new.webhook.is_some() && new.channel != ChannelKind::Webhook {
            return Err(Problem::at("webhook", What::Rule(NO_WEBHOOK)).into());
        }
        let (channel, feed) = match new.channel {
            ChannelKind::Feed | ChannelKind::Webhook if new.address.is_some() => {
                return Err(Problem::at("address", What::Rule(NO_LETTERS)).into());
            }
            ChannelKind::Feed => {
                (Channel::Feed { secret: secret.hash() }, Some(feed_path(&secret)))
            }
            ChannelKind::Mail => (self.letters_to(&owner, new.address).await?, None),
            ChannelKind::Webhook => (self.messages_to(viewer, new.webhook).await?, None),
        };
        let watch = Watch {
            id: self.ids.fresh().into(),
            revision: 1,
            owner: owner.clone(),
            name: new.name,
            selection: new.selection,
            kinds: new.kinds.unwrap_or_else(|| EventKind::WATCHED.to_vec()),
            channel,
            rhythm: new.rhythm,
            quiet: new.quiet,
            paused: false,
            cursor: match new.channel {
                // A feed begins with what there was of late.
                ChannelKind::Feed => 0,
                ChannelKind::Mail | ChannelKind::Webhook => self.store.refresh_head().await?,
            },
            follows: false,
            due_at: None,
            recent: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let watch = watch.settled(now);
        watch.check()?;
        let too_many = || Problem::at("name", What::TooMany { most: Watch::MOST });
        if self.store.watches_of(&owner).await?.len() >= Watch::MOST {
            return Err(too_many().into());
        }
        let mut change = Change::default().create(&watch)?.within_watches(&owner, Watch::MOST);
        // Nothing may be left of somebody who is erased meanwhile.
        change = match &owner {
            Actor::Account(id) => change.only_with::<Account>(id),
            Actor::Token(id) => change.only_with::<Token>(id),
            Actor::Operator | Actor::Hub => change,
        };
        if let Some(letter) = self.confirmation(&watch)? {
            change = change.create(&letter)?;
        }
        match self.store.commit_silently(change).await {
            Ok(()) => {}
            Err(store::Error::Stale) => return Err(too_many().into()),
            Err(error) => return Err(error.into()),
        }
        self.outbox.wake();
        Ok((watch, feed))
    }

    /// The way to a webhook, if it is the viewer's.
    async fn messages_to(
        &self,
        viewer: &Viewer,
        webhook: Option<WebhookId>,
    ) -> Result<Channel, Error> {
        let id = webhook.ok_or_else(|| Problem::at("webhook", What::Required))?;
        match self.webhook(viewer, &id).await? {
            Some(webhook) => Ok(Channel::Webhook { webhook: webhook.id }),
            None => Err(Problem::at("webhook", What::NotFound).into()),
        }
    }

    /// Changes a watch.
    pub(crate) async fn update_watch(
        &self,
        viewer: &Viewer,
        id: &WatchId,
        change: &WatchChange,
    ) -> Result<Watch, Error> {
        let before = self.own_watch(viewer, id).await?;
        let now = self.clock.now();
        let elsewhere = change.address.as_deref().map(Account::address);
        let elsewhere = elsewhere.filter(|it| before.channel.address() != Some(it.as_str()));
        if elsewhere.is_some() && before.channel.kind() != ChannelKind::Mail {
            return Err(Problem::at("address", What::Rule(NO_LETTERS)).into());
        }
        before.clone().changed(change, now).check()?;
        let channel = match elsewhere {
            Some(address) => Some(self.letters_to(&before.owner, Some(address)).await?),
            None => None,
        };
        let followed = self.store.get::<Follower>(&FollowerId::watches()).await?;
        let followed = followed.map_or(0, |follower| follower.cursor);
        let rewrite = |before: Watch| {
            let channel = channel.clone().unwrap_or_else(|| before.channel.clone());
            let changed = Watch { channel, ..before.clone().changed(change, now) };
            changed.carried_on(&before, followed, now)
        };
        self.rewritten_watch(viewer, id, channel.is_some(), rewrite).await
    }

    /// Lets a watch rest. What happens meanwhile is not told of later.
    pub(crate) async fn pause_watch(&self, viewer: &Viewer, id: &WatchId) -> Result<Watch, Error> {
        let now = self.clock.now();
        self.rewritten_watch(viewer, id, false, |watch| watch.paused(now)).await
    }

    /// Lets a watch tell again of what happens from now on; one that does not rest goes on as it is. Who
    /// had enough of its letters is asked again before any comes.
    pub(crate) async fn resume_watch(&self, viewer: &Viewer, id: &WatchId) -> Result<Watch, Error> {
        let before = self.own_watch(viewer, id).await?;
        if before.is_live() {
            return Ok(before);
        }
        let channel = match before.channel.address().filter(|_| !before.channel.is_open()) {
            Some(address) => Some(self.letters_to(&before.owner, Some(address.to_owned())).await?),
            None => None,
        };
        let (newest, now) = (self.store.refresh_head().await?, self.clock.now());
        let rewrite = |watch: Watch| {
            let channel = channel.clone().unwrap_or_else(|| watch.channel.clone());
            Watch { channel, ..watch }.resumed(newest, now)
        };
        self.rewritten_watch(viewer, id, channel.is_some(), rewrite).await
    }

    /// Takes a watch away, and what it said of its owner.
    pub(crate) async fn delete_watch(&self, viewer: &Viewer, id: &WatchId) -> Result<(), Error> {
        let watch = self.own_watch(viewer, id).await?;
        let change = Change::default().delete::<Watch>(&watch.id);
        let change = change.erases(&[some_day(self.clock.now())]);
        Ok(self.store.commit_silently(change).await?)
    }

    /// Gives a feed another path: who knew the one before reads nothing more.
    pub(crate) async fn renew_watch_feed(
        &self,
        viewer: &Viewer,
        id: &WatchId,
    ) -> Result<(Watch, String), Error> {
        let secret = Secret::from_random(self.ids.secret());
        let before = self.own_watch(viewer, id).await?;
        if before.channel.kind() != ChannelKind::Feed {
            return Err(Problem::at("id", What::Rule(NO_FEED)).into());
        }
        let rewrite = |watch: Watch| {
            let channel = Channel::Feed { secret: secret.hash() };
            Watch { channel, revision: watch.revision + 1, ..watch }
        };
        let watch = self.rewritten_watch(viewer, id, false, rewrite).await?;
        Ok((watch, feed_path(&secret)))
    }

    /// The viewer's watches, in the order in which they were made. A token of an account is handed to a
    /// machine: what that account is told of is none of its business.
    pub(crate) async fn watches(&self, viewer: &Viewer) -> Result<Vec<Watch>, Error> {
        match caretaker(viewer) {
            Ok(owner) => Ok(self.store.watches_of(&owner).await?),
            Err(Error::Forbidden) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// One watch, if it is the viewer's.
    pub(crate) async fn watch(
        &self,
        viewer: &Viewer,
        id: &WatchId,
    ) -> Result<Option<Watch>, Error> {
        let owner = caretaker(viewer).ok();
        let found = self.store.get::<Watch>(id).await?;
        Ok(found.filter(|watch| owner.as_ref() == Some(&watch.owner)))
    }

    async fn own_watch(&self, viewer: &Viewer, id: &WatchId) -> Result<Watch, Error> {
        caretaker(viewer)?;
        let found = self.watch(viewer, id).await?;
        Ok(found.ok_or_else(|| Problem::at("id", What::NotFound))?)
    }

    /// Writes a watch as something makes it of the one that is there; `asks` says whether its address
    /// is another one, whose holder may have to be asked.
    async fn rewritten_watch(
        &self,
        viewer: &Viewer,
        id: &WatchId,
        asks: bool,
        rewrite: impl Fn(Watch) -> Watch,
    ) -> Result<Watch, Error> {
        for _ in 0..MOST_REPEATS {
            let watch = rewrite(self.own_watch(viewer, id).await?);
            watch.check()?;
            let mut change = Change::default().replace(&watch)?;
            if let Some(letter) = self.confirmation(&watch)?.filter(|_| asks) {
                change = change.create(&letter)?;
            }
            match self.store.commit_silently(change).await {
                Ok(()) => {
                    self.outbox.wake();
                    return Ok(watch);
                }
                // It was told of something meanwhile.
                Err(store::Error::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }
}
