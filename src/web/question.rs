//! The page of one question.

use askama::Template;
use serde::Deserialize;

use super::cards::{ContactCard, DocumentCard, Named, PlaceName, Titled};
use super::form::{Form, Summed};
use super::kind::Kind;
use super::site::Site;
use super::work::answer::Powers;
use super::written::{day, paragraphs};
use crate::domain::QuestionStatus;

/// What the API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// Nothing if there is none.
    pub(crate) node: Option<Question>,
}

/// A question.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question {
    pub(crate) id: String,
    title: String,
    text: String,
    status: Kind<QuestionStatus>,
    created_at: chrono::DateTime<chrono::Utc>,
    pub(crate) municipality: Option<PlaceName>,
    topics: Vec<Named>,
    contact: Option<ContactCard>,
    also_interested: Vec<PlaceName>,
    answers: Vec<Answer>,
}

/// An answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    id: String,
    text: String,
    created_at: chrono::DateTime<chrono::Utc>,
    is_accepted: bool,
    municipality: Option<PlaceName>,
    solutions: Option<Vec<Titled>>,
    documents: Option<Vec<DocumentCard>>,
}

impl Question {
    /// Where it is.
    pub(crate) fn path(&self) -> String {
        format!("/questions/{}", self.id)
    }

    /// Whether more can be said to it.
    pub(crate) const fn goes_on(&self) -> bool {
        matches!(self.status.0, QuestionStatus::Open | QuestionStatus::Answered)
    }

    fn is_withdrawn(&self) -> bool {
        self.status.0 == QuestionStatus::Withdrawn
    }

    fn asked(&self, site: &Site) -> String {
        day(&self.created_at, &site.language)
    }

    fn paragraphs(&self) -> Vec<&str> {
        paragraphs(&self.text)
    }
}

impl Answer {
    /// Its name within the page.
    fn anchor(&self) -> String {
        self.id.replace(':', "-").to_lowercase()
    }

    fn given(&self, site: &Site) -> String {
        day(&self.created_at, &site.language)
    }

    fn paragraphs(&self) -> Vec<&str> {
        paragraphs(&self.text)
    }

    fn solutions(&self) -> &[Titled] {
        self.solutions.as_deref().unwrap_or_default()
    }

    fn documents(&self) -> &[DocumentCard] {
        self.documents.as_deref().unwrap_or_default()
    }
}

/// A municipality in whose name somebody joins a question, or leaves it.
struct Joining {
    id: String,
    name: String,
    has_joined: bool,
}

/// The page of a question.
#[derive(Template)]
#[template(path = "question.html")]
pub(crate) struct QuestionPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) question: Question,
    pub(crate) powers: Powers,
    /// The form of an answer, for who can give one.
    pub(crate) form: Option<Form>,
    /// Which solutions were searched for.
    pub(crate) find: String,
    /// Whether that search found none.
    pub(crate) found_nothing: bool,
    /// What kept something from being done.
    pub(crate) troubles: Vec<Summed>,
    /// Whether something was done a moment ago.
    pub(crate) is_saved: bool,
}

impl QuestionPage<'_> {
    /// Where something is done with the question.
    fn to(&self, deed: &str) -> String {
        self.site.link(&format!("{}/{deed}", self.question.path()))
    }

    /// Where solutions are searched for while an answer is written; then those are in sight.
    fn search(&self) -> String {
        format!("{}#f-solutions", self.to("answer"))
    }

    /// The accepted answer first, then the others, oldest first.
    fn answers(&self) -> Vec<&Answer> {
        let mut answers: Vec<&Answer> = self.question.answers.iter().collect();
        answers.sort_by_key(|answer| !answer.is_accepted);
        answers
    }

    fn can_accept(&self, answer: &Answer) -> bool {
        self.powers.asks && self.question.goes_on() && !answer.is_accepted
    }

    fn can_take_back(&self, answer: &Answer) -> bool {
        let author = answer.municipality.as_ref().and_then(|place| place.id.as_deref());
        let is_own = author.is_some_and(|id| self.powers.speaks_for(id));
        !self.question.is_withdrawn() && (self.powers.moderates || is_own)
    }

    fn can_close(&self) -> bool {
        self.powers.ends() && self.question.goes_on()
    }

    fn can_take_back_question(&self) -> bool {
        self.powers.ends() && !self.question.is_withdrawn()
    }

    /// The municipalities that can join or leave: not the one that asks.
    fn joining(&self) -> Vec<Joining> {
        let asks = self.question.municipality.as_ref().and_then(|place| place.id.as_deref());
        let others = self.powers.places.iter().filter(|place| Some(place.value.as_str()) != asks);
        let joining = others.map(|place| Joining {
            id: place.value.clone(),
            name: place.label.clone(),
            has_joined: self
                .question
                .also_interested
                .iter()
                .any(|it| it.id.as_deref() == Some(place.value.as_str())),
        });
        joining.filter(|it| it.has_joined || self.question.goes_on()).collect()
    }
}
