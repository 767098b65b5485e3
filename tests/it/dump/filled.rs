//! A hub that has something of everything goes through a dump and stays the same.

use allmende::domain::Role;
use allmende::service::import_reference;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{dumped, manifest, parts, restored, serving};
use crate::support::TestApp;

const PASSWORD: &str = "ein langes Kennwort";
/// What says who somebody is, wherever it was entered.
const PLANTED: [&str; 7] = [
    "Petra Planzen",
    "petra.planzen@example.org",
    "0351 7654321",
    "Bauamt-Konto",
    "bauamt@planzen.example.org",
    "werkstatt@planzen.example.org",
    "https://planzen.example.org/hook",
];

/// What only comes with time, with other servers, or with the erasure of an account.
const EMPTY: [&str; 3] =
    ["records/erased_identity.ndjson", "records/link_check.ndjson", "records/reminder.ndjson"];

const REFERENCE: &str = include_str!("../../../seed/reference/germany_2022.csv");

/// What the tests ask the hub again.
struct Filled {
    app: TestApp,
    double: String,
    versioned: String,
    document: String,
}

async fn must(app: &TestApp, token: &str, mutation: &str, input: Value, fields: &str) -> Value {
    let payload = app.mutate(Some(token), mutation, input, fields).await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation}: {payload}");
    payload
}

/// Something in every table.
async fn filled() -> Filled {
    let app = TestApp::start().await;
    let (editor, neighbour) = (app.editor.clone(), app.neighbour.clone());
    let admin = app.token(Role::Admin, "musterdorf").await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let place = app.municipality("musterdorf").await;
    let contact = json!({
        "municipality": place, "role": "Quartiersarbeit", "person": PLANTED[0],
        "email": PLANTED[1], "phone": PLANTED[2], "visibility": "MEMBERS", "consentAt": "2026-01-01",
    });
    must(&app, &editor, "createContact", contact, "contact { id }").await;
    let account = json!({
        "email": PLANTED[4], "name": PLANTED[3], "password": PASSWORD,
        "grants": [{ "role": "EDITOR", "municipality": place }],
    });
    must(&app, &admin, "createAccount", account, "account { id }").await;
    let cookie = app.sign_in(PLANTED[4], PASSWORD).await;
    let draft = app.complete("musterdorf", "Vom Konto geschrieben").await;
    app.draft(&cookie, draft).await;
    let watch = json!({
        "name": PLANTED[3], "selection": { "search": PLANTED[3] }, "channel": "FEED",
    });
    must(&app, &cookie, "createWatch", watch, "watch { id }").await;
    let organisation = json!({
        "enteredBy": place, "name": "Büro für Beteiligung", "kind": "EXPERT", "mailbox": PLANTED[5],
    });
    must(&app, &editor, "createOrganisation", organisation, "organisation { id }").await;

    let kept = app.published(&editor, app.complete("musterdorf", "Original").await).await;
    let double = app.published(&editor, app.complete("musterdorf", "Doppelgänger").await).await;
    let merge = json!({ "id": double, "into": kept, "reason": "Doppelt." });
    must(&app, &moderator, "mergeSolution", merge, "solution { id }").await;
    let versioned = app.published(&editor, app.complete("musterdorf", "Erste Fassung").await).await;
    let costs = json!({ "oneOff": { "from": 100, "to": 200 }, "note": "netto" });
    let results = json!({ "indicators": [{ "name": "Fahrten", "value": 2.0 }, { "name": "Anteil", "value": 0.1 }] });
    let change =
        json!({ "id": versioned, "title": "Zweite Fassung", "costs": costs, "results": results });
    app.update(&editor, change).await;

    let document = json!({ "municipality": place, "title": "Satzung", "kind": "CONCEPT" });
    let made = must(&app, &editor, "createDocument", document, "document { id }").await;
    let document = made["document"]["id"].as_str().expect("an id").to_owned();
    let put = Request::put(format!("/documents/{document}/file?name=satzung.txt"))
        .header("authorization", format!("Bearer {editor}"))
        .body(Body::from("Wortlaut der Nachbarschaftssatzung"));
    assert_eq!(app.send(put.expect("a request")).await.status.as_u16(), 200);
    must(&app, &editor, "publishDocument", json!({ "id": document }), "document { id }").await;

    let question = json!({ "municipality": place, "title": "Wie geht das?", "text": "Wir fragen.", "topics": ["Topic:mobility"] });
    let asked = must(&app, &editor, "askQuestion", question, "question { id }").await;
    let answer = json!({ "id": asked["question"]["id"], "municipality": app.municipality("neustadt").await, "text": "So." });
    must(&app, &neighbour, "answerQuestion", answer, "question { id }").await;
    let solution = app.solution("T1").await;
    let adoption = json!({ "solution": solution, "municipality": place, "status": "PLANNING" });
    must(&app, &editor, "declareAdoption", adoption, "adoption { id }").await;
    let feedback = json!({ "solution": solution, "municipality": place, "text": "Hat geholfen." });
    must(&app, &editor, "giveFeedback", feedback, "feedback { id }").await;
    let process =
        json!({ "municipality": app.municipality("neustadt").await, "programme": "Programme:zwk" });
    let process =
        must(&app, &neighbour, "createStrategyProcess", process, "strategyProcess { id }").await;
    let measure =
        json!({ "id": process["strategyProcess"]["id"], "title": "Rufbus", "status": "PLANNED" });
    must(&app, &neighbour, "addMeasure", measure, "strategyProcess { id }").await;
    let synonyms = json!({ "terms": ["Rufbus", "Anrufbus"] });
    must(&app, &moderator, "setSynonyms", synonyms, "thesaurus { id }").await;
    let webhook = json!({ "url": PLANTED[6] });
    let made = must(&app, &editor, "createWebhook", webhook, "webhook { id } secret").await;
    let id = json!({ "id": made["webhook"]["id"] });
    must(&app, &editor, "rotateWebhookSecret", id.clone(), "secret").await;
    must(&app, &editor, "disableWebhook", id, "webhook { id }").await;
    import_reference(app.app.services().store(), REFERENCE).await.expect("it is kept");
    app.settle().await;
    app.query("{ solutions(search: \"Petra Planzen\") { totalCount } }").await;
    Filled { app, double, versioned, document }
}

