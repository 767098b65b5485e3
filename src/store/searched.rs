//! What was searched for.

use chrono::{Days, NaiveDate};
use surrealdb::types::Value;

use super::reading::read;
use super::value::{Shape, from_json};
use super::{Error, Store};
use crate::domain::Searched;

const TABLE: &str = "searched";
/// How long sums are kept: a year, to see each season.
const KEPT: Days = Days::new(366);
/// How many texts of days are read at once.
const MOST_ROWS: usize = 20_000;
const PLAIN: Shape = Shape { links: &[], moments: &[] };

impl Store {
    /// Adds to the sums of some days. This is no change of a record, so the journal knows nothing
    /// of it.
    pub(crate) async fn count_searches(&self, searches: &[Searched]) -> Result<(), Error> {
        let newest = searches.iter().map(|searched| searched.day).max().unwrap_or_default();
        let oldest = newest.checked_sub_days(KEPT).unwrap_or_default().to_string();
        let all = serde_json::to_value(searches)
            .map_err(|error| Error::Unreadable { table: TABLE, reason: error.to_string() })?;
        // Keys stand in files that are not written anew when something is erased: they tell nothing.
        self.database
            .query(
                "FOR $it IN $all {
                    UPSERT type::record('searched', crypto::sha256($it.day + ' ' + $it.text)) SET
                        day = $it.day, text = $it.text, hits = $it.hits,
                        asked = (asked ?? 0) + $it.asked, opened = (opened ?? 0) + $it.opened
                    RETURN NONE;
                };
                DELETE searched WHERE day < $oldest RETURN NONE;",
            )
            .bind(("all", from_json(all, &PLAIN)))
            .bind(("oldest", oldest))
            .await?
            .check()?;
        Ok(())
    }

    /// What nothing matched on days since one, the newest days first.
    pub(crate) async fn searches_without_hits(
        &self,
        since: NaiveDate,
    ) -> Result<Vec<Searched>, Error> {
        let query = format!(
            "SELECT * OMIT id FROM searched WHERE day >= $since AND hits = 0 ORDER BY day DESC LIMIT {MOST_ROWS}"
        );
        let since = since.to_string();
        let found: Value =
            self.database.query(query).bind(("since", since)).await?.check()?.take(0)?;
        read(found).map_err(|error| Error::Unreadable { table: TABLE, reason: error.to_string() })
    }
}
