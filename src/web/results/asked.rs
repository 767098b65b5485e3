//! What somebody asks of the list of solutions, as it stands in the address.

use serde_json::{Map, Value, json};

use super::filter::Filter;
use crate::web::address::Address;
use crate::web::site::Site;

/// How many solutions a page shows.
const AT_ONCE: usize = 20;
/// The longest text that is searched for, in characters: the API takes no more.
const LONGEST: usize = 1_000;

/// An order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// What matches best, or what is new if nothing is searched for.
    Relevance,
    /// What came out last.
    Newest,
    /// By title.
    Title,
}

impl Order {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Relevance, "relevance", "RELEVANCE"),
        (Self::Newest, "newest", "NEWEST"),
        (Self::Title, "title", "TITLE"),
    ];
}

/// What somebody asks of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What is searched for.
    pub(crate) search: String,
    /// Filters with their values.
    chosen: Vec<(&'static str, String)>,
    order: Option<Order>,
    after: Option<String>,
}

impl Asked {
    /// What an address asks. What nobody can mean is passed over.
    pub(crate) fn of(pairs: &[(String, String)]) -> Self {
        let mut asked =
            Self { search: String::new(), chosen: Vec::new(), order: None, after: None };
        for (name, value) in pairs {
            match name.as_str() {
                "q" => asked.search = value.trim().chars().take(LONGEST).collect(),
                "sort" => {
                    let order = Order::ALL.iter().find(|(_, name, _)| name == value);
                    asked.order = order.map(|(order, ..)| *order);
                }
                "after" => asked.after = Some(value.clone()),
                _ => {
                    let filter = Filter::named(name).filter(|filter| filter.holds(value));
                    if let Some(filter) = filter
                        && !asked.has(filter, value)
                    {
                        asked.chosen.push((filter.name, value.clone()));
                    }
                }
            }
        }
        asked
    }

    /// Whether a value of a filter is chosen.
    pub(crate) fn has(&self, filter: &Filter, value: &str) -> bool {
        self.chosen.iter().any(|(name, held)| *name == filter.name && held == value)
    }

    /// The chosen filters with their values.
    pub(super) fn chosen(&self) -> impl Iterator<Item = (&'static Filter, &str)> {
        let filter = |(name, value)| Some((Filter::named(name)?, value));
        self.chosen.iter().map(|(name, value)| (*name, value.as_str())).filter_map(filter)
    }

    /// Whether this is not the first page.
    pub(crate) const fn is_later(&self) -> bool {
        self.after.is_some()
    }

    /// The order, as it is chosen.
    pub(crate) fn is_sorted_by(&self, name: &str) -> bool {
        let chosen = self.order.unwrap_or(Order::Relevance);
        Order::ALL.iter().any(|(order, other, _)| *order == chosen && other == &name)
    }

    /// Where its first page is.
    pub(crate) fn address(&self, site: &Site) -> Address {
        self.at("/solutions", site)
    }

    /// Where one saves it, to be told of what it finds.
    pub(crate) fn watch(&self, site: &Site) -> Address {
        self.at("/watch", site).without("sort")
    }

    fn at(&self, path: &str, site: &Site) -> Address {
        let mut address = Address::at(path);
        if !self.search.is_empty() {
            address = address.with("q", &self.search);
        }
        for (name, value) in &self.chosen {
            address = address.with(name, value);
        }
        if let Some((_, name, _)) = Order::ALL.iter().find(|(order, ..)| Some(*order) == self.order)
        {
            address = address.with("sort", *name);
        }
        site.carried(address)
    }

    /// The filter as the API takes it.
    pub(crate) fn filter(&self) -> Value {
        let mut filter = Map::new();
        for (chosen, value) in self.chosen() {
            let values = filter.entry(chosen.input).or_insert_with(|| json!([]));
            if let Value::Array(values) = values {
                values.push(chosen.in_api(value).into());
            }
        }
        filter.into()
    }

    /// The variables of the operation.
    pub(crate) fn variables(&self, site: &Site) -> Value {
        let order = match self.order {
            Some(Order::Relevance) | None => None,
            some => Order::ALL.iter().find(|(order, ..)| Some(*order) == some).map(|it| it.2),
        };
        json!({
            "search": Some(&self.search).filter(|search| !search.is_empty()),
            "filter": self.filter(),
            "likeMunicipality": site.mine.as_ref().map(|mine| mine.id.to_string()),
            "orderBy": order,
            "first": AT_ONCE,
            "after": self.after,
        })
    }
}
