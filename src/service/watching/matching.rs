//! Which watches find an entry of the journal.

use std::collections::{HashMap, HashSet, hash_map};

use crate::domain::{
    Account, Actor, Adoption, Event, Feedback, Grant, MunicipalityId, NodeId, Selection,
    SolutionId, Token, Viewer, Watch,
};
use crate::live::{Age, Entry};
use crate::service::{Error, ListError, Listing, Services};

/// So many solutions are asked for together.
const TOGETHER: usize = 500;
/// After so many watches others get their turn: questions are answered without a pause.
const IN_A_ROW: usize = 32;

/// A watch with the eyes of its owner.
pub(super) struct Looking {
    /// The watch.
    pub(super) watch: Watch,
    /// What its owner may see now.
    pub(super) viewer: Viewer,
}

/// Something that happened to a solution.
#[derive(Debug, Clone)]
pub(super) struct Happening {
    /// What.
    pub(super) event: Event,
    /// To which solution.
    pub(super) solution: SolutionId,
}

/// What is asked of some entries; two watches may ask the same.
#[derive(PartialEq, Eq, Hash)]
struct Question {
    /// What is selected.
    filter: Option<String>,
    search: Option<String>,
    like: Option<MunicipalityId>,
    likeness: Option<u64>,
    /// The roles of who asks.
    grants: Vec<Grant>,
    /// Whether it is about what is in no list any more.
    ended: bool,
}

impl Services {
    /// Watches with the eyes of their owners; those whose owner nobody can be at the moment are left
    /// out.
    pub(super) async fn looking(&self, watches: Vec<Watch>) -> Result<Vec<Looking>, Error> {
        let accounts = watches.iter().filter_map(|watch| match &watch.owner {
            Actor::Account(id) => Some(id.clone()),
            _ => None,
        });
        let accounts: HashSet<_> = accounts.collect();
        let accounts: Vec<_> = accounts.into_iter().collect();
        let accounts = self.store.get_many::<Account>(&accounts).await?;
        let mut looking = Vec::with_capacity(watches.len());
        for watch in watches {
            let viewer = match &watch.owner {
                Actor::Account(id) => {
                    accounts.get(id).filter(|account| !account.disabled).map(Account::viewer)
                }
                Actor::Token(id) => match self.store.get::<Token>(id).await? {
                    Some(token) => self.holder(&token).await?,
                    None => None,
                },
                Actor::Operator | Actor::Hub => None,
            };
            looking.extend(viewer.map(|viewer| Looking { watch, viewer }));
        }
        Ok(looking)
    }

    /// What of some entries is about solutions, in the same order.
    pub(super) async fn happenings(&self, events: Vec<Event>) -> Result<Vec<Happening>, Error> {
        let of_solutions = events.into_iter().filter(|event| event.kind.is_of_solutions());
        let events: Vec<Event> = of_solutions.collect();
        let (mut adoptions, mut feedback) = (Vec::new(), Vec::new());
        for event in &events {
            match &event.subject.0 {
                NodeId::Adoption(id) => adoptions.push(id.clone()),
                NodeId::Feedback(id) => feedback.push(id.clone()),
                _ => {}
            }
        }
        let adoptions = self.store.get_many::<Adoption>(&adoptions).await?;
        let feedback = self.store.get_many::<Feedback>(&feedback).await?;
        let solution = |subject: &NodeId| match subject {
            NodeId::Solution(id) => Some(id.clone()),
            NodeId::Adoption(id) => adoptions.get(id).map(|adoption| adoption.solution.clone()),
            NodeId::Feedback(id) => feedback.get(id).map(|feedback| feedback.solution.clone()),
            _ => None,
        };
        let happening = |event: Event| {
            let solution = solution(&event.subject.0)?;
            Some(Happening { event, solution })
        };
        Ok(events.into_iter().filter_map(happening).collect())
    }

    /// For each watch what it tells its owner of. What is the same for several is asked once.
    pub(super) async fn matches<'a>(
        &self,
        looking: &[Looking],
        happenings: &'a [Happening],
        age: Age,
    ) -> Result<Vec<Vec<&'a Happening>>, Error> {
        let mut answers: HashMap<Question, HashSet<u64>> = HashMap::new();
        let mut matches = Vec::with_capacity(looking.len());
        for look in looking {
            let wanted = happenings.iter().filter(|it| look.watch.wants(&it.event, &look.viewer));
            let wanted: Vec<&Happening> = wanted.collect();
            let mut found = Vec::new();
            for ended in [false, true] {
                let part = || wanted.iter().filter(|it| it.event.kind.ends_solution() == ended);
                if part().next().is_none() {
                    continue;
                }
                let question = Question::of(look, ended);
                let answer = match answers.entry(question) {
                    hash_map::Entry::Occupied(known) => known.into_mut(),
                    hash_map::Entry::Vacant(unknown) => {
                        let answer = self.answer(look, happenings, ended, age).await?;
                        unknown.insert(answer)
                    }
                };
                found.extend(part().filter(|it| answer.contains(&it.event.seq)).copied());
            }
            found.sort_by_key(|it| it.event.seq);
            matches.push(found);
            if matches.len().is_multiple_of(IN_A_ROW) {
                tokio::task::yield_now().await;
            }
        }
        Ok(matches)
    }

    /// What of all that happened is found by what a watch selects, by the numbers of the journal.
    async fn answer(
        &self,
        look: &Looking,
        happenings: &[Happening],
        ended: bool,
        age: Age,
    ) -> Result<HashSet<u64>, Error> {
        // What was taken away is in nobody's lists any more. Whether somebody may know that it went,
        // and what it was called, is told by its entry.
        let eyes = if ended { &Viewer::Hub } else { &look.viewer };
        let Some(listing) = self.listing_of(&look.watch) else { return Ok(HashSet::new()) };
        let listed = match self.list(eyes, listing) {
            Ok(listed) => listed,
            Err(ListError::Service(error)) => return Err(error),
            Err(error) => {
                // A municipality without figures, above all: it may have some again.
                tracing::warn!(%error, watch = %look.watch.id, "a watch finds nothing at the moment");
                return Ok(HashSet::new());
            }
        };
        let asked = happenings.iter().filter(|it| it.event.kind.ends_solution() == ended);
        let entries: Vec<Entry> = asked.map(Happening::entry).collect();
        let mut found = HashSet::new();
        for entries in entries.chunks(TOGETHER) {
            found.extend(self.held(&listed, entries, age).await?);
        }
        Ok(found)
    }

    /// What a watch selects, as a list. One that cannot be read is told of in the log: it must not
    /// hold up all others.
    fn listing_of(&self, watch: &Watch) -> Option<Listing> {
        match (self.read_selection)(&watch.selection) {
            Ok(listing) => Some(Listing { strict: true, ..listing }),
            Err(reason) => {
                tracing::error!(%reason, watch = %watch.id, "what a watch selects cannot be read");
                None
            }
        }
    }
}

impl Question {
    fn of(look: &Looking, ended: bool) -> Self {
        let Selection { filter, search, like_municipality, min_likeness } = &look.watch.selection;
        Self {
            filter: filter.clone(),
            search: search.clone(),
            like: like_municipality.clone(),
            likeness: min_likeness.map(f64::to_bits),
            grants: if ended { Vec::new() } else { look.viewer.grants().to_vec() },
            ended,
        }
    }
}

impl Happening {
    fn entry(&self) -> Entry {
        Entry { seq: self.event.seq, subject: self.solution.clone().into() }
    }
}
