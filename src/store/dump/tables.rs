//! What a dump holds of which table, and what of it says who somebody is.
//!
//! Every table and every field of the database stands here; a test compares this with the
//! migrations. A field that stands nowhere would be left out of a dump without personal data, so
//! that what is forgotten is missing, and never given away.
//!
//! **To add a table**: a line in [`KEPT`], with its fields in `open` or in `personal`. What is
//! nobody's business outside of this hub, such as sessions or messages on their way out, is
//! [`Held::Never`].

use serde_json::{Map, Value as Json};

use super::super::record::Record;
use super::super::value::Shape;
use crate::domain::{
    Account, Adoption, Contact, Delivery, ErasedIdentity, Feedback, FileText, Follower, LinkCheck,
    Message, Municipality, Organisation, PendingSignIn, Profile, Programme, ProjectDocument,
    Question, Reminder, Session, Solution, SolutionVersion, StrategyProcess, TargetGroup,
    Thesaurus, Token, Topic, Transition, Watch, Webhook,
};

/// When the records of a table are in a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Always; without personal data only their open fields.
    Always,
    /// Only together with personal data: without it nothing would be left of them.
    Personal,
    /// Never: they mean nothing on another machine.
    Never,
}

/// What a dump holds of a table.
pub(crate) struct Kept {
    /// Its name.
    pub(crate) table: &'static str,
    /// When its records are in a dump.
    pub(crate) held: Held,
    /// The fields that say nothing of who somebody is, with those inside of them as `outer.inner`.
    open: &'static str,
    /// The fields that do.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "named so that a test can tell them from forgotten ones")
    )]
    personal: &'static str,
    /// What its fields are more than they look like.
    pub(in crate::store) shape: Shape,
    /// Whether the program can read such a record.
    pub(crate) readable: fn(Json) -> Result<(), String>,
    /// How many records are read at once.
    pub(crate) at_once: usize,
}

/// How many records of a usual table are read and written at once.
const AT_ONCE: usize = 200;
/// The same where one record may be a book.
const FEW: usize = 8;

const fn kept<R: Record>(open: &'static str, personal: &'static str) -> Kept {
    Kept {
        table: R::TABLE,
        held: Held::Always,
        open,
        personal,
        shape: R::SHAPE,
        readable: |json| {
            serde_json::from_value::<R>(json).map(drop).map_err(|error| error.to_string())
        },
        at_once: AT_ONCE,
    }
}

/// A table that has no domain type.
const fn plain(table: &'static str, open: &'static str, personal: &'static str) -> Kept {
    Kept {
        table,
        held: Held::Always,
        open,
        personal,
        shape: Shape { links: &[], moments: &[] },
        readable: |_| Ok(()),
        at_once: AT_ONCE,
    }
}

/// What a solution holds; its versions hold the same.
const SOLUTION: &str = "revision slug external_key external_key_of language lifecycle quality title teaser \
    municipalities place period period.starts period.ends status problem approach steps \
    participation participation.level participation.formats participation.people \
    participation.missed partners partners.organisation partners.name partners.role results \
    results.summary results.indicators results.indicators.name results.indicators.value \
    results.indicators.unit results.indicators.date results.indicators.method evidence costs \
    costs.one_off costs.one_off.from costs.one_off.to costs.yearly costs.yearly.from \
    costs.yearly.to costs.year costs.note funding funding.programme funding.level funding.amount \
    funding.rate funding.period funding.url funding.note staff staff.full_time_equivalents \
    staff.roles staff.volunteer_hours legal_basis prerequisites transferability \
    transferability.copyable transferability.local lessons difficulties would_change sustaining \
    digital_tools digital_tools.name digital_tools.url digital_tools.licence topics target_groups \
    keywords instruments effort months_to_effect size_bands contacts documents images images.url \
    images.alt related sources sources.title sources.url licence citation last_checked created_at \
    updated_at published_at version written_by working merged_into confirmed_on review_by review_due";

