//! What contacts have beside the life of all records: consent that ends, and a look now and then.

use chrono::NaiveDate;

use super::erasure::now_and_again;
use super::managed::{MOST_REPEATS, Managed};
use super::{Error, Note, Services};
use crate::domain::{
    Contact, ContactId, EventKind, MunicipalityId, Problem, Viewer, What, WithdrawalReason,
};
use crate::store::{self, Change};

/// More contacts that somebody should look at are not told of at once.
const MOST_DUE: usize = 100;

/// A contact without its person, and whether that holds in all files already.
pub(crate) struct Withdrawn {
    /// The contact.
    pub(crate) contact: Contact,
    /// Whether some files still hold the person, for a while.
    pub(crate) pending: bool,
}

impl Services {
    /// Erases what a contact tells of its person: from the record, from what was searched for, from
    /// the index and from the files of the database.
    ///
    /// # Errors
    /// Only who edits for the municipality and moderators may; there is no such contact.
    pub(crate) async fn withdraw_consent(
        &self,
        viewer: &Viewer,
        id: &ContactId,
        reason: Option<WithdrawalReason>,
    ) -> Result<Withdrawn, Error> {
        if !viewer.is_known() {
            return Err(Error::Unauthenticated);
        }
        for _ in 0..MOST_REPEATS {
            let found = self.store.get::<Contact>(id).await?;
            let seen = found.filter(|it| it.readable(viewer) || viewer.moderates());
            let contact = seen.ok_or_else(|| Problem::at("id", What::NotFound))?;
            if !viewer.edits(&contact.municipality) && !viewer.moderates() {
                return Err(Error::Forbidden);
            }
            if !contact.has_personal_data() && contact.consent_withdrawn_at.is_some() {
                // Somebody asks again, perhaps because the first answer was lost.
                let newest = self.store.refresh_head().await?;
                let indexed = self.index_has_passed(newest).await;
                let pending = !(self.finished_erasures().await && indexed);
                return Ok(Withdrawn { contact, pending });
            }
            match self.erase_person(viewer, &contact, reason).await {
                Err(Error::Store(store::Error::Stale)) => {}
                other => return other,
            }
        }
        Err(Problem::at("id", What::Stale).into())
    }

    async fn erase_person(
        &self,
        viewer: &Viewer,
        contact: &Contact,
        reason: Option<WithdrawalReason>,
    ) -> Result<Withdrawn, Error> {
        let now = self.clock.now();
        let mut left = contact.clone().without_person(reason, now);
        left.revision += 1;
        // Before the record: after it nobody knows the name any more.
        let taken = contact.taken_away(&left).unwrap_or_default();
        self.forget_searches_for(&taken).await?;
        let change = Change::default().replace(&left)?.erases(&now_and_again(now));
        let note = about(&left, EventKind::ContactConsentWithdrawn);
        let event = self.commit(viewer, change, note).await?;
        let let_go = self.let_go(event.seq, taken).await;
        let finished = self.finished_erasures().await;
        Ok(Withdrawn { contact: left, pending: !(let_go && finished) })
    }

    /// Says that a contact still holds, until a day or for a year.
    ///
    /// # Errors
    /// Only who works for the municipality may; there is no such contact, or it has changed.
    pub(crate) async fn confirm_contact(
        &self,
        viewer: &Viewer,
        id: &ContactId,
        expected_revision: Option<u32>,
        review_by: Option<NaiveDate>,
    ) -> Result<Contact, Error> {
        let apply = |contact: Contact| contact.confirmed(review_by, self.clock.now());
        self.replace(viewer, id, expected_revision, EventKind::ContactConfirmed, apply).await
    }

    /// The contacts of a municipality that somebody should look at, the oldest date first; nothing
    /// for who does not work there.
    pub(crate) async fn contacts_due(
        &self,
        viewer: &Viewer,
        municipality: &MunicipalityId,
    ) -> Result<Option<Vec<Contact>>, Error> {
        if !viewer.works_for(municipality) {
            return Ok(None);
        }
        let today = self.clock.now().date_naive();
        Ok(Some(self.store.contacts_due(municipality, today, MOST_DUE).await?))
    }
}

/// What the journal is told: the role, never the person. How it stands with a person's consent, and whether somebody
/// was reached, is for those who work there to know.
pub(super) fn about(contact: &Contact, kind: EventKind) -> Note {
    let inner = matches!(kind, EventKind::ContactConsentWithdrawn | EventKind::ContactBounced);
    Note {
        kind,
        subject: contact.node(),
        municipalities: contact.owners().to_vec(),
        public: contact.is_public() && !inner,
        title: contact.title(),
    }
}
