//! Looking records up by what is unique beside their key.

use std::collections::HashSet;

use surrealdb::types::{RecordId, Value};

use super::reading::read;
use super::record::{Record, link, read_all};
use super::tables::table_of;
use super::value::record;
use super::{Error, Store};
use crate::domain::{
    Account, AccountId, Municipality, MunicipalityId, NodeId, NodeKind, Organisation, Profile,
    Solution, SolutionId, SolutionVersion, StrategyProcess, Token, TokenHash, Transition,
    VersionId,
};

impl Store {
    pub(crate) async fn solution_by_slug(&self, slug: &str) -> Result<Option<Solution>, Error> {
        self.find("slug", slug).await
    }

    /// The solutions, contacts or documents that have this key in another system: it is unique within
    /// a municipality only.
    pub(crate) async fn of_external_key<R: Record>(&self, key: &str) -> Result<Vec<R>, Error> {
        self.find_all("external_key", key).await
    }

    pub(crate) async fn municipality_by_slug(
        &self,
        slug: &str,
    ) -> Result<Option<Municipality>, Error> {
        self.find("slug", slug).await
    }

    pub(crate) async fn organisation_by_slug(
        &self,
        slug: &str,
    ) -> Result<Option<Organisation>, Error> {
        self.find("slug", slug).await
    }

    pub(crate) async fn token_by_hash(&self, hash: &TokenHash) -> Result<Option<Token>, Error> {
        self.find("hash", hash.as_str()).await
    }

    /// The profiles of a municipality, oldest first.
    pub(crate) async fn profiles_of(
        &self,
        municipality: &MunicipalityId,
    ) -> Result<Vec<Profile>, Error> {
        let query = "SELECT * FROM profile WHERE municipality = $of ORDER BY reference_date";
        self.of::<Profile>(query, municipality).await
    }

    /// The strategy processes of a municipality.
    pub(crate) async fn processes_of(
        &self,
        municipality: &MunicipalityId,
    ) -> Result<Vec<StrategyProcess>, Error> {
        self.of::<StrategyProcess>(
            "SELECT * FROM process WHERE municipality = $of ORDER BY id",
            municipality,
        )
        .await
    }

    /// The versions of a solution that lie beside it, oldest first.
    pub(crate) async fn versions_of(
        &self,
        solution: &SolutionId,
    ) -> Result<Vec<SolutionVersion>, Error> {
        let (first, last) =
            (VersionId::of(solution, 0).key(), VersionId::of(solution, 99_999).key());
        let query = format!("SELECT * FROM solution_version:`{first}`..=`{last}`");
        read_all(self.database.query(query).await?.check()?.take(0)?)
    }

    /// The steps that a solution took, the newest first.
    pub(crate) async fn transitions_of(
        &self,
        solution: &SolutionId,
    ) -> Result<Vec<Transition>, Error> {
        let of = Value::RecordId(link::<Solution>(solution));
        let query = "SELECT * FROM transition WHERE solution = $of ORDER BY id DESC";
        read_all(self.database.query(query).bind(("of", of)).await?.check()?.take(0)?)
    }

    pub(crate) async fn account_by_email(&self, email: &str) -> Result<Option<Account>, Error> {
        self.find("email", email).await
    }

    /// The access tokens of an account, or all of them.
    pub(crate) async fn tokens_of(&self, account: Option<&AccountId>) -> Result<Vec<Token>, Error> {
        let Some(account) = account else { return self.all::<Token>().await };
        let of = Value::RecordId(link::<Account>(account));
        let query = "SELECT * FROM token WHERE account = $of ORDER BY id";
        read_all(self.database.query(query).bind(("of", of)).await?.check()?.take(0)?)
    }

    /// The ids of all records that lead to one of these and show something of it, whatever their
    /// state.
    pub(crate) async fn dependants(&self, of: &HashSet<NodeId>) -> Result<Vec<NodeId>, Error> {
        let mut found = Vec::new();
        for (cause, kind, condition) in DEPENDANTS {
            let of = of.iter().filter(|id| id.kind() == *cause);
            let of: Vec<RecordId> =
                of.filter_map(|id| Some(record(table_of(*cause)?, id.key()))).collect();
            if let Some(table) = table_of(*kind).filter(|_| !of.is_empty()) {
                let query = format!("SELECT VALUE id FROM {table} WHERE {condition}");
                let keys: Value =
                    self.database.query(query).bind(("of", of)).await?.check()?.take(0)?;
                found.extend(nodes(*kind, table, keys)?);
            }
        }
        Ok(found)
    }

    async fn of<R: super::record::Record>(
        &self,
        query: &str,
        municipality: &MunicipalityId,
    ) -> Result<Vec<R>, Error> {
        let of = Value::RecordId(link::<Municipality>(municipality));
        let found: Value = self.database.query(query).bind(("of", of)).await?.check()?.take(0)?;
        read_all(found)
    }
}

/// What leads where: the kind that is led to, the kind that leads there, and how.
const DEPENDANTS: &[(NodeKind, NodeKind, &str)] = &[
    (NodeKind::Municipality, NodeKind::Solution, "municipalities CONTAINSANY $of"),
    (NodeKind::Municipality, NodeKind::Contact, "municipality IN $of"),
    (NodeKind::Municipality, NodeKind::ProjectDocument, "municipality IN $of"),
    (NodeKind::Municipality, NodeKind::Profile, "municipality IN $of"),
    (NodeKind::Municipality, NodeKind::StrategyProcess, "municipality IN $of"),
    (NodeKind::Topic, NodeKind::Solution, "topics CONTAINSANY $of"),
    (NodeKind::TargetGroup, NodeKind::Solution, "target_groups CONTAINSANY $of"),
    (NodeKind::Programme, NodeKind::StrategyProcess, "programme IN $of"),
    (NodeKind::Municipality, NodeKind::Question, "municipality IN $of"),
    (NodeKind::Topic, NodeKind::Question, "topics CONTAINSANY $of"),
    (NodeKind::Municipality, NodeKind::Organisation, "municipalities CONTAINSANY $of"),
    (NodeKind::Topic, NodeKind::Organisation, "topics CONTAINSANY $of"),
    (NodeKind::Municipality, NodeKind::Adoption, "municipality IN $of"),
    (NodeKind::Municipality, NodeKind::Feedback, "municipality IN $of"),
];

/// Makes global ids of the keys of a table.
fn nodes(kind: NodeKind, table: &'static str, keys: Value) -> Result<Vec<NodeId>, Error> {
    let unreadable = |reason: String| Error::Unreadable { table, reason };
    let keys: Vec<String> = read(keys).map_err(|error| unreadable(error.to_string()))?;
    let node = |key: String| format!("{}:{key}", kind.name()).parse::<NodeId>();
    keys.into_iter().map(|key| node(key).map_err(|error| unreadable(error.to_string()))).collect()
}
