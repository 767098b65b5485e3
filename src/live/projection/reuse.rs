//! What municipalities make of each other's work: questions, adoptions, feedback.

use allmende_index::{Document, Facet, Number};

use super::{Findable, belongs_to, dates, joined, shown, topic_names};
use crate::domain::{Adoption, Feedback, Label, Question};
use crate::live::tables::Tables;

impl Findable for Question {
    fn document(&self, tables: &Tables) -> Document {
        let accepted = self.accepted_answer().map(|answer| answer.text.clone());
        let others =
            self.answers.iter().filter(|answer| Some(&answer.key) != self.accepted.as_ref());
        let mut facets = vec![
            shown(self.is_public()),
            (Facet::QuestionStatus, self.status.name().to_owned()),
            (Facet::Language, self.language.to_lowercase()),
        ];
        facets.extend(self.topics.iter().map(|topic| (Facet::Topic, topic.key())));
        let addressees = self.routed_to.iter().map(|addressee| addressee.municipality.key());
        facets.extend(addressees.map(|addressee| (Facet::Addressee, addressee)));
        let mut numbers = dates(self.created_at, self.updated_at);
        numbers.push((Number::Published, self.created_at.timestamp_millis()));
        let mut document = Document {
            id: self.id.to_string(),
            kind: "Question".to_owned(),
            title: self.title.clone(),
            topics: joined(topic_names(&self.topics, tables)),
            problem: self.text.clone(),
            approach: accepted.unwrap_or_default(),
            text: joined(others.map(|answer| answer.text.as_str())),
            facets,
            numbers,
            ..Document::default()
        };
        belongs_to(&mut document, std::slice::from_ref(&self.municipality), tables);
        document
    }
}

impl Findable for Adoption {
    fn document(&self, tables: &Tables) -> Document {
        let mut facets = vec![
            (Facet::Lifecycle, self.state.publication().name().to_owned()),
            (Facet::AdoptionStatus, self.status.name().to_owned()),
            (Facet::Solution, self.solution.key()),
            (Facet::Owner, self.municipality.key()),
        ];
        // Those who suggested it find it too.
        facets.extend(self.suggested_by.iter().map(|by| (Facet::Municipality, by.key())));
        let said = [self.changes.as_deref(), self.result.as_deref()];
        let mut document = Document {
            id: self.id.to_string(),
            kind: "Adoption".to_owned(),
            text: joined(said.into_iter().flatten()),
            facets,
            numbers: dates(self.created_at, self.updated_at),
            ..Document::default()
        };
        belongs_to(&mut document, std::slice::from_ref(&self.municipality), tables);
        document
    }
}

impl Findable for Feedback {
    fn document(&self, tables: &Tables) -> Document {
        let mut document = Document {
            id: self.id.to_string(),
            kind: "Feedback".to_owned(),
            text: self.text.clone(),
            facets: vec![shown(self.is_public()), (Facet::Solution, self.solution.key())],
            numbers: dates(self.created_at, self.updated_at),
            ..Document::default()
        };
        belongs_to(&mut document, std::slice::from_ref(&self.municipality), tables);
        document
    }
}
