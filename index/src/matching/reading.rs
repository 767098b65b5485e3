//! How much of a text a document must have.

use tantivy::DocId;

use super::audience::Audience;
use super::bits::Bits;
use super::evaluate::Evaluated;
use super::plan::Plan;
use crate::query::Query;

/// With fewer hits, less is enough.
const FEW: usize = 100;

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
    let least = plan.enough.unwrap_or_else(|| least_of(words));
    if !query.lenient || words == 0 || plan.enough.is_some() {
        return Level::Strict(least);
    }
    let mut strict = 0;
    let mut halves = vec![0; words + 1];
    let mut keyed = false;
    for (found, allowed) in evaluated.iter().zip(audience.segments()) {
        let mut of_key = found.keyed.clone();
        of_key.and(allowed);
        keyed |= of_key.len() > 0;
        let mut touched = found.touched.clone();
        touched.and(&found.allowed);
        touched.and(allowed);
        for doc in touched.iter() {
            strict += usize::from(found.strictly(doc) >= least);
            if strict >= FEW {
                break;
            }
            if let Some(count) = halves.get_mut(found.partly(doc)) {
                *count += 1;
            }
        }
        if strict >= FEW {
            break;
        }
    }
    // Whoever types a key wants what has it, not what is written nearly so.
    if keyed || strict >= FEW {
        return Level::Strict(least);
    }
    let mut enough = 0;
    for required in (1..=words).rev() {
        enough += halves.get(required).copied().unwrap_or_default();
        if required <= least && enough >= FEW {
            return Level::Half(required);
        }
    }
    if enough > strict { Level::Half(1) } else { Level::Strict(least) }
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
    fn strictly(&self, doc: DocId) -> usize {
        self.strict.get(doc as usize).copied().unwrap_or_default().into()
    }

    fn partly(&self, doc: DocId) -> usize {
        self.half.get(doc as usize).copied().unwrap_or_default().into()
    }

    /// The documents that have as much as a level asks for.
    pub(super) fn at(&self, level: Level) -> Bits {
        let mut found = self.touched.clone();
        found.and(&self.allowed);
        match level {
            Level::Strict(least) => found.retain(|doc| self.strictly(doc) >= least),
            Level::Half(least) => found.retain(|doc| self.partly(doc) >= least),
        }
        found.or(&self.keyed);
        found
    }
}
