//! What is erased is gone: a hub with a real data directory is searched as a thief would.

mod traces;

use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use traces::{in_index, tables_before, traces};

use crate::contacts::smtp::SmtpServer;
use crate::support::Hub;
use crate::support::hub::allmende;

/// A person whom nobody else is called like; the words as they stand in texts and, at their
/// beginning, among the stems of the index.
const PERSON: &str = "Quixbart Zwürbelmann";
const EARLIER: &str = "Yolanthe Mumpfgrün";
const ADDRESS: &str = "q.zwirbel@musterhausen.example.org";
const PHONE: &str = "04711 998877";
const NAMES: [&str; 6] = ["Quixbart", "Zwürbel", "zwurbel", "Yolanthe", "Mumpfgrün", "mumpfgrun"];
const ADDRESSES: [&str; 3] = [ADDRESS, "q.zwirbel", PHONE];
/// What stays: the search has to find it after the erasure, or it would have proven nothing.
const ROLE: &str = "Stabsstelle Wirbelwesen";

/// The time by which the system stamps files.
#[expect(clippy::disallowed_methods, reason = "files know no other clock")]
fn this_moment() -> SystemTime {
    SystemTime::now()
}

fn command(directory: &Path, arguments: &[&str]) -> String {
    let output = allmende(directory).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

async fn run(hub: &Hub, token: &str, query: &str, variables: Value) -> Value {
    let answer = hub.run(token, query, &variables).await.expect("the hub answers");
    assert_eq!(answer.get("errors"), None, "{answer}");
    let payload = answer["data"].as_object().and_then(|data| data.values().next()).cloned();
    let payload = payload.unwrap_or_default();
    if let Some(errors) = payload.get("userErrors") {
        assert_eq!(*errors, json!([]), "{answer}");
    }
    payload
}

/// A hub with its directory and an editor.
struct Town {
    directory: tempfile::TempDir,
    token: String,
}

impl Town {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        command(directory.path(), &["seed"]);
        let token = ["token", "create", "--municipality", "geestland"];
        let token = command(directory.path(), &token);
        Self { directory, token }
    }

    fn data(&self) -> std::path::PathBuf {
        self.directory.path().join("data")
    }

    /// Makes a contact whose person changes, is published, searched for and seen; gives its id.
    async fn contact(&self, hub: &Hub) -> String {
        let place = "{ municipality(by: {slug: \"geestland\"}) { id } }";
        let place = run(hub, &self.token, place, json!({})).await["id"].clone();
        let create = "mutation($input: CreateContactInput!) {
            createContact(input: $input) { contact { id } userErrors { code } }
        }";
        let input = json!({
            "municipality": place, "role": ROLE, "person": EARLIER, "consentAt": "2026-01-01",
            "email": ADDRESS, "phone": PHONE,
        });
        let made = run(hub, &self.token, create, json!({ "input": input })).await;
        let id = made["contact"]["id"].as_str().expect("an id").to_owned();
        let publish = "mutation($id: ID!) {
            publishContact(input: {id: $id}) { contact { id } userErrors { code } }
        }";
        run(hub, &self.token, publish, json!({ "id": id })).await;
        let update = "mutation($input: UpdateContactInput!) {
            updateContact(input: $input) { contact { id } userErrors { code } }
        }";
        for office in ["Rathaus", "Altes Rathaus"] {
            let input = json!({
                "id": id, "person": PERSON, "consentAt": "2026-01-01", "office": office,
            });
            run(hub, &self.token, update, json!({ "input": input })).await;
        }
        let search = "query($text: String!) {
            search(text: $text, kinds: [CONTACT], strict: true) { totalCount }
        }";
        let found = async || {
            run(hub, &self.token, search, json!({ "text": PERSON })).await["totalCount"] == 1
        };
        eventually(found, "the contact is found").await;
        id
    }

    async fn withdraw(&self, hub: &Hub, id: &str) -> Value {
        let withdraw = "mutation($id: ID!) {
            withdrawConsent(input: {id: $id}) { pending userErrors { code } }
        }";
        run(hub, &self.token, withdraw, json!({ "id": id })).await
    }

    /// Everything of the person that the files hold.
    fn everything(&self) -> Vec<String> {
        let texts: Vec<&str> = NAMES.iter().chain(&ADDRESSES).copied().collect();
        let mut found = traces(&self.data(), &texts);
        found.extend(in_index(&self.data(), &texts));
        found
    }

    /// Waits until the files are clean, and no table is left that was written before a moment: the
    /// database removes old files by the way.
    async fn clean(&self, before: SystemTime) {
        let mut found = Vec::new();
        for _ in 0..40 {
            found = self.everything();
            let old = tables_before(&self.data(), before).into_iter();
            found.extend(old.map(|table| format!("old table {}", table.display())));
            if found.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("traces are left: {found:#?}");
    }

    /// The same method finds what is to be there.
    fn role_is_there(&self) {
        assert!(!in_index(&self.data(), &[ROLE]).is_empty(), "the index is not read");
        let in_tables = traces(&self.data().join("database"), &[ROLE]);
        let in_tables = in_tables.iter().any(|it| it.contains(".sst"));
        assert!(in_tables, "the tables of the database are not read");
    }
}

