mod erasure;
mod sessions;

use chrono::DateTime;
use ulid::Ulid;

use super::migrate::{MIGRATIONS, migrate};
use super::*;
use crate::domain::{
    Actor, DocumentFile, Event, EventKind, FileHash, FileKind, FileText, Label, Language,
    MunicipalityId, Organisation, OrganisationKind, ProjectDocument, Solution, StrategyProcess,
    Subject, TextFailure, TextState, TopicId,
};

async fn store() -> Store {
    Store::open(&Location::Memory).await.unwrap()
}

fn organisation(n: u128, slug: &str) -> Organisation {
    Organisation {
        name: OrganisationKind::Firm.label(Language::German).to_owned(),
        kind: OrganisationKind::Firm,
        ..Organisation::empty(Ulid::from_parts(1, n).into(), slug.to_owned())
    }
}

fn event(of: &Organisation) -> Event {
    Event {
        seq: 0,
        kind: EventKind::OrganisationCreated,
        subject: Subject(of.id.clone().into()),
        municipalities: Vec::new(),
        public: true,
        actor: Actor::Operator,
        at: DateTime::from_timestamp_millis(1_700_000_000_123).unwrap(),
        title: Some(of.name.clone()),
        erases: false,
    }
}

async fn create(store: &Store, organisation: &Organisation) -> Result<Event, Error> {
    let change = Change::default().create(organisation)?;
    store.commit(change, event(organisation)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_writers_leave_a_journal_without_gaps_in_the_order_of_their_commits() {
    let store = store().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            for n in 0..15 {
                let number = writer * 100 + n;
                let organisation = organisation(number, &format!("o-{number}"));
                create(&store, &organisation).await.unwrap();
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let journal = store.journal(0, 1_000).await.unwrap();
    let numbers: Vec<u64> = journal.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=120).collect::<Vec<u64>>());
    for event in journal {
        let crate::domain::NodeId::Organisation(id) = &event.subject.0 else { panic!("{event:?}") };
        assert!(
            store.get::<Organisation>(id).await.unwrap().is_some(),
            "an entry without its change"
        );
    }
    assert_eq!(store.count::<Organisation>().await.unwrap(), 120);
}

#[tokio::test]
async fn an_entry_reads_back_as_it_was_written() {
    let store = store().await;
    let organisation = organisation(1, "eine");
    let written = create(&store, &organisation).await.unwrap();
    assert_eq!(store.journal(0, 10).await.unwrap(), [written]);
    assert_eq!(store.journal(1, 10).await.unwrap(), []);
    assert_eq!(store.refresh_head().await.unwrap(), 1);
}

#[tokio::test]
async fn a_change_that_fails_leaves_neither_record_nor_entry() {
    let store = store().await;
    create(&store, &organisation(1, "eine")).await.unwrap();
    let taken = create(&store, &organisation(2, "eine")).await.unwrap_err();
    assert!(matches!(&taken, Error::Taken { field } if field == "slug"), "{taken:?}");
    assert_eq!(store.count::<Organisation>().await.unwrap(), 1);
    assert_eq!(store.refresh_head().await.unwrap(), 1);
}

#[tokio::test]
async fn a_record_that_changed_since_it_was_read_is_not_overwritten() {
    let store = store().await;
    let mut organisation = organisation(1, "eine");
    create(&store, &organisation).await.unwrap();
    organisation.revision = 2;
    let replace = || Change::default().replace(&organisation).unwrap();
    store.commit(replace(), event(&organisation)).await.unwrap();
    let stale = store.commit(replace(), event(&organisation)).await.unwrap_err();
    assert!(matches!(stale, Error::Stale), "{stale:?}");
    assert_eq!(store.refresh_head().await.unwrap(), 2);
}

#[tokio::test]
async fn a_record_keeps_every_field_with_its_links_and_moments() {
    let store = store().await;
    let now = DateTime::from_timestamp_millis(1_700_000_000_123).unwrap();
    let mut solution = Solution::draft(Ulid::from_parts(1, 1).into(), "Dorfarzt", now);
    solution.title = "Dorfarzt – „gefunden“".to_owned();
    solution.municipalities = vec![MunicipalityId::from(Ulid::from_parts(1, 2))];
    solution.topics = vec![TopicId::from_key("health_care").unwrap()];
    solution.published_at = Some(now);
    solution.results = Some(crate::domain::Results {
        summary: Some("gut".to_owned()),
        indicators: vec![crate::domain::Indicator {
            name: "Praxen".to_owned(),
            value: 1.0,
            ..Default::default()
        }],
    });
    solution.costs = Some(crate::domain::Costs {
        one_off: Some(crate::domain::MoneyRange { from: 1_000, to: 2_000 }),
        ..Default::default()
    });
    let note = event(&organisation(1, "eine"));
    store.commit(Change::default().create(&solution).unwrap(), note).await.unwrap();
    assert_eq!(store.get::<Solution>(&solution.id).await.unwrap(), Some(solution.clone()));
    assert_eq!(store.solution_by_slug("dorfarzt-00000001").await.unwrap(), Some(solution));
}

#[tokio::test]
async fn the_cache_gives_back_what_was_written_last() {
    let store = store().await;
    let mut organisation = organisation(1, "eine");
    let ids = [organisation.id.clone()];
    let cached = async || store.get_cached::<Organisation>(&ids).await.unwrap().remove(&ids[0]);
    assert!(cached().await.is_none());
    create(&store, &organisation).await.unwrap();
    let first = cached().await.unwrap();
    assert!(
        std::sync::Arc::ptr_eq(&first, &cached().await.unwrap()),
        "the second read comes from memory"
    );
    organisation.revision = 2;
    organisation.name = "Anders".to_owned();
    let change = Change::default().replace(&organisation).unwrap();
    store.commit(change, event(&organisation)).await.unwrap();
    assert_eq!(cached().await.unwrap().name, "Anders");
    store.forget(&organisation.id.clone().into());
    assert!(!std::sync::Arc::ptr_eq(&cached().await.unwrap(), &first));
}

#[tokio::test]
async fn whole_tables_are_read_in_pages() {
    let store = store().await;
    for n in 1..=7 {
        create(&store, &organisation(n, &format!("o-{n}"))).await.unwrap();
    }
    let first = store.page::<Organisation>(None, 3).await.unwrap();
    let rest = store.page::<Organisation>(first.last().map(|last| &last.id), 10).await.unwrap();
    let slugs = |page: &[Organisation]| page.iter().map(|it| it.slug.clone()).collect::<Vec<_>>();
    assert_eq!(slugs(&first), ["o-1", "o-2", "o-3"]);
    assert_eq!(slugs(&rest), ["o-4", "o-5", "o-6", "o-7"]);
}

#[tokio::test]
async fn a_changed_missing_or_unknown_migration_stops_the_start_and_is_named() {
    let database = surrealdb::engine::any::connect("mem://").await.unwrap();
    database.use_ns("test").use_db("test").await.unwrap();
    let one = ("0001_one", "DEFINE TABLE one SCHEMAFULL;");
    let two = ("0002_two", "DEFINE TABLE two SCHEMAFULL;");
    let fails = async |migrations: &[(&'static str, &'static str)]| {
        migrate(&database, migrations).await.unwrap_err().to_string()
    };
    migrate(&database, &[one]).await.unwrap();
    migrate(&database, &[one, two]).await.unwrap();
    migrate(&database, &[one, two]).await.unwrap();
    assert!(
        fails(&[("0001_one", "DEFINE TABLE other;"), two])
            .await
            .contains("0001_one has another text")
    );
    assert!(fails(&[one]).await.contains("0002_two was applied but is unknown"));
    let between = ("0001_zwischen", "DEFINE TABLE between SCHEMAFULL;");
    assert!(fails(&[one, between, two]).await.contains("0001_zwischen is missing"));
    let broken = ("0003_broken", "DEFINE TABLE three SCHEMAFULL; THROW 'no';");
    assert!(migrate(&database, &[one, two, broken]).await.is_err());
    migrate(&database, &[one, two]).await.unwrap();
}

#[tokio::test]
async fn nodes_that_start_together_migrate_together() {
    let database = surrealdb::engine::any::connect("mem://").await.unwrap();
    database.use_ns("test").use_db("test").await.unwrap();
    let nodes = (0..4).map(|_| migrate(&database, MIGRATIONS));
    for started in futures_util::future::join_all(nodes).await {
        started.unwrap();
    }
}

#[tokio::test]
async fn migrations_are_numbered_in_order_and_apply_twice_without_a_change() {
    assert!(MIGRATIONS.is_sorted_by(|left, right| left.0 < right.0));
    let store = store().await;
    migrate(&store.database, MIGRATIONS).await.unwrap();
}

#[tokio::test]
async fn organisations_and_processes_of_before_are_shown_and_their_measures_get_keys() {
    let store = store().await;
    let (name, key) = ("kept", Ulid::from_parts(1_700_000_000_123, 7));
    store.database.use_ns("before").use_db(name).await.unwrap();
    let before = MIGRATIONS.iter().position(|it| it.0 == "0032_organisations").unwrap();
    migrate(&store.database, &MIGRATIONS[..before]).await.unwrap();
    let records = format!(
        "CREATE organisation:`{key}` SET revision = 1, slug = 'verein', name = 'Verein', kind = 'ngo';
         CREATE process:`{key}` SET revision = 1, municipality = municipality:`{key}`, priorities = [],
            steps = [{{ step: 'plan', state: 'done' }}],
            measures = [{{ title: 'Bus', status: 'done', topics: [] }}, {{ title: 'Laden', status: 'planned', topics: [] }}];"
    );
    store.database.query(records).await.unwrap().check().unwrap();
    migrate(&store.database, MIGRATIONS).await.unwrap();
    let organisation = store.get::<Organisation>(&key.into()).await.unwrap().unwrap();
    assert!(organisation.is_public() && organisation.topics.is_empty());
    let process = store.get::<StrategyProcess>(&key.into()).await.unwrap().unwrap();
    assert!(process.publication.is_public() && process.check().is_ok());
    assert_eq!(process.created_at.timestamp_millis(), 1_700_000_000_123);
    assert_eq!(process.measures.len(), 2);
    assert_ne!(process.measures[0].key, process.measures[1].key);
    assert!(process.steps[0].documents.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_before_there_were_files_keep_their_links() {
    let database = surrealdb::engine::any::connect("mem://").await.unwrap();
    database.use_ns("allmende").use_db("allmende").await.unwrap();
    let before: Vec<_> = MIGRATIONS.iter().copied().filter(|it| it.0 < "0020").collect();
    migrate(&database, &before).await.unwrap();
    let key = Ulid::from_parts(1, 7);
    let made = format!(
        "CREATE document:`{key}` SET revision = 1, municipality = municipality:`{key}`, title = 'Alt',
            kind = 'concept', url = 'https://example.org', licence = 'frei', publication = 'published',
            created_at = d'2026-01-01T00:00:00Z', updated_at = d'2026-01-01T00:00:00Z'"
    );
    database.query(made).await.unwrap().check().unwrap();
    migrate(&database, MIGRATIONS).await.unwrap();
    let store = Store::around(database);
    let old: ProjectDocument = store.get(&key.into()).await.unwrap().unwrap();
    assert_eq!((old.url.as_deref(), &old.file), (Some("https://example.org"), &None));
    let hash = FileHash::new([7; 32]);
    assert!(!store.is_needed(&hash).await.unwrap());
    let file = DocumentFile {
        hash: hash.clone(),
        bytes: 1,
        kind: FileKind::Pdf,
        name: "a.pdf".to_owned(),
        pages: Some(3),
        text: TextState::Failed,
        failure: Some(TextFailure::Broken),
        uploaded_at: DateTime::from_timestamp_millis(1_700_000_000_123).unwrap(),
    };
    let new = ProjectDocument { revision: 2, url: None, file: Some(file), ..old };
    let subject = event(&organisation(1, "a"));
    store.commit(Change::default().replace(&new).unwrap(), subject).await.unwrap();
    assert_eq!(store.get(&key.into()).await.unwrap(), Some(new));
    assert!(store.is_needed(&hash).await.unwrap());
    let text = FileText { id: hash.clone(), paged: true, pages: vec!["eins".to_owned()] };
    store.keep_text(&text).await.unwrap();
    assert_eq!(store.get::<FileText>(&hash).await.unwrap(), Some(text));
    store.forget_text(&hash).await.unwrap();
    store.forget_text(&hash).await.unwrap();
    assert_eq!(store.get::<FileText>(&hash).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn solutions_of_before_are_due_in_a_year_and_their_keys_are_their_municipality_s_own() {
    let store = store().await;
    store.database.use_ns("before").use_db("solutions").await.unwrap();
    let before: Vec<_> = MIGRATIONS.iter().copied().filter(|it| it.0 < "0044").collect();
    migrate(&store.database, &before).await.unwrap();
    let [shown, hidden] = [7, 8].map(|n| Ulid::from_parts(1_700_000_000_123, n));
    let place = Ulid::from_parts(1, 1);
    let solution = |key: Ulid, slug: &str, lifecycle: &str, published: &str| {
        format!(
            "CREATE solution:`{key}` SET revision = 1, slug = '{slug}', external_key = '{slug}',
                language = 'de', lifecycle = '{lifecycle}', quality = 'self_declared', title = 'Bus',
                teaser = '', municipalities = [municipality:`{place}`], problem = '', approach = '',
                partners = [], funding = [], digital_tools = [], topics = [], target_groups = [],
                keywords = [], instruments = [], size_bands = [], contacts = [], documents = [],
                images = [], related = [], sources = [], published_at = {published},
                created_at = d'2024-02-29T10:00:00Z', updated_at = d'2024-02-29T10:00:00Z';"
        )
    };
    let records = solution(shown, "bus", "published", "d'2024-02-29T10:00:00Z'")
        + &solution(hidden, "bus-2", "draft", "NONE");
    store.database.query(records).await.unwrap().check().unwrap();
    migrate(&store.database, MIGRATIONS).await.unwrap();
    let shown = store.get::<Solution>(&shown.into()).await.unwrap().unwrap();
    let hidden = store.get::<Solution>(&hidden.into()).await.unwrap().unwrap();
    let day = |text: &str| text.parse().ok();
    assert_eq!((shown.confirmed_on, shown.review_due), (day("2024-02-29"), day("2025-02-28")));
    assert_eq!((hidden.confirmed_on, hidden.review_due), (None, None));
    // What readers know keeps its name; what they do not know gets one that gives nothing away.
    assert_eq!((shown.slug.as_str(), hidden.slug.as_str()), ("bus", "bus-2-00000008"));
    assert_eq!(shown.external_key_of, Some(place.into()));
    let again = |place: u128| {
        let mut again = shown.clone();
        again.id = Ulid::from_parts(2, place).into();
        again.slug = format!("bus-{place}");
        again.external_key_of = Some(Ulid::from_parts(1, place).into());
        let note = event(&organisation(1, "bus"));
        store.commit(Change::default().create(&again).unwrap(), note)
    };
    let taken = again(1).await;
    assert!(matches!(&taken, Err(Error::Taken { field }) if field == "external_key"), "{taken:?}");
    assert!(again(2).await.is_ok());
    assert_eq!(store.of_external_key::<Solution>("bus").await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_restores_into_a_hub_that_is_used_leaves_its_schema_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let location = Location::Directory(directory.path().to_owned());
    let open = async || loop {
        match super::connect::connect(&location).await {
            Err(Error::Locked(_)) => tokio::task::yield_now().await,
            other => return other.unwrap(),
        }
    };
    let database = open().await;
    let older = &MIGRATIONS[..MIGRATIONS.len() - 1];
    migrate(&database, older).await.unwrap();
    database.query("UPSERT counter:journal SET n = 1").await.unwrap().check().unwrap();
    drop(database);
    let all = super::dump::migrations().map(|(name, sum)| (name.to_owned(), sum));
    let all: Vec<_> = all.collect();
    let migrated = super::dump::Migrated::through(&all).expect("these are ours");
    let store = loop {
        match Store::open_to_restore(&location, migrated).await {
            Err(Error::Locked(_)) => tokio::task::yield_now().await,
            other => break other.unwrap(),
        }
    };
    assert_eq!(store.known().await.unwrap(), super::dump::Known::Used);
    let applied = super::migrate::applied(&store.database).await.unwrap();
    assert_eq!(applied.len(), older.len());
}
