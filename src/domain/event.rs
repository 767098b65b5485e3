//! What happened: the entries of the journal.

mod filter;

pub use filter::EventFilter;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::key::{AccountId, KeyError, MunicipalityId, NodeId, TokenId};
use super::kinds::kinds;
use super::rights::Viewer;

kinds! {
    /// What can happen.
    EventKind {
        MunicipalityCreated = "municipality_created", "Kommune angelegt", "Municipality created";
        MunicipalityUpdated = "municipality_updated", "Kommune geändert", "Municipality updated";
        ProfileCreated = "profile_created", "Profil angelegt", "Profile created";
        ProfileUpdated = "profile_updated", "Profil geändert", "Profile updated";
        ProfilePublished = "profile_published", "Profil veröffentlicht", "Profile published";
        ProfileArchived = "profile_archived", "Profil archiviert", "Profile archived";
        SolutionCreated = "solution_created", "Lösung angelegt", "Solution created";
        SolutionUpdated = "solution_updated", "Lösung geändert", "Solution updated";
        SolutionPublished = "solution_published", "Lösung veröffentlicht", "Solution published";
        SolutionArchived = "solution_archived", "Lösung archiviert", "Solution archived";
        SolutionSubmitted = "solution_submitted", "Lösung eingereicht", "Solution submitted";
        SolutionInReview = "solution_in_review", "Lösung in Prüfung", "Solution in review";
        SolutionChangesRequested = "solution_changes_requested", "Änderungen an Lösung erbeten", "Changes to solution requested";
        SolutionApproved = "solution_approved", "Lösung freigegeben", "Solution approved";
        SolutionRejected = "solution_rejected", "Lösung abgelehnt", "Solution rejected";
        SolutionWithdrawn = "solution_withdrawn", "Lösung zurückgezogen", "Solution withdrawn";
        SolutionOutdated = "solution_outdated", "Lösung als veraltet gemeldet", "Solution marked as outdated";
        SolutionConfirmed = "solution_confirmed", "Lösung als aktuell bestätigt", "Solution confirmed";
        SolutionValidated = "solution_validated", "Lösung fachlich bestätigt", "Solution validated";
        SolutionReviewDue = "solution_review_due", "Lösung zu bestätigen: läuft sie noch?", "Solution to be confirmed: is it still running?";
        LinkBroken = "link_broken", "Link führt ins Leere", "Link is broken";
        LinkRestored = "link_restored", "Link führt wieder zum Ziel", "Link works again";
        SolutionMerged = "solution_merged", "Lösung zusammengeführt", "Solution merged";
        ContactCreated = "contact_created", "Kontakt angelegt", "Contact created";
        ContactUpdated = "contact_updated", "Kontakt geändert", "Contact updated";
        ContactPublished = "contact_published", "Kontakt veröffentlicht", "Contact published";
        ContactArchived = "contact_archived", "Kontakt archiviert", "Contact archived";
        ContactConsentWithdrawn = "contact_consent_withdrawn", "Einwilligung einer Kontaktperson beendet", "Consent of a contact withdrawn";
        ContactConfirmed = "contact_confirmed", "Kontakt bestätigt", "Contact confirmed";
        ContactRequested = "contact_requested", "Kontakt angefragt", "Contact requested";
        ContactBounced = "contact_bounced", "Kontakt nicht erreicht", "Contact not reached";
        DocumentCreated = "document_created", "Dokument angelegt", "Document created";
        DocumentUpdated = "document_updated", "Dokument geändert", "Document updated";
        DocumentPublished = "document_published", "Dokument veröffentlicht", "Document published";
        DocumentArchived = "document_archived", "Dokument archiviert", "Document archived";
        OrganisationCreated = "organisation_created", "Organisation angelegt", "Organisation created";
        OrganisationUpdated = "organisation_updated", "Organisation geändert", "Organisation updated";
        OrganisationPublished = "organisation_published", "Organisation veröffentlicht", "Organisation published";
        OrganisationArchived = "organisation_archived", "Organisation archiviert", "Organisation archived";
        ProcessCreated = "process_created", "Strategieprozess angelegt", "Strategy process created";
        ProcessUpdated = "process_updated", "Strategieprozess geändert", "Strategy process updated";
        ProcessPublished = "process_published", "Strategieprozess veröffentlicht", "Strategy process published";
        ProcessArchived = "process_archived", "Strategieprozess archiviert", "Strategy process archived";
        VocabularyUpdated = "vocabulary_updated", "Vokabular geändert", "Vocabulary updated";
        TokenCreated = "token_created", "Zugangsschlüssel angelegt", "Access token created";
        TokenRevoked = "token_revoked", "Zugangsschlüssel widerrufen", "Access token revoked";
        AccountCreated = "account_created", "Konto angelegt", "Account created";
        AccountUpdated = "account_updated", "Konto geändert", "Account updated";
        AccountErased = "account_erased", "Konto gelöscht", "Account erased";
        QuestionAsked = "question_asked", "Frage gestellt", "Question asked";
        QuestionUpdated = "question_updated", "Frage geändert", "Question updated";
        QuestionAnswered = "question_answered", "Frage beantwortet", "Question answered";
        QuestionClosed = "question_closed", "Frage geschlossen", "Question closed";
        QuestionWithdrawn = "question_withdrawn", "Frage zurückgezogen", "Question withdrawn";
        QuestionJoined = "question_joined", "Frage angeschlossen", "Question joined";
        QuestionLeft = "question_left", "Frage verlassen", "Question left";
        AnswerUpdated = "answer_updated", "Antwort geändert", "Answer updated";
        AnswerAccepted = "answer_accepted", "Antwort angenommen", "Answer accepted";
        AdoptionDeclared = "adoption_declared", "Übernahme gemeldet", "Adoption declared";
        AdoptionSuggested = "adoption_suggested", "Übernahme vorgeschlagen", "Adoption suggested";
        AdoptionConfirmed = "adoption_confirmed", "Übernahme bestätigt", "Adoption confirmed";
        AdoptionUpdated = "adoption_updated", "Übernahme geändert", "Adoption updated";
        AdoptionWithdrawn = "adoption_withdrawn", "Übernahme zurückgezogen", "Adoption withdrawn";
        FeedbackGiven = "feedback_given", "Rückmeldung gegeben", "Feedback given";
        FeedbackUpdated = "feedback_updated", "Rückmeldung geändert", "Feedback updated";
        FeedbackWithdrawn = "feedback_withdrawn", "Rückmeldung zurückgezogen", "Feedback withdrawn";
        AnswerWithdrawn = "answer_withdrawn", "Antwort zurückgezogen", "Answer withdrawn";
        WebhookCreated = "webhook_created", "Webhook angelegt", "Webhook created";
        WebhookUpdated = "webhook_updated", "Webhook geändert", "Webhook updated";
        WebhookDisabled = "webhook_disabled", "Webhook abgeschaltet", "Webhook disabled";
        WebhookEnabled = "webhook_enabled", "Webhook eingeschaltet", "Webhook enabled";
        WebhookDeleted = "webhook_deleted", "Webhook gelöscht", "Webhook deleted";
    }
}