async fn eventually(mut holds: impl AsyncFnMut() -> bool, what: &str) {
    for _ in 0..300 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_withdraws_consent_is_in_no_file() {
    let town = Town::new();
    let hub = Hub::start(town.directory.path());
    let id = town.contact(&hub).await;
    let database = town.data().join("database");
    // What was overwritten is still in the log of the database.
    assert!(!traces(&database, &["Yolanthe"]).is_empty(), "the earlier person is not found");
    // The log of searches is written at the end, and files of several lives come together.
    assert_eq!(hub.terminate(), 0);
    let hub = Hub::start(town.directory.path());
    for text in ["Quixbart", ADDRESS, PHONE, "quixbart zwürbelmann"] {
        assert!(!traces(&database, &[text]).is_empty(), "{text} is not found before");
    }
    assert!(!in_index(&town.data(), &["quixbart"]).is_empty(), "the index is not read");

    let before = this_moment();
    let done = town.withdraw(&hub, &id).await;
    assert_eq!(done["pending"], false, "{done}");
    town.clean(before).await;
    town.role_is_there();
    assert_eq!(hub.terminate(), 0);
    town.clean(before).await;
    town.role_is_there();
    let log = Hub::log(town.directory.path());
    assert!(!NAMES.iter().chain(&ADDRESSES).any(|text| log.contains(text)), "{log}");
    // And the index that is built anew knows no more.
    std::fs::remove_dir_all(town.data().join("index")).expect("an index");
    let hub = Hub::start(town.directory.path());
    assert_eq!(hub.terminate(), 0);
    town.clean(before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_whose_fields_were_emptied_before_is_in_no_file_either() {
    let town = Town::new();
    let hub = Hub::start(town.directory.path());
    let id = town.contact(&hub).await;
    // The log of searches is written at the end, and files of several lives come together.
    assert_eq!(hub.terminate(), 0);
    let hub = Hub::start(town.directory.path());
    assert!(!town.everything().is_empty(), "nothing is found before");
    let before = this_moment();
    let update = "mutation($input: UpdateContactInput!) {
        updateContact(input: $input) { contact { id } userErrors { code } }
    }";
    let input =
        json!({ "id": id, "person": null, "email": null, "phone": null, "consentAt": null });
    run(&hub, &town.token, update, json!({ "input": input })).await;
    let done = town.withdraw(&hub, &id).await;
    assert_eq!(done["pending"], false, "{done}");
    town.clean(before).await;
    town.role_is_there();
    assert_eq!(hub.terminate(), 0);
    town.clean(before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_is_cut_off_is_finished_after_the_next_start() {
    let town = Town::new();
    let mut delays = [0, 5, 20, 60].into_iter();
    let mut hub = std::sync::Arc::new(Hub::start(town.directory.path()));
    let id = town.contact(&hub).await;
    for delay in delays.by_ref() {
        let (asked, token, id) = (hub.clone(), town.token.clone(), id.clone());
        let asking = tokio::spawn(async move {
            let withdraw = "mutation($id: ID!) { withdrawConsent(input: {id: $id}) { pending } }";
            asked.run(&token, withdraw, &json!({ "id": id })).await.is_ok()
        });
        tokio::time::sleep(Duration::from_millis(delay)).await;
        hub.kill_shared();
        // Whether it got its answer does not matter.
        let _answered = asking.await.expect("no panic");
        std::sync::Arc::into_inner(hub).expect("nobody else").kill();
        hub = std::sync::Arc::new(Hub::start(town.directory.path()));
    }
    town.withdraw(&hub, &id).await;
    // The start before may have finished it already.
    town.clean(SystemTime::UNIX_EPOCH).await;
    town.role_is_there();
    assert_eq!(std::sync::Arc::into_inner(hub).expect("nobody else").terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_erased_is_in_no_file() {
    let town = Town::new();
    let admin = command(town.directory.path(), &["token", "create", "--role", "admin"]);
    let hub = Hub::start(town.directory.path());
    let create = "mutation($input: CreateAccountInput!) {
        createAccount(input: $input) { account { id } userErrors { code } }
    }";
    let input = json!({
        "email": ADDRESS, "name": PERSON, "password": "ein langes Kennwort",
        "grants": [{ "role": "READER" }],
    });
    let made = run(&hub, &admin, create, json!({ "input": input })).await;
    let other = json!({ "email": "rest@example.org", "name": ROLE, "grants": [] });
    run(&hub, &admin, create, json!({ "input": other })).await;
    let body = json!({ "email": ADDRESS, "password": "ein langes Kennwort" }).to_string();
    let session = reqwest::Client::new().post(format!("{}/session", hub.url));
    let session = session.header("content-type", "application/json").body(body).send().await;
    let session = session.expect("an answer");
    assert_eq!(session.status(), 204);
    let cookie = session.headers()["set-cookie"].to_str().expect("text").to_owned();
    let token = format!(
        "mutation {{ createAccessToken(input: {{name: \"Rechner von {EARLIER}\", grant: {{role: READER}}}}) {{
            made: accessToken {{ id }}
        }} }}"
    );
    let watch = format!(
        "mutation {{ createWatch(input: {{
            name: \"Suche von {EARLIER}\", selection: {{search: \"Bus {EARLIER}\"}}, channel: FEED
        }}) {{ made: watch {{ id }} }} }}"
    );
    for create in [token, watch] {
        let body = json!({ "query": create }).to_string();
        let made = reqwest::Client::new().post(format!("{}/graphql", hub.url)).body(body);
        let made = made.header("content-type", "application/json").header("cookie", &cookie);
        let made = made.send().await.expect("an answer").text().await.expect("text");
        assert!(made.contains("\"id\""), "{made}");
    }
    let search = "query($text: String!) { search(text: $text) { totalCount } }";
    for text in [PERSON, "q.zwirbel"] {
        run(&hub, &admin, search, json!({ "text": text })).await;
    }
    assert_eq!(hub.terminate(), 0);
    let hub = Hub::start(town.directory.path());
    let database = town.data().join("database");
    for text in
        ["Quixbart", ADDRESS, "quixbart zwürbelmann", "Rechner von Yolanthe", "Suche von Yolanthe"]
    {
        assert!(!traces(&database, &[text]).is_empty(), "{text} is not found before");
    }

    let before = this_moment();
    let erase = "mutation($id: ID!) {
        eraseAccount(input: {id: $id}) { erasedId pending userErrors { code } }
    }";
    let done = run(&hub, &admin, erase, json!({ "id": made["account"]["id"] })).await;
    assert_eq!(done["pending"], false, "{done}");
    town.clean(before).await;
    let kept = traces(&database, &[ROLE]);
    assert!(kept.iter().any(|it| it.contains(".sst")), "the tables are not read");
    assert_eq!(hub.terminate(), 0);
    town.clean(before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_message_that_arrived_only_that_is_left() {
    let server = SmtpServer::start([]).await;
    let town = Town::new();
    let settings = ["--smtp-url", &server.url, "--mail-from", "hub@example.org"];
    let hub = Hub::start_with(town.directory.path(), &settings);
    let id = town.contact(&hub).await;
    let request = "mutation($input: RequestContactInput!) {
        requestContact(input: $input) { contact { id } userErrors { code } }
    }";
    let input = json!({
        "contact": id, "message": "Wer kennt den Wumpelzug?", "replyTo": "wumpel@example.org",
    });
    run(&hub, &town.token, request, json!({ "input": input })).await;
    assert_eq!(server.letters(1).await.remove(0).to, ADDRESS);
    // An orderly end waits until what was delivered is noted.
    assert_eq!(hub.terminate(), 0);
    let database = town.data().join("database");
    let place = format!("rocksdb://{}", database.display());
    let database = surrealdb::engine::any::connect(place).await.expect("the database");
    database.use_ns("allmende").use_db("allmende").await.expect("the database");
    let mut found = database.query("SELECT * FROM message").await.expect("an answer");
    let found: surrealdb::types::Value = found.take(0).expect("records");
    let told = format!("{found:?}");
    assert!(told.contains("delivered"), "{told}");
    assert!(!told.contains("umpel") && !told.contains("zwirbel"), "{told}");
}
