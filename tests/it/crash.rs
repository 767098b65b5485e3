//! What was acknowledged survives `kill -9`.

mod nodes;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use allmende::store::{Location, Store};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::Hub;
use crate::support::hub::allmende;

/// How often the process is killed.
const KILLS: usize = 20;
/// How many writers publish at once.
const WRITERS: usize = 8;
/// How many acknowledged solutions a round waits for before it kills.
const ACKNOWLEDGED: usize = 12;

const CREATE: &str = "mutation($input: CreateSolutionInput!) {
    createSolution(input: $input) { solution { id } userErrors { code path } }
}";
const PUBLISH: &str = "mutation($id: ID!) {
    publishSolution(input: {id: $id}) { solution { id title } userErrors { code path } }
}";

fn command(directory: &Path, arguments: &[&str]) -> String {
    let output = allmende(directory).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// Publishes one solution; its id if the hub acknowledged it.
async fn publish(hub: &Hub, token: &str, input: Value) -> Option<String> {
    let created = hub.run(token, CREATE, &json!({ "input": input })).await.ok()?;
    let id = created["data"]["createSolution"]["solution"]["id"].as_str();
    let id = id.unwrap_or_else(|| panic!("not created: {created}")).to_owned();
    let published = hub.run(token, PUBLISH, &json!({ "id": id })).await.ok()?;
    assert!(
        published["data"]["publishSolution"]["solution"]["id"].is_string(),
        "not published: {published}"
    );
    Some(id)
}

async fn value(hub: &Hub, token: &str, query: &str) -> Value {
    hub.run(token, query, &json!({})).await.expect("the hub answers")
}

/// Lets the editor of `geestland` publish without anybody else.
async fn work_alone(hub: &Hub, moderator: &str) {
    let place = "{ municipality(by: {slug: \"geestland\"}) { id } }";
    let place = value(hub, moderator, place).await["data"]["municipality"]["id"].clone();
    let set = "mutation($id: ID!) { setOnePerson(input: {municipality: $id, onePerson: true}) {
        userErrors { code }
    } }";
    let done = hub.run(moderator, set, &json!({ "id": place })).await.expect("the hub answers");
    assert_eq!(done["data"]["setOnePerson"]["userErrors"], json!([]), "{done}");
}

