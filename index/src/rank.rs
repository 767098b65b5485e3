//! Sort values as whole numbers that compare like the hits themselves.
//!
//! Within one segment everything is a `u64`: the smaller, the earlier.
//! Strings are represented by their ordinal in the segment's dictionary.
//! Ordinals are spread, so that a string which is missing from the dictionary finds room between its neighbours.

use tantivy::columnar::{Dictionary, TermOrdHit};

use crate::cursor::Value;
use crate::query::Order;

/// The rank of whatever has no value: last, in both directions.
pub(crate) const MISSING: u64 = u64::MAX;

/// The rank of a score or a number; titles have one only within a segment.
pub(crate) fn of_value(value: &Value, order: Order) -> u64 {
    match value {
        Value::Score(score) => of_score(*score, order),
        Value::Number(Some(number)) => directed(tantivy::i64_to_u64(*number), order),
        Value::Number(None) | Value::Title(_) => MISSING,
    }
}

/// The rank of a score.
pub(crate) fn of_score(score: f32, order: Order) -> u64 {
    let bits = score.to_bits();
    let ordered = if bits >> 31 == 0 { bits | 1 << 31 } else { !bits };
    directed(u64::from(ordered), order)
}

/// Turns a value around if the greatest comes first.
pub(crate) fn directed(value: u64, order: Order) -> u64 {
    if order.descending { !value } else { value }
}

/// The spread form of an ordinal that stands in the dictionary.
pub(crate) fn spread(ordinal: u64) -> u64 {
    ordinal.saturating_mul(2).saturating_add(2)
}

/// The spread form of a string that may be missing from the dictionary.
pub(crate) fn spread_str(dictionary: &Dictionary, text: &str) -> std::io::Result<u64> {
    Ok(match dictionary.term_ord_or_next(text)? {
        TermOrdHit::Exact(ordinal) => spread(ordinal),
        TermOrdHit::Next(next) => spread(next.min(dictionary.num_terms() as u64)) - 1,
    })
}
