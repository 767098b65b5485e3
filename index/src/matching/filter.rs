//! Filters as conditions on documents.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::RangeQuery;

use super::condition::Condition;
use crate::document::{Facet, Number};
use crate::error::Error;
use crate::query::{Filter, Query};
use crate::schema;

/// Deeper filters are refused.
const DEEPEST: usize = 32;

/// The condition of a query, without what it asks of the lifted facet.
pub(super) fn condition(query: &Query, lifted: Option<Facet>) -> Result<Condition, Error> {
    let mut conditions =
        vec![filter(&query.filter, lifted, DEEPEST)?, filter(&query.audience, None, DEEPEST)?];
    if !query.kinds.is_empty() && lifted != Some(Facet::Kind) {
        conditions.push(any_of(Facet::Kind, &query.kinds));
    }
    Ok(Condition::And(conditions))
}

/// The condition on what those who ask may know of, as far as they ask for such things at all.
pub(super) fn audience(query: &Query) -> Result<Condition, Error> {
    let mut conditions = vec![filter(&query.audience, None, DEEPEST)?];
    if !query.kinds.is_empty() {
        conditions.push(any_of(Facet::Kind, &query.kinds));
    }
    Ok(Condition::And(conditions))
}

/// Whether the query itself narrows a facet down, so that its counts must be taken without that.
pub(crate) fn narrows(query: &Query, facet: Facet) -> bool {
    (facet == Facet::Kind && !query.kinds.is_empty())
        || filter_narrows(&query.filter, facet, DEEPEST)
}

fn filter_narrows(filter: &Filter, facet: Facet, levels: usize) -> bool {
    match filter {
        Filter::AnyOf(of, _) => *of == facet,
        Filter::And(parts) if levels > 0 => {
            parts.iter().any(|part| filter_narrows(part, facet, levels - 1))
        }
        _ => false,
    }
}

fn filter(wanted: &Filter, lifted: Option<Facet>, levels: usize) -> Result<Condition, Error> {
    let Some(below) = levels.checked_sub(1) else {
        return Err(Error::FilterTooDeep { limit: DEEPEST });
    };
    let inner = |parts: &[Filter], lifted| {
        parts.iter().map(|part| filter(part, lifted, below)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match wanted {
        Filter::All => Condition::All,
        Filter::None => Condition::None,
        Filter::AnyOf(facet, _) if lifted == Some(*facet) => Condition::All,
        Filter::AnyOf(facet, values) => any_of(*facet, values),
        Filter::AllOf(facet, values) => Condition::And(
            values.iter().map(|value| any_of(*facet, std::slice::from_ref(value))).collect(),
        ),
        Filter::Range(number, from, to) => range(*number, *from, *to),
        Filter::Id(ids) => Condition::AnyOf(schema::ID, ids.clone()),
        Filter::And(parts) => Condition::And(inner(parts, lifted)?),
        Filter::Or(parts) => Condition::Or(inner(parts, None)?),
        Filter::Not(part) => Condition::Not(Box::new(filter(part, None, below)?)),
    })
}

fn range(number: Number, from: Option<i64>, to: Option<i64>) -> Condition {
    let field = schema::number(number);
    let from = Bound::Included(Term::from_field_i64(field, from.unwrap_or(i64::MIN)));
    let to = to.map_or(Bound::Unbounded, |to| Bound::Included(Term::from_field_i64(field, to)));
    Condition::Found(Arc::new(RangeQuery::new(from, to)))
}

fn any_of(facet: Facet, values: &[String]) -> Condition {
    Condition::AnyOf(schema::facet(facet), values.to_vec())
}
