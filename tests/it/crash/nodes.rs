//! Several hubs on one database: what one is told, all tell, and whoever is killed, nobody who comes
//! back with a cursor misses anything or is told anything twice.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{CREATE, KILLS, PUBLISH, command, template, value, work_alone};
use crate::support::{Database, Hub};

/// How many hubs share the database.
const NODES: usize = 3;
/// How many are told of what is published.
const SUBSCRIBERS: usize = 6;
/// How many publish at once.
const WRITERS: usize = 3;
/// How many publications come between two kills.
const BETWEEN: usize = 3;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a client waits before it tries the next node.
const PAUSE: Duration = Duration::from_millis(100);

const PUBLISHED: &str = "subscription($after: String) {
    solutionPublished(after: $after) { cursor solutionId }
}";
const JOURNAL: &str = "query($after: String) {
    events(filter: {kinds: [SOLUTION_PUBLISHED]}, first: 100, after: $after) {
        edges { node { subjectId } }
        pageInfo { hasNextPage endCursor }
    }
}";

/// Hubs on one database, each with a directory of its own.
struct Nodes {
    database: Database,
    settings: Vec<String>,
    places: Vec<TempDir>,
    hubs: Vec<Hub>,
    /// Where they listen now; one that is started again listens elsewhere.
    urls: Arc<Mutex<Vec<String>>>,
    editor: String,
    /// Everything that a publication asks for.
    input: Value,
}

impl Nodes {
    /// Starts hubs together on a database in which nothing is yet, not even tables.
    async fn start(directory: &Path) -> Option<Self> {
        let database = Database::start(directory)?;
        let settings = database.settings().to_vec();
        let places: Vec<_> =
            (0..NODES).map(|_| tempfile::tempdir().expect("a directory")).collect();
        let starting: Vec<_> = places.iter().map(|place| launch(place.path(), &settings)).collect();
        let mut hubs = Vec::new();
        for hub in starting {
            hubs.push(hub.await.expect("the hub starts"));
        }
        let first = places[0].path().join("tools");
        std::fs::create_dir(&first).expect("a directory");
        let tool = |arguments: &[&str]| {
            let settings = settings.iter().map(String::as_str);
            command(&first, &settings.chain(arguments.iter().copied()).collect::<Vec<_>>())
        };
        tool(&["seed"]);
        let editor = tool(&["token", "create", "--municipality", "geestland"]);
        let moderator = tool(&["token", "create", "--role", "moderator"]);
        work_alone(&hubs[0], &moderator).await;
        let input = template(&hubs[0], &editor).await;
        let urls = hubs.iter().map(|hub| hub.url.clone()).collect();
        let urls = Arc::new(Mutex::new(urls));
        Some(Self { database, settings, places, hubs, urls, editor, input })
    }

    /// Ends a hub, or the database, without any warning, and starts it again.
    async fn kill(&mut self, victim: usize) {
        let Some(place) = self.places.get(victim) else {
            self.database.kill();
            self.database.restart();
            return;
        };
        self.hubs[victim].kill_shared();
        let hub = launch(place.path(), &self.settings).await.expect("the hub starts");
        self.urls.lock().expect("no panic")[victim].clone_from(&hub.url);
        self.hubs[victim] = hub;
    }

