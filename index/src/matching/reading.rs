//! How much of a text a document must have.

use super::audience::Audience;
use super::bits::Bits;
use super::evaluate::Evaluated;
use super::plan::Plan;
use crate::query::Query;

/// With fewer hits, less than the whole text is enough.
const FEW: u64 = 100;
/// With fewer hits, half of a single word is enough; more would bury what was meant.
const FEW_OF_ONE: u64 = 10;

/// How the text of a query was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What was enough, if few documents matched the text as it was asked for.
    pub relaxed: Option<Relaxed>,
    /// Words that stand nowhere, and the ones that were looked for as well.
    pub corrections: Vec<Correction>,
    /// How many words at the end were too many and not looked for.
    pub unread: usize,
}

/// What was enough for a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relaxed {
    /// How many of the words, in part.
    pub required: usize,
    /// How many words there are.
    pub words: usize,
}

/// A word that stands nowhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The word, in lower case.
    pub typed: String,
    /// Words that are written nearly so, the likeliest first.
    pub nearly: Vec<String>,
}

/// How much of the words a document must have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Level {
    /// So many of them.
    Strict(usize),
    /// So many, at least in part.
    Half(usize),
}

/// The level that finds enough: as much as possible.
pub(super) fn level(
    audience: &Audience<'_>,
    plan: &Plan,
    evaluated: &[Evaluated],
    query: &Query,
) -> Level {
    let words = plan.units.len();
    let least = least(plan);
    if !query.lenient || words == 0 || plan.enough.is_some() {
        return Level::Strict(least);
    }
    let few = if words == 1 { FEW_OF_ONE } else { FEW };
    let segments = || evaluated.iter().zip(audience.segments());
    let is_keyed = segments().any(|(found, known)| found.keyed.shared(known) > 0);
    let strict: u64 =
        segments().map(|(found, known)| found.at(Level::Strict(least)).shared(known)).sum();
    // Whoever types a key wants what has it, not what is written nearly so.
    if is_keyed || strict >= few {
        return Level::Strict(least);
    }
    let enough = |required| -> u64 {
        segments().map(|(found, known)| found.at(Level::Half(required)).shared(known)).sum()
    };
    if let Some(required) = (1..=least).rev().find(|required| enough(*required) >= few) {
        return Level::Half(required);
    }
    if enough(1) > strict { Level::Half(1) } else { Level::Strict(least) }
}

/// How many of the words must match for a hit in full.
pub(super) fn least(plan: &Plan) -> usize {
    plan.enough.unwrap_or_else(|| least_of(plan.units.len()))
}

/// How many of the words must match at first: all of two, three quarters of more.
fn least_of(words: usize) -> usize {
    if words <= 2 { words } else { (words * 3).div_ceil(4) }
}

/// What is told of it.
pub(super) fn reading(plan: &Plan, level: Level) -> Reading {
    match level {
        Level::Strict(_) => Reading::default(),
        Level::Half(required) => Reading {
            relaxed: Some(Relaxed { required, words: plan.units.len() }),
            corrections: plan.corrections.iter().map(Correction::from).collect(),
            ..Reading::default()
        },
    }
}

impl Evaluated {
    /// The documents that have as much as a level asks for.
    pub(super) fn at(&self, level: Level) -> Bits {
        let mut found = match level {
            Level::Strict(least) => self.strict.at_least(least),
            Level::Half(least) => self.half.at_least(least),
        };
        found.and(&self.allowed);
        found.or(&self.keyed);
        found
    }
}
