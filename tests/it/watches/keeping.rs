//! What owners do with their watches, and what nobody else learns of them.

use serde_json::{Value, json};

use super::{Post, by_mail, create, published};
use crate::support::TestApp;

fn feed() -> Value {
    json!({ "name": "Busse", "selection": { "search": "Bus" }, "channel": "FEED" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_says_what_it_finds_in_the_words_of_the_api() {
    let app = TestApp::start().await;
    let place = app.municipality("musterdorf").await;
    let filter = json!({ "topics": ["Topic:mobility"], "sizeBands": ["FROM_10K"] });
    let selection =
        json!({ "filter": filter, "search": "Bus", "likeMunicipality": place, "minLikeness": 0.5 });
    let made = create(&app, &app.editor, feed(), json!({ "selection": selection })).await;
    let id = made["watch"]["id"].clone();
    let question = "query($id: ID!) { node(id: $id) { ... on Watch {
        name kinds selection { filter search minLikeness likeMunicipality { id } }
    } } }";
    let answer = app.run(Some(&app.editor), question, json!({ "id": id })).await;
    let watch = &answer["data"]["node"];
    assert_eq!(watch["kinds"], json!(["SOLUTION_PUBLISHED"]), "{answer}");
    let saved: Value = serde_json::from_str(
        watch["selection"]["filter"].as_str().unwrap_or_else(|| panic!("{answer}")),
    )
    .expect("JSON");
    assert_eq!(saved, filter);
    assert_eq!(watch["selection"]["likeMunicipality"]["id"], json!(place));
    // It can be asked with again.
    let again = "query($filter: SolutionFilter) { solutions(filter: $filter) { totalCount } }";
    let answer = app.run(None, again, json!({ "filter": saved })).await;
    assert!(answer["errors"].is_null(), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_sees_a_watch() {
    let app = TestApp::start().await;
    let made = create(&app, &app.editor, feed(), json!({})).await;
    let id = made["watch"]["id"].as_str().expect("an id").to_owned();
    let admin = app.token(allmende::domain::Role::Admin, "musterdorf").await;
    let node = "query($id: ID!) { node(id: $id) { id } viewer { watches { id } } }";
    let nobody = "Watch:01J5Z3NDEKTSV4RRFFQ69G5FAV";
    for token in [None, Some(&app.neighbour), Some(&app.reader), Some(&admin)] {
        let token = token.map(String::as_str);
        let answer = app.run(token, node, json!({ "id": id })).await;
        assert_eq!(answer["data"]["node"], Value::Null, "{answer}");
        for change in ["updateWatch", "pauseWatch", "resumeWatch", "deleteWatch", "renewWatchFeed"]
        {
            let theirs = app.refused(token, change, json!({ "id": id })).await;
            assert_eq!(theirs, app.refused(token, change, json!({ "id": nobody })).await);
            assert_eq!(theirs, if token.is_some() { "NOT_FOUND id" } else { "UNAUTHENTICATED" });
        }
    }
    let answer = app.run(Some(&app.editor), node, json!({ "id": id })).await;
    assert_eq!(answer["data"]["node"]["id"], json!(id));
    assert_eq!(answer["data"]["viewer"]["watches"], json!([{ "id": id }]));
    let gone = app.mutate(Some(&app.editor), "deleteWatch", json!({ "id": id }), "deletedId").await;
    assert_eq!(gone["deletedId"], json!(id));
    let answer = app.run(Some(&app.editor), node, json!({ "id": id })).await;
    assert_eq!(answer["data"]["node"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_account_makes_and_sees_no_watches() {
    let post = Post::start([]).await;
    let app = &post.app;
    let member = post.member("kim", json!([{ "role": "MODERATOR" }])).await;
    let made = create(app, &member, feed(), json!({ "kinds": ["SOLUTION_CREATED"] })).await;
    let id = made["watch"]["id"].clone();
    let grant = json!({ "name": "Skript", "grant": { "role": "READER" } });
    let token = app.mutate(Some(&member), "createAccessToken", grant, "secret").await;
    let token = token["secret"].as_str().expect("a secret");
    assert_eq!(app.refused(Some(token), "createWatch", feed()).await, "FORBIDDEN");
    for change in ["updateWatch", "pauseWatch", "resumeWatch", "deleteWatch", "renewWatchFeed"] {
        assert_eq!(app.refused(Some(token), change, json!({ "id": id })).await, "FORBIDDEN");
    }
    let question = "query($id: ID!) { node(id: $id) { id } viewer { watches { id } } }";
    let seen = app.run(Some(token), question, json!({ "id": id })).await["data"].clone();
    assert_eq!((&seen["node"], &seen["viewer"]["watches"]), (&Value::Null, &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_before_it_is_saved() {
    let post = Post::start([]).await;
    let app = &post.app;
    let cases = [
        (json!({ "name": " " }), "REQUIRED name"),
        (json!({ "kinds": [] }), "NOT_ALLOWED kinds"),
        (json!({ "kinds": ["ACCOUNT_CREATED"] }), "NOT_ALLOWED kinds"),
        (json!({ "address": "a@example.org" }), "NOT_ALLOWED address"),
        (json!({ "channel": "MAIL", "address": "a b@example.org" }), "INVALID address"),
        (json!({ "quietHours": { "starts": 24, "ends": 0 } }), "INVALID quietHours"),
        (json!({ "selection": { "minLikeness": 0.5 } }), "BAD_USER_INPUT"),
        (json!({ "selection": { "filter": { "states": ["XX"] } } }), "BAD_USER_INPUT"),
        (json!({ "selection": { "search": "einwohner:viele" } }), "BAD_USER_INPUT"),
    ];
    for (more, expected) in cases {
        let mut input = feed();
        for (field, value) in more.as_object().expect("fields") {
            input[field] = value.clone();
        }
        assert_eq!(app.refused(Some(&app.editor), "createWatch", input).await, expected, "{more}");
    }
    let mail = create(app, &post.member("kim", json!([])).await, by_mail(), json!({})).await;
    assert_eq!(mail["feedUrl"], Value::Null);
    assert_eq!(app.refused(None, "createWatch", feed()).await, "UNAUTHENTICATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_more_than_fifty() {
    let app = TestApp::start().await;
    for _ in 0..50 {
        create(&app, &app.editor, feed(), json!({})).await;
    }
    assert_eq!(app.refused(Some(&app.editor), "createWatch", feed()).await, "TOO_MANY name");
    create(&app, &app.neighbour, feed(), json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_tells_what_would_have_come() {
    let app = TestApp::start().await;
    published(&app, "Rufbus").await;
    published(&app, "Mitfahrbank").await;
    app.published(&app.editor, app.complete("musterdorf", "Bus zum Markt").await).await;
    app.settle().await;
    let question = "query($selection: WatchSelectionInput!, $kinds: [EventKind!]) {
        watchPreview(selection: $selection, kinds: $kinds) {
            count days examples { event { kind } solution { title } }
        }
    }";
    let seen = async |selection: Value, kinds: Value| {
        let variables = json!({ "selection": selection, "kinds": kinds });
        app.run(Some(&app.editor), question, variables).await
    };
    let answer = seen(json!({ "search": "Rufbus" }), Value::Null).await;
    let expected = json!({ "count": 1, "days": 90, "examples": [
        { "event": { "kind": "SOLUTION_PUBLISHED" }, "solution": { "title": "Rufbus" } },
    ] });
    assert_eq!(answer["data"]["watchPreview"], expected, "{answer}");
    // What one did oneself is not told of, and neither is it here.
    let answer = seen(json!({ "search": "Markt" }), Value::Null).await;
    assert_eq!(answer["data"]["watchPreview"]["count"], 0, "{answer}");
    let answer = seen(json!({ "filter": { "topics": ["Topic:mobility"] } }), Value::Null).await;
    let first = &answer["data"]["watchPreview"]["examples"][0]["solution"]["title"];
    assert_eq!(first, "Mitfahrbank", "the newest first: {answer}");
    let answer = seen(json!({}), json!(["SOLUTION_ARCHIVED"])).await;
    assert_eq!(answer["data"]["watchPreview"]["count"], 0, "{answer}");
    let answer = app.run(None, question, json!({ "selection": {} })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}