/// What an event is about, in its text form `Solution:01J…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Subject(pub NodeId);

impl TryFrom<String> for Subject {
    type Error = super::key::KeyError;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        id.parse().map(Self)
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.0.to_string()
    }
}

/// Who did it. Its text form is `operator`, `hub`, or the id of the token or of the account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// The operator, by a command of the program.
    Operator,
    /// The hub by itself, as time went on.
    Hub,
    /// Somebody with an access token that belongs to no account.
    Token(TokenId),
    /// Somebody with an account, signed in or by an access token of it.
    Account(AccountId),
}

impl TryFrom<String> for Actor {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        match text.as_str() {
            "operator" => Ok(Self::Operator),
            "hub" => Ok(Self::Hub),
            text if text.starts_with(AccountId::KIND) => text.parse().map(Self::Account),
            text => text.parse().map(Self::Token),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Operator => "operator".to_owned(),
            Actor::Hub => "hub".to_owned(),
            Actor::Token(token) => token.to_string(),
            Actor::Account(account) => account.to_string(),
        }
    }
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number: 1, 2, 3 … without gaps, in the order of commits.
    pub seq: u64,
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: Subject,
    /// The municipalities it concerns.
    pub municipalities: Vec<MunicipalityId>,
    /// Whether everybody may know.
    pub public: bool,
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// The subject's name at that time.
    pub title: Option<String>,
    /// Whether it took something away of which no file may hold a trace: views that keep files write
    /// theirs anew before they pass it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erases: bool,
}

impl Event {
    /// Whether a viewer may know of it: what is public, and what concerns the own municipality.
    /// Accounts and access tokens are nobody's business but of who looks after them; webhooks are
    /// nobody's but of who made them, too.
    #[must_use]
    pub fn visible_to(&self, viewer: &Viewer) -> bool {
        match self.subject.0 {
            NodeId::AccessToken(_) | NodeId::Account(_) => return viewer.administers(),
            NodeId::Webhook(_) | NodeId::Delivery(_) => {
                return viewer.administers() || viewer.actor().as_ref() == Some(&self.actor);
            }
            _ => {}
        }
        self.public || viewer.works_for_any(&self.municipalities) || viewer.moderates()
    }

    /// What the subject was called then. Moderators know that drafts of others come and go; what is in
    /// them they read once it is handed over. And what was put away is named to its own only: others
    /// learn that it is gone.
    #[must_use]
    pub fn title_for(&self, viewer: &Viewer) -> Option<&str> {
        let draft = !self.public && self.may_be_draft();
        let own = viewer.is_operator() || viewer.works_for_any(&self.municipalities);
        self.title.as_deref().filter(|_| own || !(draft || self.takes_away()))
    }

    fn takes_away(&self) -> bool {
        matches!(
            self.kind,
            EventKind::SolutionArchived
                | EventKind::ContactArchived
                | EventKind::DocumentArchived
                | EventKind::ProcessArchived
                | EventKind::OrganisationArchived
                | EventKind::QuestionWithdrawn
        )
    }

    fn may_be_draft(&self) -> bool {
        match self.subject.0 {
            NodeId::Solution(_) => !matches!(
                self.kind,
                EventKind::SolutionSubmitted
                    | EventKind::SolutionInReview
                    | EventKind::SolutionChangesRequested
                    | EventKind::SolutionApproved
                    | EventKind::SolutionRejected
                    | EventKind::SolutionReviewDue
            ),
            NodeId::Contact(_) | NodeId::ProjectDocument(_) | NodeId::StrategyProcess(_) => true,
            _ => false,
        }
    }

    /// Whether a viewer may know who did it: those who work on it, and those who look after all. Who
    /// asks a contact is between the two, and known to them only who look after accounts.
    #[must_use]
    pub fn names_actor_to(&self, viewer: &Viewer) -> bool {
        if self.kind == EventKind::ContactRequested {
            return viewer.administers();
        }
        viewer.works_for_any(&self.municipalities) || viewer.moderates()
    }
}
