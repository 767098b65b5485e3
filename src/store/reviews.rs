//! Which solutions are to be confirmed, and what links led to.

use chrono::NaiveDate;
use serde::Deserialize;
use surrealdb::types::Value;

use super::record::{content, link};
use super::value::{into_json, object};
use super::{Error, Record, Store};
use crate::domain::{LinkCheck, Solution, SolutionId};

/// A published solution and the day by which somebody is to confirm it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Due {
    /// Which one.
    pub(crate) id: SolutionId,
    /// By when.
    pub(crate) review_due: NaiveDate,
}

/// One range behind the state: the database takes no more into a look at an index of two fields.
const DUE: &str =
    "SELECT id, review_due FROM solution WHERE lifecycle = 'published' AND review_due <= $until";

impl Store {
    /// The published solutions that are to be confirmed by a day or before it, the oldest first. The
    /// index of the database answers, so it costs what it finds.
    pub(crate) async fn due_for_review(&self, until: NaiveDate) -> Result<Vec<Due>, Error> {
        let until = until.to_string();
        let found: Value =
            self.database.query(DUE).bind(("until", until)).await?.check()?.take(0)?;
        let unreadable = |error: serde_json::Error| Error::Unreadable {
            table: Solution::TABLE,
            reason: error.to_string(),
        };
        // Nothing at all lies before every day, too: a date that is missing is no date.
        let dated = |row: &serde_json::Value| {
            row.get("review_due").is_some_and(serde_json::Value::is_string)
        };
        let rows = match into_json(found) {
            serde_json::Value::Array(rows) => rows.into_iter().filter(dated).collect(),
            _ => Vec::new(),
        };
        let due = serde_json::from_value(serde_json::Value::Array(rows));
        let mut due: Vec<Due> = due.map_err(unreadable)?;
        due.sort_by(|left, right| (left.review_due, &left.id).cmp(&(right.review_due, &right.id)));
        Ok(due)
    }

    /// Keeps what links led to. It says nothing of any record, so the journal knows nothing of it;
    /// what changed for a record is written together with its entries, by [`Store::commit_all`].
    pub(crate) async fn keep_link_checks(&self, checks: &[LinkCheck]) -> Result<(), Error> {
        let row = |check: &LinkCheck| {
            let id = Value::RecordId(link::<LinkCheck>(&check.id));
            Ok(Value::Object(object([("id", id), ("content", content(check)?)])))
        };
        let rows: Vec<Value> = checks.iter().map(row).collect::<Result<_, Error>>()?;
        let query = "FOR $row IN $rows {
            LET $id = $row.id;
            LET $content = $row.content;
            UPSERT ONLY $id CONTENT $content RETURN NONE;
        };";
        let rows = Value::Array(rows.into());
        self.database.query(query).bind(("rows", rows)).await?.check()?;
        Ok(())
    }
}

#[cfg(test)]
impl Store {
    /// How the database goes about [`Store::due_for_review`].
    pub(crate) async fn plan_of_due(&self) -> Result<String, Error> {
        let query = format!("{DUE} EXPLAIN FULL");
        let until = "2027-01-01".to_owned();
        let plan: Value =
            self.database.query(query).bind(("until", until)).await?.check()?.take(0)?;
        Ok(into_json(plan).to_string())
    }
}