/// Everything that a dump may hold, in the order in which it stands there.
pub(crate) const KEPT: &[Kept] = &[
    kept::<Account>(
        "revision grants grants.role grants.municipality grants.organisation disabled created_at \
         updated_at",
        "email name password identity",
    ),
    kept::<Adoption>(
        "revision solution municipality suggested_by state status since changes result contact \
         trail trail.status trail.since trail.at created_at updated_at",
        "",
    ),
    kept::<Contact>(
        "revision external_key municipality role office visibility languages willing review_by \
         publication created_at updated_at address_is_personal bounced_at",
        "person email phone consent_at consent_withdrawn_at withdrawal_reason",
    ),
    // What was sent is no record of this hub's, and what is to be sent it alone sends.
    Kept {
        held: Held::Never,
        ..kept::<Delivery>(
            "revision webhook event kind body state tries attempts attempts.at \
             attempts.milliseconds attempts.status attempts.trouble next_attempt created_at \
             ended_at",
            "",
        )
    },
    kept::<ProjectDocument>(
        "revision external_key municipality title description kind url media_type bytes licence \
         language accessible version published_on publication created_at updated_at file \
         file.hash file.bytes file.kind file.name file.pages file.text file.failure \
         file.uploaded_at",
        "",
    ),
    // What one hub sends and does belongs to that hub.
    Kept { held: Held::Personal, ..kept::<ErasedIdentity>("", "") },
    Kept { held: Held::Never, ..plain("erasure", "due_at", "") },
    kept::<Feedback>("revision solution municipality text publication created_at updated_at", ""),
    Kept { at_once: FEW, ..kept::<FileText>("paged pages", "") },
    // How far it has come in a journal means nothing in another one.
    Kept { held: Held::Never, ..kept::<Follower>("cursor", "") },
    Kept { held: Held::Never, ..plain("lease", "owner number expires_at used", "") },
    kept::<LinkCheck>("url status checked_at answer trouble moved_to failing_since", ""),
    Kept {
        held: Held::Never,
        ..kept::<Message>(
            "revision matter contact watch events more state tries next_try claimed_until created_at \
             ended_at",
            "inquiry inquiry.subject inquiry.text inquiry.reply_to inquiry.name inquiry.about \
             inquiry.places",
        )
    },
    kept::<Municipality>(
        "revision slug name kind states ags ars parent members website note participations \
         participations.programme participations.role participations.cluster \
         participations.cluster_inferred participations.source structural_weakness \
         structural_weakness.class structural_weakness.period structural_weakness.confidence \
         structural_weakness.source coordinates coordinates.latitude coordinates.longitude \
         former_keys one_person",
        "",
    ),
    kept::<Organisation>(
        "revision slug name kind description website topics states municipalities entered_by \
         publication",
        "mailbox",
    ),
    kept::<StrategyProcess>(
        "revision municipality programme starts ends steps steps.step steps.state steps.date \
         steps.note steps.source steps.ends steps.participation steps.participation.level \
         steps.participation.formats steps.participation.people steps.participation.missed \
         steps.documents swot swot.strengths swot.weaknesses swot.opportunities swot.threats \
         priorities priorities.topic priorities.title measures measures.key measures.title \
         measures.status measures.owner measures.period measures.starts measures.ends \
         measures.budget measures.topics measures.target_groups measures.solution facilitations \
         facilitations.organisation facilitations.role facilitations.starts facilitations.ends \
         review review.date review.reached review.not_reached review.changed publication \
         created_at updated_at",
        "",
    ),
    kept::<Profile>(
        "revision municipality reference_date population area_km2 population_change_5y \
         population_change_10y share_under_18 share_65_plus share_80_plus share_foreign \
         net_migration_18_25 tax_power unemployment regiostar17 source publication created_at \
         updated_at demographic_type",
        "",
    ),
    kept::<Programme>(
        "position name name.de name.en description description.de description.en starts ends url \
         sources",
        "",
    ),
    kept::<Question>(
        "revision municipality title text topics language contact status routed_to \
         routed_to.municipality routed_to.percentile routed_to.solutions answers answers.key \
         answers.municipality answers.text answers.solutions answers.documents \
         answers.created_at answers.updated_at accepted interested created_at updated_at",
        "",
    ),
    Kept { at_once: 1, ..plain("reference", "text", "") },
    kept::<Reminder>("solution due reminded_on", ""),
    // What somebody typed may be a name.
    Kept { held: Held::Personal, ..plain("searched", "day asked hits opened", "text") },
    Kept { held: Held::Never, ..kept::<Session>("created_at expires_at", "account") },
    Kept { held: Held::Never, ..kept::<PendingSignIn>("expires_at", "return_path") },
    kept::<Solution>(SOLUTION, ""),
    Kept {
        at_once: AT_ONCE / 4,
        ..kept::<SolutionVersion>("revision solution number content superseded_at", "")
    },
    kept::<TargetGroup>("position name name.de name.en", ""),
    kept::<Thesaurus>("revision groups groups.terms groups.weight", ""),
    // Of a token nothing is left without its hash.
    Kept {
        held: Held::Personal,
        ..kept::<Token>(
            "revision role municipality organisation account created_at expires_at revoked_at",
            "hash name",
        )
    },
    kept::<Topic>(
        "position name name.de name.en description description.de description.en zwk_topics sdg",
        "",
    ),
    kept::<Transition>(
        "revision solution version action before after reason checklist checklist.point \
         checklist.met actor at code",
        "",
    ),
    // What somebody watches says what somebody is busy with.
    Kept {
        held: Held::Personal,
        ..kept::<Watch>(
            "revision kinds channel channel.kind channel.asked_at channel.confirmed_at rhythm quiet \
             quiet.starts quiet.ends paused cursor follows due_at recent recent.subject recent.at \
             created_at updated_at",
            "owner name selection selection.filter selection.search selection.like_municipality \
             selection.min_likeness channel.secret channel.address channel.webhook",
        )
    },
    // Whose it is, where it leads and what signs for it: nothing would be left of one.
    Kept {
        held: Held::Personal,
        ..kept::<Webhook>(
            "revision disabled disabled.reason disabled.at delivered failed failing_since \
             last_delivered_at created_at updated_at",
            "owner name url secret retired retired.secret retired.until",
        )
    },
];

