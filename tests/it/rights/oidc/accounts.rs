//! What becomes of accounts.

use allmende::app::Silent;
use allmende::domain::Role;
use allmende::service::Seed;

use super::*;

const ACCOUNTS: &str = "{ accounts { id email hasPassword disabled grants { role } } }";

async fn accounts(app: &TestApp) -> Value {
    let admin = app.token(Role::Admin, "musterdorf").await;
    app.run(Some(&admin), ACCOUNTS, json!({})).await["data"]["accounts"].clone()
}

/// The kinds of the journal's entries after a number, of accounts.
async fn told(app: &TestApp, after: u64) -> Vec<String> {
    let admin = app.token(Role::Admin, "musterdorf").await;
    app.settle().await;
    let query =
        "query($after: String) { events(first: 50, after: $after) { edges { node { kind } } } }";
    let answer = app.run(Some(&admin), query, json!({ "after": after.to_string() })).await;
    let kinds = answer["data"]["events"]["edges"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let kinds =
        kinds.iter().map(|event| event["node"]["kind"].as_str().expect("a kind").to_owned());
    kinds.filter(|kind| kind.starts_with("ACCOUNT")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_sign_in_makes_an_account_and_the_next_ones_change_it_only_if_something_changed()
{
    let (app, issuer) = hub().await;
    let head = app.head().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, &issuer).await;
    let found = accounts(&app).await;
    assert_eq!(found[0]["email"], "bauamt@musterdorf.example.org", "{found}");
    assert_eq!((&found[0]["hasPassword"], &found[1]), (&json!(false), &Value::Null));
    assert_eq!(told(&app, head).await, ["ACCOUNT_CREATED"]);

    // Another order, and what stands for nothing here, are no change.
    let both = ["allmende-editor:musterdorf", "kreis-lesen", "anderes"];
    issuer.tell(|told| told.claims = claims(&both));
    browser.sign_in(&app, &issuer).await;
    issuer.tell(|told| told.claims = claims(&["kreis-lesen", "allmende-editor:musterdorf"]));
    browser.sign_in(&app, &issuer).await;
    assert_eq!(told(&app, head).await, ["ACCOUNT_CREATED", "ACCOUNT_UPDATED"]);
    assert_eq!(accounts(&app).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_claimed_no_more_is_gone_in_all_browsers() {
    let (app, issuer) = hub().await;
    issuer.tell(|told| told.claims = claims(&["allmende-editor:musterdorf", "kreis-lesen"]));
    let (mut office, mut home) = (Browser::default(), Browser::default());
    office.sign_in(&app, &issuer).await;
    issuer.tell(|told| told.claims = claims(&["kreis-lesen"]));
    home.sign_in(&app, &issuer).await;
    for browser in [&office, &home] {
        let grants = browser.viewer(&app).await["grants"].clone();
        assert_eq!(grants.as_array().map(Vec::len), Some(1), "{grants}");
        assert_eq!(grants[0]["role"], "READER");
    }
    // Who has no role any more is not let in, and put out where they were.
    issuer.tell(|told| told.claims = claims(&["fremd"]));
    let answer = Browser::default().sign_in(&app, &issuer).await;
    assert_eq!(code(&answer), (403, "FORBIDDEN".to_owned()));
    assert_eq!(office.viewer(&app).await, Value::Null);
    assert_eq!(accounts(&app).await[0]["grants"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_browser_had_ends_with_the_next_sign_in() {
    let (app, issuer) = hub().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, &issuer).await;
    let before = Browser { cookies: browser.cookies.clone(), address: None };
    browser.sign_in(&app, &issuer).await;
    assert_ne!(browser.cookies, before.cookies);
    assert_eq!(before.viewer(&app).await, Value::Null);
    assert_ne!(browser.viewer(&app).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_opens_no_account_that_is_here_already() {
    let (app, issuer) = hub().await;
    let admin = app.token(Role::Admin, "musterdorf").await;
    let create = "mutation($input: CreateAccountInput!) {
        createAccount(input: $input) { account { id } userErrors { message } }
    }";
    let input = json!({
        "email": "bauamt@musterdorf.example.org", "password": "ein langes Kennwort",
        "grants": [{ "role": "ADMIN" }],
    });
    let answer = app.run(Some(&admin), create, json!({ "input": input })).await;
    let local = answer["data"]["createAccount"]["account"]["id"].clone();
    assert!(local.is_string(), "{answer}");
    let mut browser = Browser::default();
    browser.sign_in(&app, &issuer).await;
    let viewer = browser.viewer(&app).await;
    assert_ne!(viewer["accountId"], local);
    assert_eq!(viewer["grants"][0]["role"], "EDITOR", "{viewer}");
    let found = accounts(&app).await;
    assert_eq!(found.as_array().map(Vec::len), Some(2));
    assert_eq!(found[1]["email"], Value::Null, "{found}");
    // The other way in goes on.
    app.sign_in("bauamt@musterdorf.example.org", "ein langes Kennwort").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_vouches_for_is_not_kept() {
    let (app, issuer) = hub().await;
    issuer.tell(|told| told.claims["email_verified"] = json!(false));
    Browser::default().sign_in(&app, &issuer).await;
    // Several may have none.
    issuer.tell(|told| {
        told.claims["sub"] = json!("4712");
        told.user_info["sub"] = json!("4712");
    });
    Browser::default().sign_in(&app, &issuer).await;
    let found = accounts(&app).await;
    assert_eq!(found.as_array().map(Vec::len), Some(2), "{found}");
    assert_eq!((&found[0]["email"], &found[1]["email"]), (&Value::Null, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_disabled_or_erased_is_not_let_in_and_hears_what_anybody_without_a_role_hears() {
    let (app, issuer) = hub().await;
    let forbidden = async || {
        let answer = Browser::default().sign_in(&app, &issuer).await;
        assert_eq!(code(&answer), (403, "FORBIDDEN".to_owned()));
        answer.text
    };
    issuer.tell(|told| told.claims = claims(&[]));
    let without_a_role = forbidden().await;
    assert_eq!(accounts(&app).await, json!([]), "no account is made for nothing");

    issuer.tell(|told| told.claims = claims(&["leitung"]));
    Browser::default().sign_in(&app, &issuer).await;
    let admin = app.token(Role::Admin, "musterdorf").await;
    let id = accounts(&app).await[0]["id"].clone();
    let disable = "mutation($id: ID!) {
        updateAccount(input: {id: $id, disabled: true}) { userErrors { message } }
    }";
    app.run(Some(&admin), disable, json!({ "id": id })).await;
    assert_eq!(forbidden().await, without_a_role);

    let erase = "mutation($id: ID!) { eraseAccount(input: {id: $id}) { erasedId } }";
    let answer = app.run(Some(&admin), erase, json!({ "id": id })).await;
    assert_eq!(answer["data"]["eraseAccount"]["erasedId"], id);
    assert_eq!(forbidden().await, without_a_role);
    assert_eq!(accounts(&app).await, json!([]), "it is not made anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_lines_for_roles_admins_of_the_hub_say_who_has_which() {
    let issuer = Issuer::start(Key::Ed25519(1)).await;
    issuer.tell(|told| told.claims = claims(&["leitung"]));
    let mut around = around(&issuer.url);
    if let Some(provider) = &mut around.provider {
        provider.roles = None;
    }
    let app = TestApp::start_around(around).await;
    let mut browser = Browser::default();
    browser.sign_in(&app, &issuer).await;
    assert_eq!(browser.viewer(&app).await["grants"], json!([]));
    let admin = app.token(Role::Admin, "musterdorf").await;
    let id = accounts(&app).await[0]["id"].clone();
    let update = "mutation($id: ID!) {
        updateAccount(input: {id: $id, grants: [{role: MODERATOR}]}) { userErrors { message } }
    }";
    app.run(Some(&admin), update, json!({ "id": id })).await;
    browser.sign_in(&app, &issuer).await;
    assert_eq!(browser.viewer(&app).await["grants"][0]["role"], "MODERATOR");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_said_to_have_more_roles_than_an_account_holds_is_signed_in_with_some() {
    let (app, issuer) = hub().await;
    let place = |n: usize| {
        format!(
            "[[municipality]]\nslug = \"ort-{n}\"\nname = \"Ort {n}\"\nkind = \"gemeinde\"\nstates = [\"DE-SN\"]\n"
        )
    };
    let places: String = (0..60).map(place).collect();
    let mut seed = Seed::default();
    seed.read("places.toml", &places).expect("sound places");
    app.app.services().import(seed, &mut Silent).await.expect("the places fit the rules");
    app.settle().await;
    let roles: Vec<String> = (0..60).map(|n| format!("allmende-editor:ort-{n}")).collect();
    let mut roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    roles.push("leitung");
    issuer.tell(|told| told.claims = claims(&roles));
    let mut browser = Browser::default();
    let answer = browser.sign_in(&app, &issuer).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let viewer = browser.viewer(&app).await;
    let held = viewer["grants"].as_array().unwrap_or_else(|| panic!("{viewer}"));
    assert_eq!(held.len(), 25);
    assert!(held.iter().any(|grant| grant["role"] == "ADMIN"), "{viewer}");
    // In another order they are the same.
    let head = app.head().await;
    roles.reverse();
    issuer.tell(|told| told.claims = claims(&roles));
    browser.sign_in(&app, &issuer).await;
    assert_eq!(told(&app, head).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_believed_whose_subject_is_longer_than_the_standard_allows() {
    let (app, issuer) = hub().await;
    issuer.tell(|told| {
        told.claims["sub"] = json!("4".repeat(500));
        told.user_info["sub"] = json!("4".repeat(500));
    });
    let answer = Browser::default().sign_in(&app, &issuer).await;
    assert_eq!(code(&answer), (401, "UNAUTHENTICATED".to_owned()));
    assert_eq!(accounts(&app).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_first_sign_ins_at_once_make_one_account() {
    let (app, issuer) = hub().await;
    let sign_in = async || Browser::default().sign_in(&app, &issuer).await.status;
    let all = futures_util::future::join_all((0..6).map(|_| sign_in())).await;
    assert_eq!(all, [StatusCode::SEE_OTHER; 6]);
    assert_eq!(accounts(&app).await.as_array().map(Vec::len), Some(1));
}