/// The numbers of all entries of the journal, read from the database itself.
async fn journal(directory: &Path) -> Vec<u64> {
    let store = Store::open(&Location::Directory(directory.join("data/database"))).await;
    let store = store.expect("no hub runs any more");
    let mut seen: Vec<u64> = Vec::new();
    loop {
        let page = store.journal(seen.last().copied().unwrap_or_default(), 1_000).await;
        let page = page.expect("the database answers");
        if page.is_empty() {
            return seen;
        }
        seen.extend(page.iter().map(|event| event.seq));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_solutions_survive_being_killed_while_eight_writers_publish() {
    let directory = tempfile::tempdir().expect("a directory");
    command(directory.path(), &["seed"]);
    let token =
        Arc::new(command(directory.path(), &["token", "create", "--municipality", "geestland"]));
    let moderator = command(directory.path(), &["token", "create", "--role", "moderator"]);
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..KILLS {
        let hub = Arc::new(Hub::start(directory.path()));
        work_alone(&hub, &moderator).await;
        let input = template(&hub, &token).await;
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (hub, token, input, tell) =
                (hub.clone(), token.clone(), input.clone(), tell.clone());
            writers.spawn(async move {
                for number in 0.. {
                    let mut input = input.clone();
                    input["title"] = json!(format!("Versuch {round}-{writer}-{number}"));
                    let Some(id) = publish(&hub, &token, input).await else { return };
                    tell.send(id).expect("somebody counts");
                }
            });
        }
        drop(tell);
        // The kill comes in the middle of the writing: others go on while the count is reached.
        for _ in 0..ACKNOWLEDGED {
            let id =
                tokio::time::timeout(Duration::from_secs(60), told.recv()).await.expect("progress");
            acknowledged.push(id.expect("writers write"));
        }
        kill(hub, &mut writers).await;
        while let Some(id) = told.recv().await {
            acknowledged.push(id);
        }
    }
    check(directory.path(), &token, &acknowledged).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_cannot_write_any_more_ends_and_has_lost_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    command(directory.path(), &["seed"]);
    let token = command(directory.path(), &["token", "create", "--municipality", "geestland"]);
    let hub = Hub::start_within(directory.path(), 4_096);
    let mut input = template(&hub, &token).await;
    input["approach"] = json!("Sichern. ".repeat(2_000));
    let mut acknowledged: Vec<String> = Vec::new();
    loop {
        input["title"] = json!(format!("Versuch {}", acknowledged.len()));
        let created = hub.run(&token, CREATE, &json!({ "input": input })).await;
        let id = created.ok().and_then(|created| {
            created["data"]["createSolution"]["solution"]["id"].as_str().map(str::to_owned)
        });
        let Some(id) = id else { break };
        acknowledged.push(id);
    }
    assert!(acknowledged.len() > 10, "{}", acknowledged.len());
    assert_eq!(hub.end(), 1);
    assert!(Hub::log(directory.path()).contains("could not write"));
    let hub = Hub::start(directory.path());
    for id in &acknowledged {
        let found = value(&hub, &token, &format!("{{ node(id: \"{id}\") {{ id }} }}")).await;
        assert_eq!(found["data"]["node"]["id"], json!(id), "{found}");
    }
    assert_eq!(hub.terminate(), 0);
    let seen = journal(directory.path()).await;
    assert!(seen.iter().copied().eq(1..=seen.len() as u64), "the journal has gaps: {seen:?}");
}

/// A hub that many tasks share is killed by its process id; the tasks see their connections break.
async fn kill(hub: Arc<Hub>, writers: &mut JoinSet<()>) {
    hub.kill_shared();
    while let Some(ended) = writers.join_next().await {
        ended.expect("a writer only ends when the connection breaks");
    }
    Arc::into_inner(hub).expect("all writers are gone").kill();
}

/// Everything that a publication asks for.
async fn template(hub: &Hub, token: &str) -> Value {
    let known = value(
        hub,
        token,
        "{ municipality(by: {slug: \"geestland\"}) { id contacts { edges { node { id } } } } }",
    )
    .await;
    let municipality = &known["data"]["municipality"];
    json!({
        "teaser": "Ein Versuch", "problem": "Ausfall", "approach": "Sichern", "status": "RUNNING",
        "municipalities": [municipality["id"]],
        "topics": ["Topic:digital"],
        "contacts": [municipality["contacts"]["edges"][0]["node"]["id"]],
    })
}

async fn check(directory: &Path, token: &str, acknowledged: &[String]) {
    let hub = Hub::start(directory);
    for id in acknowledged {
        let found = value(
            &hub,
            token,
            &format!("{{ node(id: \"{id}\") {{ ... on Solution {{ title lifecycle }} }} }}"),
        )
        .await;
        let solution = &found["data"]["node"];
        assert_eq!(solution["lifecycle"], "PUBLISHED", "{id}: {found}");
        let title = solution["title"].as_str().expect("a title");
        let search =
            format!("{{ solutions(search: \"\\\"{title}\\\"\") {{ edges {{ node {{ id }} }} }} }}");
        let hits = value(&hub, token, &search).await;
        let edges = hits["data"]["solutions"]["edges"].as_array().expect("a list");
        assert!(
            edges.iter().any(|edge| edge["node"]["id"] == id.as_str()),
            "{id} is not found: {hits}"
        );
    }
    assert_eq!(hub.terminate(), 0);
    let seen = journal(directory).await;
    assert!(seen.iter().copied().eq(1..=seen.len() as u64), "the journal has gaps: {seen:?}");
    let log = Hub::log(directory);
    assert!(!log.contains("building it anew"), "the index needed a rebuild: {log}");
    println!(
        "{} acknowledged solutions survived {KILLS} kills; {} journal entries",
        acknowledged.len(),
        seen.len()
    );
}