/// Tables that are no records: they stand elsewhere in a dump, and restoring makes them anew.
#[cfg(test)]
const ELSEWHERE: &[(&str, &str)] = &[
    ("counter", "n"),
    ("hub", "key"),
    ("journal", "seq kind subject municipalities public actor at title erases"),
    ("migration", "checksum"),
];

/// The description of a table.
pub(crate) fn kept_of(table: &str) -> Option<&'static Kept> {
    KEPT.iter().find(|kept| kept.table == table)
}

impl Kept {
    /// Whether its records are in a dump.
    pub(crate) fn is_in(&self, personal: bool) -> bool {
        match self.held {
            Held::Always => true,
            Held::Personal => personal,
            Held::Never => false,
        }
    }

    /// A record without what says who somebody is. What the database cannot do without gets a
    /// value that follows from the key.
    pub(crate) fn without_personal(&self, record: Json) -> Json {
        let Json::Object(fields) = record else { return record };
        let key = fields.get("id").and_then(Json::as_str).unwrap_or_default().to_lowercase();
        let mut left = self.open_fields(fields, "");
        if self.table == Account::TABLE {
            left.insert("email".to_owned(), format!("{key}@account.invalid").into());
            left.sort_keys();
        }
        Json::Object(left)
    }

    fn open_fields(&self, fields: Map<String, Json>, within: &str) -> Map<String, Json> {
        let fields = fields.into_iter().filter_map(|(name, value)| {
            let path = if within.is_empty() { name.clone() } else { format!("{within}.{name}") };
            if path == "id" {
                return Some((name, value));
            }
            if !self.open.split_whitespace().any(|open| open == path) {
                return None;
            }
            if self.table == SolutionVersion::TABLE && path == "content" {
                // A solution as it was, held as it is.
                let solution = kept_of(Solution::TABLE)?;
                return Some((name, solution.open_value(value, "")));
            }
            Some((name, self.open_value(value, &path)))
        });
        fields.collect()
    }