    /// All publications after a place in the journal, by the journal.
    async fn published(&self, after: &str) -> Vec<String> {
        let (mut found, mut after) = (Vec::new(), after.to_owned());
        loop {
            let answer = self.hubs[0].run(&self.editor, JOURNAL, &json!({ "after": after })).await;
            let page = answer.expect("an answer")["data"]["events"].clone();
            let edges = page["edges"].as_array().expect("a list");
            found.extend(edges.iter().map(|edge| text(&edge["node"]["subjectId"])));
            if page["pageInfo"]["hasNextPage"] != true {
                return found;
            }
            after = text(&page["pageInfo"]["endCursor"]);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Starts a hub beside others.
fn launch(place: &Path, settings: &[String]) -> tokio::task::JoinHandle<Hub> {
    let (place, settings) = (place.to_owned(), settings.to_vec());
    tokio::task::spawn_blocking(move || {
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        Hub::start_with(&place, &settings)
    })
}

/// Somebody who wants to know of all publications, and comes back to the next node when one is gone.
struct Subscriber {
    urls: Arc<Mutex<Vec<String>>>,
    /// With which node it begins.
    node: usize,
    cursor: String,
    /// What it was told, in order.
    told: Arc<Mutex<Vec<String>>>,
    http: reqwest::Client,
}

impl Subscriber {
    async fn listen(mut self) {
        loop {
            // Whatever ended it: the next node goes on behind the cursor.
            let _gone = self.listen_once().await.is_err();
            self.node += 1;
            sleep(PAUSE).await;
        }
    }

    async fn listen_once(&mut self) -> Result<(), reqwest::Error> {
        let url = {
            let urls = self.urls.lock().expect("no panic");
            format!("{}/graphql", urls[self.node % urls.len()])
        };
        let body = json!({ "query": PUBLISHED, "variables": { "after": self.cursor } });
        let request = self.http.post(url).header("content-type", "application/json");
        let request = request.header("accept", "text/event-stream").body(body.to_string());
        let mut answer = request.send().await?.error_for_status()?;
        let mut heard = String::new();
        while let Some(piece) = answer.chunk().await? {
            heard.push_str(&String::from_utf8_lossy(&piece));
            while let Some((event, rest)) = heard.split_once("\n\n") {
                let told = event.lines().find_map(|line| line.strip_prefix("data: "));
                if let Some(told) = told.map(str::to_owned) {
                    let told: Value = serde_json::from_str(&told).expect("JSON");
                    let published = &told["data"]["solutionPublished"];
                    // An error ends the stream; the cursor before it still counts.
                    if published.is_object() {
                        self.take(published);
                    }
                }
                heard = rest.to_owned();
            }
        }
        Ok(())
    }

    fn take(&mut self, published: &Value) {
        let cursor = text(&published["cursor"]);
        let number = |cursor: &str| cursor.parse::<u64>().expect("a number of the journal");
        assert!(number(&cursor) > number(&self.cursor), "{cursor} after {}", self.cursor);
        self.cursor = cursor;
        self.told.lock().expect("no panic").push(text(&published["solutionId"]));
    }
}

/// Publishes until it is told to stop, on whichever node answers; counts what was acknowledged.
async fn write(nodes: Arc<Writing>, writer: usize) {
    let http = reqwest::Client::new();
    for number in 0.. {
        if nodes.stop.load(Ordering::Relaxed) {
            return;
        }
        let url = {
            let urls = nodes.urls.lock().expect("no panic");
            format!("{}/graphql", urls[(writer + number) % urls.len()])
        };
        let run = async |query: &str, variables: Value| {
            let body = json!({ "query": query, "variables": variables }).to_string();
            let request = http.post(&url).header("content-type", "application/json");
            let answer = request.bearer_auth(&nodes.editor).body(body).send().await.ok()?;
            let answer: Value = serde_json::from_str(&answer.text().await.ok()?).ok()?;
            let payload = answer["data"].as_object()?.values().next()?.clone();
            payload["solution"]["id"].as_str().map(str::to_owned)
        };
        let mut input = nodes.input.clone();
        input["title"] = json!(format!("Versuch {writer}-{number}"));
        let published = match run(CREATE, json!({ "input": input })).await {
            Some(id) => run(PUBLISH, json!({ "id": id })).await,
            None => None,
        };
        match published {
            Some(id) => {
                nodes.acknowledged.lock().expect("no panic").push(id);
                nodes.count.fetch_add(1, Ordering::Relaxed);
            }
            None => sleep(PAUSE).await,
        }
    }
}

/// What writers share.
struct Writing {
    urls: Arc<Mutex<Vec<String>>>,
    editor: String,
    input: Value,
    stop: AtomicBool,
    acknowledged: Mutex<Vec<String>>,
    count: AtomicUsize,
}

impl Writing {
    fn of(nodes: &Nodes) -> Arc<Self> {
        Arc::new(Self {
            urls: Arc::clone(&nodes.urls),
            editor: nodes.editor.clone(),
            input: nodes.input.clone(),
            stop: AtomicBool::new(false),
            acknowledged: Mutex::default(),
            count: AtomicUsize::new(0),
        })
    }

    /// Waits until so many were acknowledged.
    async fn reached(&self, count: usize) {
        until("so many publications", || self.count.load(Ordering::Relaxed) >= count).await;
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("there are never {what}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_misses_anything_whichever_node_or_database_is_killed() {
    let directory = tempfile::tempdir().expect("a directory");
    let Some(mut nodes) = Nodes::start(directory.path()).await else { return };
    let head =
        value(&nodes.hubs[0], &nodes.editor, "{ events(last: 1) { pageInfo { endCursor } } }");
    let begin = text(&head.await["data"]["events"]["pageInfo"]["endCursor"]);
    let mut listening = JoinSet::new();
    let told: Vec<_> = (0..SUBSCRIBERS)
        .map(|node| {
            let told = Arc::new(Mutex::new(Vec::new()));
            let subscriber = Subscriber {
                urls: Arc::clone(&nodes.urls),
                node,
                cursor: begin.clone(),
                told: Arc::clone(&told),
                http: reqwest::Client::new(),
            };
            listening.spawn(subscriber.listen());
            told
        })
        .collect();
    let writing = Writing::of(&nodes);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(Arc::clone(&writing), writer));
    }
    for round in 0..KILLS {
        let before = writing.count.load(Ordering::Relaxed);
        writing.reached(before + BETWEEN).await;
        nodes.kill(round % (NODES + 1)).await;
    }
    let before = writing.count.load(Ordering::Relaxed);
    writing.reached(before + BETWEEN).await;
    writing.stop.store(true, Ordering::Relaxed);
    while let Some(ended) = writers.join_next().await {
        ended.expect("a writer ends when it is told to");
    }

    let expected = nodes.published(&begin).await;
    for id in writing.acknowledged.lock().expect("no panic").iter() {
        assert!(expected.contains(id), "{id} was acknowledged and is not in the journal");
    }
    let count = |told: &Mutex<Vec<String>>| told.lock().expect("no panic").len();
    let all = || told.iter().all(|told| count(told) >= expected.len());
    until("all publications at all subscribers", all).await;
    while let Some(ended) = listening.try_join_next() {
        ended.expect("a subscriber listens to the end");
    }
    for told in &told {
        assert_eq!(*told.lock().expect("no panic"), expected);
    }
    println!("{} publications, {KILLS} kills, {SUBSCRIBERS} subscribers", expected.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_memory_is_answered_while_the_database_is_away_and_writes_fail_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let Some(mut nodes) = Nodes::start(directory.path()).await else { return };
    let http = reqwest::Client::new();
    let url = nodes.hubs[0].url.clone();
    let find =
        json!({ "query": "{ solutions(search: \"Bürgerbus\") { edges { node { title } } } }" });
    let ask = async |body: &Value, token: Option<&str>| {
        let request =
            http.post(format!("{url}/graphql")).header("content-type", "application/json");
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.body(body.to_string()).send().await.expect("an answer");
        let again = answer.headers().get("retry-after").is_some();
        let text = answer.text().await.expect("text");
        (serde_json::from_str::<Value>(&text).expect("JSON"), again)
    };
    let ready = async || {
        let answer = http.get(format!("{url}/readyz")).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let found = async {
        loop {
            let (answer, _) = ask(&find, None).await;
            if answer["data"]["solutions"]["edges"][0]["node"]["title"].is_string() {
                return answer;
            }
            sleep(PAUSE).await;
        }
    };
    let before = timeout(PATIENCE, found).await.expect("the index follows");

    // It hangs: nothing breaks, and nothing answers.
    nodes.database.freeze();
    let known = async || {
        let known = async {
            while ready().await.0 != 503 {
                sleep(PAUSE).await;
            }
        };
        timeout(PATIENCE, known).await.expect("the hub notices");
    };
    known().await;
    assert!(ready().await.1.contains("the database does not answer"));
    assert_eq!(ask(&find, None).await.0, before, "from the index and from memory");
    let input = json!({ "query": CREATE, "variables": { "input": nodes.input } });
    let began = tokio::time::Instant::now();
    let (refused, again) = ask(&input, Some(&nodes.editor)).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{refused}");
    assert!(again, "it says when to come again");
    assert!(began.elapsed() < Duration::from_secs(1), "at once");
    nodes.database.thaw();
    let heals = async |titled: &str| {
        let mut input = nodes.input.clone();
        input["title"] = json!(titled);
        let body = json!({ "query": CREATE, "variables": { "input": input } });
        let heal = async {
            loop {
                let (answer, _) = ask(&body, Some(&nodes.editor)).await;
                if answer["data"]["createSolution"]["solution"]["id"].is_string() {
                    return;
                }
                sleep(PAUSE).await;
            }
        };
        timeout(PATIENCE, heal).await.expect("it heals by itself");
    };
    heals("Nach dem Stillstand").await;

    // It is gone, and comes back.
    nodes.database.kill();
    known().await;
    assert_eq!(ask(&find, None).await.0, before);
    nodes.database.restart();
    heals("Nach dem Absturz").await;
    assert_eq!(ready().await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_on_one_node_is_told_and_found_on_the_others() {
    let directory = tempfile::tempdir().expect("a directory");
    let Some(nodes) = Nodes::start(directory.path()).await else { return };
    let writing = Writing::of(&nodes);
    let mut writers = JoinSet::new();
    writers.spawn(write(Arc::clone(&writing), 0));
    writing.reached(NODES * 2).await;
    writing.stop.store(true, Ordering::Relaxed);
    writers.join_next().await.expect("a writer").expect("it ends");
    let all: Vec<String> = writing.acknowledged.lock().expect("no panic").clone();
    for hub in &nodes.hubs {
        let find = "{ solutions(search: \"Versuch\", first: 100) { edges { node { id } } } }";
        let found = async {
            loop {
                let answer = value(hub, &nodes.editor, find).await;
                let edges =
                    answer["data"]["solutions"]["edges"].as_array().expect("a list").clone();
                let ids: Vec<String> = edges.iter().map(|it| text(&it["node"]["id"])).collect();
                if all.iter().all(|id| ids.contains(id)) {
                    return;
                }
                sleep(PAUSE).await;
            }
        };
        timeout(PATIENCE, found).await.expect("each node finds what the others published");
    }
}
