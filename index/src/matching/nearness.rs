//! Words that were typed next to each other and stand near each other.

use tantivy::DocId;

use super::audience::Audience;
use super::bits::Bits;
use super::evaluate::Evaluated;
use super::phrase::Places;
use super::plan::Plan;
use crate::tokens;

/// Only the best documents are looked at so closely: to read where words stand takes time.
const BEST: usize = 50;
/// What can be added to a score, as a share of it.
const MOST: f32 = 0.2;
/// Words that are further from each other are not near; neither are those of two texts.
const FARTHEST: u32 = tokens::APART as u32;

/// Raises the scores of the best documents that were found by how near neighbouring words stand to
/// each other.
pub(super) fn raise(
    audience: &Audience<'_>,
    plan: &Plan,
    found: &[Bits],
    evaluated: &mut [Evaluated],
) -> tantivy::Result<()> {
    let with_places: Vec<_> =
        plan.units.iter().map(|unit| &unit.forms).filter(|forms| !forms.is_empty()).collect();
    if with_places.len() < 2 || plan.enough.is_some() {
        return Ok(());
    }
    let best = best(audience, found, evaluated);
    let segments = audience.searcher.segment_readers().iter().zip(evaluated);
    for (number, (segment, evaluated)) in segments.enumerate() {
        let mut here = best.iter().filter(|(of, _)| *of == number).peekable();
        if here.peek().is_none() {
            continue;
        }
        let words = with_places.iter().map(|forms| Places::open(forms, number, segment));
        let mut words = words.collect::<tantivy::Result<Vec<_>>>()?;
        for (_, doc) in here {
            if let Some(score) = evaluated.scores.get_mut(*doc as usize) {
                *score *= 1.0 + MOST * nearness(&mut words, *doc);
            }
        }
    }
    Ok(())
}

/// The best documents that those who ask may know of: their segments and numbers, in ascending
/// order.
fn best(audience: &Audience<'_>, found: &[Bits], evaluated: &[Evaluated]) -> Vec<(usize, DocId)> {
    let mut best: Vec<(f32, usize, DocId)> = Vec::new();
    let mut least = f32::NEG_INFINITY;
    let segments = found.iter().zip(evaluated).zip(audience.segments());
    for (number, ((found, evaluated), known)) in segments.enumerate() {
        found.common(known).for_each(|doc| {
            let score = evaluated.scores.get(doc as usize).copied().unwrap_or_default();
            if score > least {
                best.push((score, number, doc));
                if best.len() >= 4 * BEST {
                    least = cut(&mut best);
                }
            }
        });
    }
    cut(&mut best);
    let mut best: Vec<_> = best.into_iter().map(|(_, number, doc)| (number, doc)).collect();
    best.sort_unstable();
    best
}

/// Keeps the best; the score that others must exceed.
fn cut(best: &mut Vec<(f32, usize, DocId)>) -> f32 {
    best.sort_unstable_by(|one, two| {
        two.0.total_cmp(&one.0).then_with(|| (one.1, one.2).cmp(&(two.1, two.2)))
    });
    best.truncate(BEST);
    best.last().map_or(f32::NEG_INFINITY, |last| last.0)
}

/// How near each word of a document is to the next one that was typed: 1 if all follow each other,
/// 0 if none is near.
fn nearness(words: &mut [Places], doc: DocId) -> f32 {
    let pairs = words.len().saturating_sub(1) as f32;
    let mut words = words.iter_mut();
    let mut before = words.next().map(|word| word.of(doc).to_vec()).unwrap_or_default();
    let mut sum = 0.0;
    for word in words {
        let places = word.of(doc);
        // A word that was typed twice is not near itself.
        if let Some(distance) = distance(&before, places).filter(|it| (1..=FARTHEST).contains(it)) {
            sum += 1.0 / distance as f32;
        }
        before.clear();
        before.extend_from_slice(places);
    }
    sum / pairs
}

/// The least distance between two of ascending places.
fn distance(ones: &[u32], others: &[u32]) -> Option<u32> {
    let (mut ones, mut others) = (ones.iter().peekable(), others.iter().peekable());
    let mut least = None;
    while let (Some(one), Some(other)) = (ones.peek(), others.peek()) {
        let distance = one.abs_diff(**other);
        least = Some(least.map_or(distance, |least: u32| least.min(distance)));
        if one < other {
            ones.next()
        } else {
            others.next()
        };
    }
    least
}
