//! A place in an ordered list that outlives the list.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::document::Number;
use crate::query::{Order, OrderBy};
use crate::rank;

/// Longer text is no cursor of ours.
const LONGEST: usize = 4096;

/// Parts of a cursor's text end with this; neither numbers nor title keys contain it.
const SEPARATOR: char = '\u{1f}';

/// The place of one hit in one order: what it was sorted by, and its id.
///
/// It stays valid when documents come and go, also the one it was made from.
/// Scores of a text search move a little with every commit, so there a page may shift by a hit;
/// all other orders continue exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    pub(crate) order: Order,
    pub(crate) value: Value,
    pub(crate) id: String,
}

/// What a hit was sorted by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Score(f32),
    Number(Option<i64>),
    Title(Option<String>),
}

/// Why a cursor is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// The text is none that [`Cursor`] writes.
    #[error("this is not a cursor")]
    Malformed,
    /// The cursor belongs to a list in another order.
    #[error("this cursor was made for another order")]
    OtherOrder,
}

impl Cursor {
    /// Fails unless the cursor was made for this order.
    pub(crate) fn check(&self, order: Order) -> Result<(), CursorError> {
        if self.order == order { Ok(()) } else { Err(CursorError::OtherOrder) }
    }

    /// Which of two places in the same order comes first.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let values = match (&self.value, &other.value) {
            (Value::Title(one), Value::Title(two)) => {
                compare_titles(one, two, self.order.descending)
            }
            (one, two) => rank::of_value(one, self.order).cmp(&rank::of_value(two, self.order)),
        };
        values.then_with(|| self.id.cmp(&other.id))
    }
}

fn compare_titles(one: &Option<String>, two: &Option<String>, descending: bool) -> Ordering {
    match (one, two) {
        (Some(one), Some(two)) if descending => two.cmp(one),
        (Some(one), Some(two)) => one.cmp(two),
        _ => two.is_some().cmp(&one.is_some()),
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.order.descending { '-' } else { '+' };
        let by = match self.order.by {
            OrderBy::Relevance => "relevance",
            OrderBy::Affinity => "affinity",
            OrderBy::Title => "title",
            OrderBy::Number(number) => number.name(),
        };
        let value = match &self.value {
            Value::Score(score) => format!("={:x}", score.to_bits()),
            Value::Number(Some(number)) => format!("={number}"),
            Value::Title(Some(title)) => format!("={title}"),
            Value::Number(None) | Value::Title(None) => String::new(),
        };
        let plain = format!("{direction}{by}{SEPARATOR}{value}{SEPARATOR}{}", self.id);
        formatter.write_str(&URL_SAFE_NO_PAD.encode(plain))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        read(text).ok_or(CursorError::Malformed)
    }
}

fn read(text: &str) -> Option<Cursor> {
    if text.len() > LONGEST {
        return None;
    }
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let mut parts = plain.splitn(3, SEPARATOR);
    let order = read_order(parts.next()?)?;
    let value = read_value(order.by, parts.next()?)?;
    Some(Cursor { order, value, id: parts.next()?.to_owned() })
}

fn read_order(text: &str) -> Option<Order> {
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text.strip_prefix('+')?, false),
    };
    let by = match name {
        "relevance" => OrderBy::Relevance,
        "affinity" => OrderBy::Affinity,
        "title" => OrderBy::Title,
        _ => OrderBy::Number(Number::ALL.iter().copied().find(|number| number.name() == name)?),
    };
    Some(Order { by, descending })
}

fn read_value(by: OrderBy, text: &str) -> Option<Value> {
    let value = match text {
        "" => None,
        _ => Some(text.strip_prefix('=')?),
    };
    Some(match by {
        OrderBy::Relevance | OrderBy::Affinity => {
            Value::Score(f32::from_bits(u32::from_str_radix(value?, 16).ok()?))
        }
        OrderBy::Title => Value::Title(value.map(str::to_owned)),
        OrderBy::Number(_) => Value::Number(value.map(str::parse).transpose().ok()?),
    })
}
