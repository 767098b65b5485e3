use super::*;
use crate::app::{App, Silent, in_memory, system_clock, system_ids};
use crate::domain::Role;
use crate::service::NewToken;

const EMAIL: &str = "bauamt@musterdorf.example.org";
const PASSWORD: &str = "ein langes Kennwort";

/// A hub, and an account that was read before anything else happens to it.
async fn hub() -> (App, Account) {
    let ids = system_ids(system_clock());
    let app = App::start(in_memory(), system_clock(), ids, &mut Silent).await.expect("a hub");
    let change = AccountChange {
        email: Some(EMAIL.to_owned()),
        password: Some(PASSWORD.to_owned()),
        grants: Some(vec![Grant::everywhere(Role::Reader)]),
        ..AccountChange::default()
    };
    let made = app.services().create_account(&Viewer::Operator, change).await;
    (app, made.expect("an account"))
}

async fn update(app: &App, account: &Account, change: AccountChange) -> Account {
    let updated = app.services().update_account(&Viewer::Operator, &account.id, change).await;
    updated.expect("it is changed")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_password_that_was_right_a_moment_ago_begins_no_session() {
    let (app, verified) = hub().await;
    let services = app.services();
    let password = Some("ein ganz anderes Kennwort".to_owned());
    let changed = update(&app, &verified, AccountChange { password, ..Default::default() }).await;
    let late = services.begin_session(&verified).await;
    assert!(matches!(late, Err(Error::Store(store::Error::Stale))), "{late:?}");
    services.begin_session(&changed).await.expect("the new one is good");
    // Another change leaves the password as it is.
    let name = Some(Some("Bauamt".to_owned()));
    update(&app, &changed, AccountChange { name, ..Default::default() }).await;
    services.begin_session(&changed).await.expect("it is still good");
    let disabled = Some(true);
    update(&app, &changed, AccountChange { disabled, ..Default::default() }).await;
    assert!(services.begin_session(&changed).await.is_err(), "it is shut");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_its_password_an_account_loses_its_sessions_and_not_with_its_name() {
    let (app, account) = hub().await;
    let services = app.services();
    let session = services.begin_session(&account).await.expect("a session");
    let is_signed_in =
        async || services.admit_session(session.reveal()).await.expect("an answer").is_some();
    let name = Some(Some("Bauamt".to_owned()));
    let account = update(&app, &account, AccountChange { name, ..Default::default() }).await;
    assert!(is_signed_in().await);
    let password = Some("ein ganz anderes Kennwort".to_owned());
    update(&app, &account, AccountChange { password, ..Default::default() }).await;
    assert!(!is_signed_in().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_left_of_an_account_that_is_erased_nor_made_for_it() {
    let (app, account) = hub().await;
    let services = app.services();
    let new = || NewToken {
        name: Some("Rechner von Kim".to_owned()),
        grant: Grant::everywhere(Role::Reader),
        expires_at: None,
    };
    let viewer = account.viewer();
    services.make_token(&viewer, new()).await.expect("a token");
    services.erase_account(&Viewer::Operator, &account.id).await.expect("it is erased");
    let late = services.make_token(&viewer, new()).await.map(|(token, _)| token);
    assert!(matches!(late, Err(Error::Unauthenticated)), "{late:?}");
    assert_eq!(services.store.tokens_of(None).await.expect("an answer"), []);
}