    fn open_value(&self, value: Json, path: &str) -> Json {
        match value {
            Json::Object(fields) => Json::Object(self.open_fields(fields, path)),
            Json::Array(items) => {
                items.into_iter().map(|item| self.open_value(item, path)).collect()
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::json;

    use super::super::super::migrate::MIGRATIONS;
    use super::*;

    /// The tables of the migrations, with the paths of their fields.
    fn defined() -> BTreeMap<String, BTreeSet<String>> {
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut text: String = super::super::super::migrate::TABLE.to_owned();
        for (_, migration) in MIGRATIONS {
            text.push_str(migration);
        }
        for line in text.lines() {
            let words: Vec<&str> = line
                .split_whitespace()
                .filter(|word| !["IF", "NOT", "EXISTS", "OVERWRITE"].contains(word))
                .collect();
            match words.as_slice() {
                ["DEFINE", "TABLE", table, ..] => {
                    tables.entry(table.trim_end_matches(';').to_owned()).or_default();
                }
                ["DEFINE", "FIELD", path, "ON", "TABLE", table, ..]
                | ["DEFINE", "FIELD", path, "ON", table, ..] => {
                    let path = path.replace(".*", "").replace("[*]", "");
                    tables.entry((*table).to_owned()).or_default().insert(path);
                }
                ["REMOVE", "TABLE", table, ..] => {
                    tables.remove(table.trim_end_matches(';'));
                }
                ["REMOVE", "FIELD", path, "ON", table, ..] => {
                    let fields = tables.entry(table.trim_end_matches(';').to_owned()).or_default();
                    fields.remove(&path.replace(".*", ""));
                }
                _ => {}
            }
        }
        tables
    }

    #[test]
    fn every_table_and_every_field_is_classified() {
        let mut classified: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for kept in KEPT {
            let fields = kept.open.split_whitespace().chain(kept.personal.split_whitespace());
            classified.insert(kept.table.to_owned(), fields.map(str::to_owned).collect());
        }
        for (table, fields) in ELSEWHERE {
            let fields = fields.split_whitespace().map(str::to_owned);
            classified.insert((*table).to_owned(), fields.collect());
        }
        let defined = defined();
        let mut wrong = Vec::new();
        for table in defined.keys().chain(classified.keys()).collect::<BTreeSet<_>>() {
            let (Some(is), Some(said)) = (defined.get(table), classified.get(table)) else {
                let known =
                    if defined.contains_key(table) { "not classified" } else { "not there" };
                wrong.push(format!("table {table} is {known}"));
                continue;
            };
            wrong.extend(is.difference(said).map(|it| format!("{table}.{it} is not classified")));
            wrong.extend(said.difference(is).map(|it| format!("{table}.{it} is not there")));
        }
        assert!(wrong.is_empty(), "say in KEPT what is personal of these: {wrong:#?}");
    }

    #[test]
    fn no_field_is_both_open_and_personal_and_tables_stand_in_their_order() {
        for kept in KEPT {
            let open: BTreeSet<&str> = kept.open.split_whitespace().collect();
            assert!(
                kept.personal.split_whitespace().all(|it| !open.contains(it)),
                "{}",
                kept.table
            );
        }
        assert!(KEPT.is_sorted_by_key(|kept| kept.table), "by name");
    }

    #[test]
    fn what_is_personal_or_unknown_is_left_out_at_every_depth() {
        let contact = kept_of("contact").unwrap();
        let given = json!({"id": "A", "person": "P", "role": "R", "email": "e", "new": 1});
        assert_eq!(contact.without_personal(given), json!({"id": "A", "role": "R"}));
        let version = kept_of("solution_version").unwrap();
        let given = json!({"id": "A", "content": {"title": "T", "partners": [{"name": "N", "x": 1}], "y": 2}});
        let left = json!({"id": "A", "content": {"title": "T", "partners": [{"name": "N"}]}});
        assert_eq!(version.without_personal(given), left);
    }

    #[test]
    fn an_account_keeps_its_key_and_its_roles() {
        let account = kept_of("account").unwrap();
        let given = json!({"id": "AB", "email": "ada@example.org", "grants": [{"role": "admin"}], "password": "x"});
        let left = account.without_personal(given);
        let expected =
            json!({"email": "ab@account.invalid", "grants": [{"role": "admin"}], "id": "AB"});
        assert_eq!(left.to_string(), expected.to_string());
        assert_eq!(account.without_personal(left.clone()), left);
    }
}
