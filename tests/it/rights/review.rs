//! Two pairs of eyes: a text goes through review, and readers keep the last one that passed.

use allmende::domain::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

const SOLUTION: &str = "query($id: ID!) { solution(by: {id: $id}) {
    title version quality lifecycle
    nextVersion { id number lifecycle content { title } differences { path before after } }
    versions { id number content { title } }
    transitions { action reason version }
} }";

async fn run(app: &TestApp, token: &str, name: &str, input: Value) -> Value {
    let type_name = name[..1].to_uppercase() + &name[1..];
    let document = format!(
        "mutation($input: {type_name}Input!) {{ payload: {name}(input: $input) {{
            solution {{ lifecycle version }} userErrors {{ code path message }}
        }} }}"
    );
    app.run(Some(token), &document, json!({ "input": input })).await["data"]["payload"].clone()
}

async fn steps(app: &TestApp, id: &str, steps: &[(&str, &str)]) {
    for (token, name) in steps {
        let payload = run(app, token, name, json!({ "id": id })).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}");
    }
}

async fn seen(app: &TestApp, token: Option<&str>, id: &str) -> Value {
    app.run(token, SOLUTION, json!({ "id": id })).await["data"]["solution"].clone()
}

/// A published solution of a town hall with two people, and their tokens.
async fn published(app: &TestApp) -> (String, String, String) {
    let editor = app.token(Role::Editor, "altdorf").await;
    let approver = app.token(Role::Approver, "altdorf").await;
    let id = app.draft(&editor, app.complete("altdorf", "Erste Fassung").await).await;
    let way = [
        (editor.as_str(), "submitSolution"),
        (&approver, "startSolutionReview"),
        (&approver, "approveSolution"),
        (&editor, "publishSolution"),
    ];
    steps(app, &id, &way).await;
    (id, editor, approver)
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_keep_what_was_approved_until_the_next_version_is() {
    let app = TestApp::start().await;
    let (id, editor, approver) = published(&app).await;
    assert_eq!(seen(&app, None, &id).await["quality"], "CHECKED");
    run(&app, &editor, "updateSolution", json!({ "id": id, "title": "Zweite Fassung" })).await;

    let reader = seen(&app, None, &id).await;
    assert_eq!((&reader["title"], &reader["version"]), (&json!("Erste Fassung"), &json!(1)));
    assert_eq!(reader["nextVersion"], Value::Null);
    assert_eq!(reader["versions"].as_array().map(Vec::len), Some(1));
    assert_eq!(reader["transitions"], json!([]));

    let next = seen(&app, Some(&editor), &id).await["nextVersion"].clone();
    assert_eq!((&next["number"], &next["lifecycle"]), (&json!(2), &json!("DRAFT")));
    assert_eq!(
        next["differences"],
        json!([{ "path": ["title"], "before": "Erste Fassung", "after": "Zweite Fassung" }])
    );
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let hidden = app.run(None, node, json!({ "id": next["id"] })).await;
    assert_eq!(hidden["data"]["node"], Value::Null, "a next version is not for everybody");

    let way = [
        (editor.as_str(), "submitSolution"),
        (&approver, "startSolutionReview"),
        (&approver, "approveSolution"),
        (&editor, "publishSolution"),
    ];
    steps(&app, &id, &way).await;
    let reader = seen(&app, None, &id).await;
    assert_eq!((&reader["title"], &reader["version"]), (&json!("Zweite Fassung"), &json!(2)));
    let titles: Vec<_> = reader["versions"].as_array().expect("a list").iter().collect();
    assert_eq!(titles[1]["content"]["title"], "Erste Fassung");
    assert_eq!(titles.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_a_text_cannot_approve_it() {
    let app = TestApp::start().await;
    let approver = app.token(Role::Approver, "altdorf").await;
    let admin = sign_up(&app, &[("EDITOR", "altdorf"), ("APPROVER", "altdorf")]).await;
    let id = app.draft(&admin, app.complete("altdorf", "Selbst geschrieben").await).await;
    steps(&app, &id, &[(&admin, "submitSolution"), (&approver, "startSolutionReview")]).await;
    let payload = run(&app, &admin, "approveSolution", json!({ "id": id })).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_ALLOWED", "{payload}");
    steps(&app, &id, &[(&approver, "approveSolution")]).await;
}

/// Somebody with several roles, signed in.
async fn sign_up(app: &TestApp, grants: &[(&str, &str)]) -> String {
    let admin = app.token(Role::Admin, "altdorf").await;
    let mut held = Vec::new();
    for (role, slug) in grants {
        held.push(json!({ "role": role, "municipality": app.municipality(slug).await }));
    }
    let input = json!({
        "email": "bauamt@altdorf.example.org", "password": "ein langes Kennwort", "grants": held,
    });
    let create = "mutation($input: CreateAccountInput!) {
        createAccount(input: $input) { account { id } userErrors { code path } }
    }";
    let answer = app.run(Some(&admin), create, json!({ "input": input })).await;
    assert_eq!(answer["data"]["createAccount"]["userErrors"], json!([]), "{answer}");
    app.sign_in("bauamt@altdorf.example.org", "ein langes Kennwort").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_is_taken_up_again_on_the_way_of_every_change() {
    let app = TestApp::start().await;
    let (id, editor, approver) = published(&app).await;
    run(&app, &editor, "updateSolution", json!({ "id": id, "title": "Zweite Fassung" })).await;
    let way = [
        (editor.as_str(), "submitSolution"),
        (&approver, "startSolutionReview"),
        (&approver, "approveSolution"),
        (&editor, "publishSolution"),
    ];
    steps(&app, &id, &way).await;
    let first = seen(&app, Some(&editor), &id).await["versions"][1]["id"].clone();
    run(&app, &editor, "restoreSolutionVersion", json!({ "id": first })).await;
    let solution = seen(&app, Some(&editor), &id).await;
    assert_eq!(solution["title"], "Zweite Fassung");
    assert_eq!(solution["nextVersion"]["content"]["title"], "Erste Fassung");
    steps(&app, &id, &way).await;
    let solution = seen(&app, None, &id).await;
    assert_eq!((&solution["title"], &solution["version"]), (&json!("Erste Fassung"), &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_back_comes_with_a_reason_that_its_authors_read() {
    let app = TestApp::start().await;
    let editor = app.token(Role::Editor, "altdorf").await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let id = app.draft(&editor, app.complete("altdorf", "Zu kurz").await).await;
    steps(&app, &id, &[(&editor, "submitSolution"), (&moderator, "startSolutionReview")]).await;
    let empty = json!({ "id": id, "reason": " " });
    let payload = run(&app, &moderator, "requestSolutionChanges", empty).await;
    assert_eq!(payload["userErrors"][0]["path"], json!(["reason"]));
    let point = json!({ "point": "FACTS_CHECKED", "met": false });
    let input = json!({ "id": id, "reason": "Bitte Kosten nennen.", "checklist": [point] });
    run(&app, &moderator, "requestSolutionChanges", input).await;
    let solution = seen(&app, Some(&editor), &id).await;
    assert_eq!(solution["lifecycle"], "CHANGES_REQUESTED");
    let last = &solution["transitions"][0];
    assert_eq!(
        (&last["action"], &last["reason"]),
        (&json!("REQUEST_CHANGES"), &json!("Bitte Kosten nennen."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_leads_on_to_the_solution_that_took_its_place() {
    let app = TestApp::start().await;
    let moderator = app.token(Role::Moderator, "neustadt").await;
    let kept = app.published(&app.editor, app.complete("musterdorf", "Original").await).await;
    let double = app.published(&app.editor, app.complete("musterdorf", "Doppelgänger").await).await;
    let itself = json!({ "id": double, "into": double, "reason": "Doppelt." });
    let payload = run(&app, &moderator, "mergeSolution", itself).await;
    assert_eq!(payload["userErrors"][0]["path"], json!(["into"]));
    let input = json!({ "id": double, "into": kept, "reason": "Doppelt." });
    run(&app, &moderator, "mergeSolution", input).await;
    app.settle().await;
    let question = "query($id: ID!) {
        solution(by: {id: $id}) { lifecycle mergedInto { title } }
        solutions(search: \"Doppelgänger\") { totalCount }
    }";
    let answer = app.run(None, question, json!({ "id": double })).await;
    assert_eq!(answer["data"]["solution"]["mergedInto"]["title"], "Original");
    assert_eq!(answer["data"]["solutions"]["totalCount"], 0);
}