/// What readers and editors see of it.
async fn seen(app: &TestApp, of: (&str, &str, &str)) -> Value {
    let question = "query($double: ID!, $versioned: ID!, $document: ID!) {
        double: solution(by: {id: $double}) { lifecycle mergedInto { id slug } }
        versioned: solution(by: {id: $versioned}) {
            slug revision version versions { number content { title } } costs { note }
            results { indicators { value } }
        }
        bySlug: solution(by: {slug: \"erste-fassung\"}) { id title }
        node(id: $document) { ... on ProjectDocument { revision file { sha256 name } } }
        solutions(search: \"Fassung\") { totalCount edges { node { id } } }
        search(text: \"Nachbarschaftssatzung\") { edges { node { id } } }
        questions { edges { node { title answers { text } } } }
        municipality(by: {slug: \"musterdorf\"}) { id ars }
        events(last: 5) { edges { cursor node { kind } } }
    }";
    let variables = json!({ "double": of.0, "versioned": of.1, "document": of.2 });
    let answer = app.run(None, question, variables).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_survives_and_the_dump_of_the_restored_hub_is_the_same() {
    let Filled { app, double, versioned, document } = filled().await;
    let before = seen(&app, (&double, &versioned, &document)).await;
    assert_eq!(before["versioned"]["versions"].as_array().map(Vec::len), Some(2), "{before}");
    let (store, files) = (app.app.services().store().clone(), app.app.services().files().clone());
    let editor = app.editor.clone();
    app.app.stop().await;
    let identity = store.identity().await.expect("an identity");

    let whole = dumped(&store, &files, true).await;
    assert_eq!(whole, dumped(&store, &files, true).await, "two dumps of one state");
    let told = manifest(&whole);
    for part in told["parts"].as_array().expect("parts") {
        let is_filled = part["lines"].as_u64().expect("a number") > 0;
        let name = part["name"].as_str().expect("a name");
        assert!(is_filled || EMPTY.contains(&name), "the test has nothing for {name}");
    }
    assert!(parts(&whole).keys().all(|name| !name.contains("session")), "sessions are in no dump");

    let (store, files) = restored(&whole).await.expect("it goes back");
    assert_eq!(store.identity().await.expect("an identity"), identity);
    assert_eq!(dumped(&store, &files, true).await, whole);
    let app = serving(store.clone(), files.clone()).await;
    assert_eq!(seen(&app, (&double, &versioned, &document)).await, before);
    let file = Request::get(format!("/documents/{document}/file")).body(Body::empty());
    let file = app.send(file.expect("a request")).await;
    assert_eq!(file.text, "Wortlaut der Nachbarschaftssatzung");

    // Who had a token has it still, and the journal goes on where it ended.
    let head = store.refresh_head().await.expect("the database answers");
    app.update(&editor, json!({ "id": versioned, "title": "Dritte Fassung" })).await;
    assert_eq!(app.head().await, head + 1);
    app.sign_in(PLANTED[4], PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_personal_data_nothing_says_who_somebody_is() {
    let Filled { app, double, versioned, document } = filled().await;
    let before = seen(&app, (&double, &versioned, &document)).await;
    let (store, files) = (app.app.services().store().clone(), app.app.services().files().clone());
    app.app.stop().await;
    let holds = |dump: &[u8], planted: &str| {
        let mut found = parts(dump).into_iter().filter(|(_, content)| {
            let text = String::from_utf8_lossy(content).to_lowercase();
            text.contains(&planted.to_lowercase())
        });
        found.next().map(|(name, _)| name)
    };
    let whole = dumped(&store, &files, true).await;
    let open = dumped(&store, &files, false).await;
    for planted in PLANTED {
        assert!(holds(&whole, planted).is_some(), "{planted} was planted");
        assert_eq!(holds(&open, planted), None, "{planted}");
    }
    for secret in ["argon2", "whsec_", "rathaus@musterdorf.example.org", "0000 1234"] {
        assert!(holds(&whole, secret).is_some(), "{secret}");
        assert_eq!(holds(&open, secret), None, "{secret}");
    }
    let names: Vec<String> = parts(&open).into_keys().collect();
    for table in ["token", "session", "searched", "webhook", "delivery"] {
        assert!(!names.contains(&format!("records/{table}.ndjson")), "{names:?}");
    }
    assert!(names.contains(&"records/account.ndjson".to_owned()), "{names:?}");

    let (store, files) = restored(&open).await.expect("it goes back");
    let again = dumped(&store, &files, false).await;
    let (once, twice) = (parts(&open), parts(&again));
    for (name, content) in &once {
        let texts = [Some(content), twice.get(name)]
            .map(|it| it.map(|content| String::from_utf8_lossy(content).into_owned()));
        assert_eq!(texts[0], texts[1], "{name}");
    }
    assert!(again == open, "byte for byte the same");
    let app = serving(store, files).await;
    assert_eq!(seen(&app, (&double, &versioned, &document)).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_a_dump_is_made_is_not_in_it() {
    use std::io::Write;

    use allmende::app::Silent;
    use allmende::service::export;

    /// Lets a writer begin as soon as anything of the dump is written.
    struct Gate(std::sync::mpsc::SyncSender<()>, std::sync::mpsc::Receiver<()>, bool);
    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if !std::mem::replace(&mut self.2, true) {
                self.0.send(()).expect("the test waits");
                self.1.recv().expect("the test has written");
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let app = TestApp::start().await;
    let services = app.app.services().clone();
    let (begun, has_begun) = std::sync::mpsc::sync_channel(1);
    let (go_on, may_go_on) = std::sync::mpsc::sync_channel(1);
    let head = app.head().await;
    let export = tokio::spawn(async move {
        let gate = Gate(begun, may_go_on, false);
        export(services.store(), services.files(), Box::new(gate), true, &mut Silent).await
    });
    tokio::task::spawn_blocking(move || has_begun.recv()).await.expect("a thread").expect("a dump");
    app.draft(&app.editor, app.complete("musterdorf", "Zu spät").await).await;
    go_on.send(()).expect("the dump waits");
    let exported = export.await.expect("no panic").expect("a dump");
    assert_eq!(exported.entries, head);
    assert_eq!(app.head().await, head + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_network_only_admins_get_it_and_without_personal_data() {
    let app = TestApp::start().await;
    let admin = app.token(Role::Admin, "musterdorf").await;
    let ask = async |token: Option<&str>| {
        let mut request = Request::get("/export");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = tokio::spawn(app.router.clone().oneshot(request)).await.expect("no panic");
        let response = response.expect("a router never fails");
        let status = response.status().as_u16();
        (status, response.into_body().collect().await.expect("all of it").to_bytes())
    };
    assert_eq!(ask(None).await.0, 401);
    for token in [&app.editor, &app.token(Role::Moderator, "neustadt").await] {
        assert_eq!(ask(Some(token)).await.0, 403);
    }
    let (status, dump) = ask(Some(&admin)).await;
    assert_eq!(status, 200);
    let services = app.app.services();
    assert_eq!(dump, dumped(services.store(), services.files(), false).await);
}
