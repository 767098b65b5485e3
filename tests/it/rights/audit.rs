//! Who did what: the journal as those read it who look after the hub.

use allmende::domain::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

const PASSWORD: &str = "ein langes Kennwort";

/// Kinds and actors of the entries that somebody finds.
async fn found(
    app: &TestApp,
    token: Option<&str>,
    filter: Value,
    page: &str,
) -> Vec<(String, Value)> {
    app.settle().await;
    let question = format!(
        "query($filter: EventFilter) {{ events(filter: $filter, {page}) {{
            edges {{ node {{ kind actor actorName }} }}
        }} }}"
    );
    let answer = app.run(token, &question, json!({ "filter": filter })).await;
    let edges = answer["data"]["events"]["edges"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let told = |edge: &Value| {
        let kind = edge["node"]["kind"].as_str().expect("a kind").to_owned();
        (kind, json!([edge["node"]["actor"], edge["node"]["actorName"]]))
    };
    edges.iter().map(told).collect()
}

async fn kinds(app: &TestApp, token: Option<&str>, filter: Value, page: &str) -> Vec<String> {
    found(app, token, filter, page).await.into_iter().map(|(kind, _)| kind).collect()
}

/// Somebody of `musterdorf` with an account, signed in: the id and the cookie.
async fn colleague(app: &TestApp) -> (Value, String) {
    let admin = app.token(Role::Admin, "musterdorf").await;
    let input = json!({
        "email": "bauamt@musterdorf.example.org", "password": PASSWORD, "name": "Bauamt",
        "grants": [{ "role": "EDITOR", "municipality": app.municipality("musterdorf").await }],
    });
    let made = app.mutate(Some(&admin), "createAccount", input, "account { id }").await;
    (made["account"]["id"].clone(), app.sign_in("bauamt@musterdorf.example.org", PASSWORD).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_befell_one_thing_is_found_in_order_forwards_and_backwards() {
    let app = TestApp::start().await;
    let id = app.published(&app.editor, app.complete("musterdorf", "Verfolgt").await).await;
    app.published(&app.editor, app.complete("musterdorf", "Daneben").await).await;
    app.archive(&app.editor, &id).await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let all = ["SOLUTION_CREATED", "SOLUTION_PUBLISHED", "SOLUTION_ARCHIVED"];
    let filter = json!({ "subject": id });
    for page in ["first: 100", "last: 100"] {
        assert_eq!(kinds(&app, Some(&moderator), filter.clone(), page).await, all);
        assert_eq!(kinds(&app, None, filter.clone(), page).await, all[1..]);
    }
    assert_eq!(kinds(&app, Some(&moderator), filter.clone(), "first: 2").await, all[..2]);
    assert_eq!(kinds(&app, Some(&moderator), filter, "last: 2").await, all[1..]);
    let filter = json!({ "subject": id, "kinds": ["SOLUTION_ARCHIVED"] });
    assert_eq!(kinds(&app, None, filter, "first: 5").await, all[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_actor_did_is_found_by_those_who_may_know_it() {
    let app = TestApp::start().await;
    let (account, cookie) = colleague(&app).await;
    let id = app.published(&cookie, app.complete("musterdorf", "Vom Bauamt").await).await;
    app.published(&app.editor, app.complete("musterdorf", "Von anderen").await).await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let filter = json!({ "actor": account });
    let who = json!([account, "Bauamt"]);
    let did = ["SOLUTION_CREATED", "SOLUTION_PUBLISHED"].map(|kind| (kind.to_owned(), who.clone()));
    for page in ["first: 9", "last: 9"] {
        for knows in [&moderator, &app.editor] {
            assert_eq!(found(&app, Some(knows), filter.clone(), page).await, did);
        }
        for other in [None, Some(app.reader.as_str()), Some(app.neighbour.as_str())] {
            assert_eq!(found(&app, other, filter.clone(), page).await, []);
        }
    }
    // They may know that it happened, not by whom.
    let public = found(&app, Some(&app.neighbour), json!({ "subject": id }), "first: 9").await;
    assert_eq!(public, [("SOLUTION_PUBLISHED".to_owned(), json!([null, null]))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_asked_for_places_and_times() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let id = app.published(&app.editor, app.complete("musterdorf", "Eins").await).await;
    let question = "query($id: ID!) { events(filter: {subject: $id}, last: 1) {
        edges { node { occurredAt } }
    } }";
    let answer = app.run(Some(&moderator), question, json!({ "id": id })).await;
    let moment = answer["data"]["events"]["edges"][0]["node"]["occurredAt"].clone();
    app.published(&app.neighbour, app.complete("neustadt", "Zwei").await).await;

    let places = json!([app.municipality("musterdorf").await]);
    let since = json!({ "municipalities": places, "since": moment });
    assert_eq!(kinds(&app, Some(&moderator), since, "first: 9").await, ["SOLUTION_PUBLISHED"]);
    let later = json!({ "since": moment, "kinds": ["SOLUTION_CREATED", "SOLUTION_PUBLISHED"] });
    let both = ["SOLUTION_PUBLISHED", "SOLUTION_CREATED", "SOLUTION_PUBLISHED"];
    for page in ["first: 9", "last: 9"] {
        assert_eq!(kinds(&app, Some(&moderator), later.clone(), page).await, both);
    }
    let exactly = json!({ "since": moment, "until": moment });
    assert_eq!(kinds(&app, Some(&moderator), exactly, "last: 9").await, ["SOLUTION_PUBLISHED"]);
    let none = json!({ "since": "2099-01-01T00:00:00Z" });
    assert_eq!(kinds(&app, Some(&moderator), none, "first: 9").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_actor_is_refused_with_a_reason() {
    let app = TestApp::start().await;
    let question = "{ events(filter: {actor: \"jemand\"}, first: 1) { edges { cursor } } }";
    let answer = app.query(question).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    let message = answer["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains("write operator, or the id"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn own_drafts_and_what_waits_for_review_are_lists_of_their_own() {
    let app = TestApp::start().await;
    let (editor, approver) =
        (app.token(Role::Editor, "altdorf").await, app.token(Role::Approver, "altdorf").await);
    let moderator = app.token(Role::Moderator, "neustadt").await;
    app.draft(&editor, app.complete("altdorf", "Entwurf").await).await;
    let waiting = app.draft(&editor, app.complete("altdorf", "Eingereicht").await).await;
    app.mutate(Some(&editor), "submitSolution", json!({ "id": waiting }), "").await;
    // T1 is read by all, and its next version waits too.
    let next = json!({ "id": app.solution("T1").await, "lessons": "Früh anfangen." });
    app.update(&editor, next).await;
    app.settle().await;
    let titles = async |token: Option<&str>, states: &str| {
        let question = format!(
            "{{ solutions(filter: {{lifecycles: [{states}]}}, orderBy: TITLE, first: 9) {{
                totalCount edges {{ node {{ title }} }}
            }} }}"
        );
        let answer = app.run(token, &question, json!({})).await;
        let edges = answer["data"]["solutions"]["edges"].as_array().expect("a list").clone();
        assert_eq!(answer["data"]["solutions"]["totalCount"], json!(edges.len()));
        let title = |edge: &Value| edge["node"]["title"].as_str().expect("a title").to_owned();
        edges.iter().map(title).collect::<Vec<_>>()
    };
    for own in [&editor, &approver] {
        assert_eq!(titles(Some(own), "DRAFT").await, ["Dorfarzt gefunden", "Entwurf"]);
        assert_eq!(titles(Some(own), "SUBMITTED, IN_REVIEW").await, ["Eingereicht"]);
    }
    assert_eq!(titles(Some(&moderator), "DRAFT").await, Vec::<String>::new());
    assert_eq!(titles(Some(&moderator), "SUBMITTED").await, ["Eingereicht"]);
    for other in [None, Some(app.reader.as_str()), Some(app.neighbour.as_str())] {
        assert_eq!(titles(other, "DRAFT, SUBMITTED").await, Vec::<String>::new());
        assert_eq!(titles(other, "PUBLISHED, DRAFT").await, ["Bürgerbus", "Dorfarzt gefunden"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn moderators_know_that_drafts_come_and_go_and_not_what_they_are_called() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let editor = app.token(Role::Editor, "altdorf").await;
    let id = app.draft(&editor, app.complete("altdorf", "Geheimer Plan").await).await;
    let titles = async |token: &str| {
        app.settle().await;
        let question = "query($id: ID!) { events(filter: {subject: $id}, first: 9) {
            edges { node { title } }
        } }";
        let answer = app.run(Some(token), question, json!({ "id": id })).await;
        let edges = answer["data"]["events"]["edges"].as_array().expect("a list").clone();
        edges.iter().map(|edge| edge["node"]["title"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&moderator).await, [Value::Null]);
    assert_eq!(titles(&editor).await, ["Geheimer Plan"]);
    app.mutate(Some(&editor), "submitSolution", json!({ "id": id }), "").await;
    assert_eq!(titles(&moderator).await, [Value::Null, json!("Geheimer Plan")]);
}
