//! To whom a question is sent: municipalities like the one that asks, and those whose solutions
//! match it.

use std::collections::HashSet;

use allmende_index::{Direction, Facet, Filter, Like, Order, Page, Query};

use super::listing::public;
use super::{Error, Services};
use crate::domain::likeness::Window;
use crate::domain::{Addressee, Lens, MunicipalityId, Question, Solution, SolutionId, TopicId};
use crate::live::Place;

/// To how many of the most alike municipalities a question goes.
const MOST_ALIKE: usize = 20;
/// The authors of how many solutions are asked.
const MOST_SOLUTIONS: usize = 10;
/// A solution that matches worse than the best one by more than this share is not asked about.
const LEAST_MATCH: f32 = 0.5;
/// What municipalities have in the open who use the hub.
const SIGNS_OF_LIFE: [&str; 6] =
    ["Solution", "Contact", "ProjectDocument", "Question", "Adoption", "Feedback"];

impl Services {
    /// Those whom a question is sent to, each with the reasons: the most alike first, then authors.
    pub(super) async fn route(&self, question: &Question) -> Result<Vec<Addressee>, Error> {
        let matching = self.matching(question).await?;
        let mut addressees = self.alike(&question.municipality, &self.active().await?);
        for (solution, authors) in matching {
            for author in authors.into_iter().filter(|author| *author != question.municipality) {
                match addressees.iter_mut().find(|it| it.municipality == author) {
                    Some(addressee) => addressee.solutions.push(solution.clone()),
                    None => addressees.push(Addressee {
                        municipality: author,
                        percentile: None,
                        solutions: vec![solution.clone()],
                    }),
                }
            }
        }
        Ok(addressees)
    }

    /// The keys of the municipalities that have something in the open.
    async fn active(&self) -> Result<HashSet<String>, Error> {
        let signs = Query {
            kinds: SIGNS_OF_LIFE.map(str::to_owned).to_vec(),
            audience: public(),
            ..Query::default()
        };
        let counts = self.searcher.facets(signs, vec![Facet::Municipality]).await?;
        Ok(counts.into_iter().flat_map(|counts| counts.values).map(|it| it.value).collect())
    }

    /// The most alike of those who use the hub; none if nothing is known that could be compared.
    fn alike(&self, municipality: &MunicipalityId, active: &HashSet<String>) -> Vec<Addressee> {
        let tables = self.directory.tables();
        let Some(focus) = tables.place(municipality) else { return Vec::new() };
        let Some(comparer) = tables.comparer(focus, Lens::General) else { return Vec::new() };
        let is_active = |place: &Place| active.contains(&place.municipality.id.key());
        let nearest = comparer.nearest(|place, _| is_active(place), &Window::first(MOST_ALIKE));
        let compared = nearest.found.iter().filter_map(|it| comparer.compared(it.row, None));
        let addressee = |compared: crate::live::Compared| Addressee {
            municipality: compared.place.municipality.id.clone(),
            percentile: compared.percentile.map(rounded),
            solutions: Vec::new(),
        };
        compared.map(addressee).collect()
    }

    /// The published solutions that match a question best, each with whose it is: those on its
    /// topics, or any if there is none.
    async fn matching(
        &self,
        question: &Question,
    ) -> Result<Vec<(SolutionId, Vec<MunicipalityId>)>, Error> {
        let topics: Vec<String> = question.topics.iter().map(TopicId::key).collect();
        let about = Filter::AnyOf(Facet::Topic, topics);
        let mut ids = Vec::new();
        if !question.topics.is_empty() {
            ids = self.best_matching(question, about).await?;
        }
        if ids.is_empty() {
            ids = self.best_matching(question, Filter::All).await?;
        }
        let mut known = self.store.get_many::<Solution>(&ids).await?;
        let known = ids.iter().filter_map(|id| known.remove(id));
        let public = known.filter(|solution| solution.lifecycle.is_public());
        Ok(public.map(|solution| (solution.id, solution.municipalities)).collect())
    }

    async fn best_matching(
        &self,
        question: &Question,
        filter: Filter,
    ) -> Result<Vec<SolutionId>, Error> {
        let like = Like::Written { title: question.title.clone(), text: question.text.clone() };
        let query = Query {
            kinds: vec!["Solution".to_owned()],
            like: Some(like),
            filter,
            audience: public(),
            order: Order::default(),
            page: Page { size: MOST_SOLUTIONS, direction: Direction::Forward, ..Page::default() },
            ..Query::default()
        };
        let hits = self.searcher.search(query).await?.hits;
        let best = hits.first().map(|hit| hit.score).unwrap_or_default();
        let good = hits.iter().filter(|hit| hit.score >= best * LEAST_MATCH);
        Ok(good.filter_map(|hit| hit.id.parse().ok()).collect())
    }
}

/// To a thousandth of a percent: more says nothing, and short numbers survive being written as text.
fn rounded(percentile: f64) -> f64 {
    (percentile * 1_000.0).round() / 1_000.0
}
