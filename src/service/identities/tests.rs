use serde_json::json;

use super::*;
use crate::app::{App, Silent, in_memory, system_clock, system_ids};
use crate::domain::{Identity, Label, MunicipalityId, Role};

async fn hub() -> App {
    let ids = system_ids(system_clock());
    App::start(in_memory(), system_clock(), ids, &mut Silent).await.expect("a hub in memory")
}

fn claimed() -> Claimed {
    let identity =
        Identity { issuer: "https://id.example.org".to_owned(), subject: "4711".to_owned() };
    Claimed { identity, email: None, claims: json!({}) }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_while_signing_in_does_not_come_back() {
    let app = hub().await;
    let services = app.services();
    // A sign-in has looked and found neither an account nor a mark; then comes the erasure.
    let mark = ErasedIdentity::of(&claimed().identity.text());
    let erasure = Change::default().put(&mark).expect("a mark");
    services.store.commit_silently(erasure).await.expect("it is written");
    let made = services.made(None, &claimed()).await;
    assert!(matches!(&made, Err(SignInError::Failed(error)) if was_faster(error)), "{made:?}");
    assert_eq!(services.store.count::<Account>().await.expect("an answer"), 0);
    // It looks again, and hears what anybody else hears.
    let again = services.session_of(None, &claimed()).await;
    assert!(matches!(again, Err(SignInError::Forbidden)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_before_the_session_begins_gets_none() {
    let app = hub().await;
    let services = app.services();
    let account = services.made(None, &claimed()).await.expect("an account");
    services.erase_account(&Viewer::Operator, &account.id).await.expect("it is erased");
    let begun = services.begin_session(&account).await;
    assert!(matches!(&begun, Err(error) if was_faster(error)), "{begun:?}");
}

#[test]
fn of_too_many_roles_those_are_kept_that_allow_the_most_whatever_their_order() {
    let of = |role: Role, n: u128| Grant::of(role, MunicipalityId::from(ulid::Ulid::from(n)));
    let mut claimed: Vec<Grant> = (0..60).map(|n| of(Role::Reader, n)).collect();
    claimed.push(Grant::everywhere(Role::Admin));
    claimed.push(of(Role::Editor, 7));
    let kept = fitting(claimed.clone());
    assert_eq!(kept.len(), Account::MOST_GRANTS);
    for role in [Role::Admin, Role::Editor] {
        assert!(kept.iter().any(|grant| grant.role == role), "{}", role.name());
    }
    claimed.reverse();
    assert_eq!(fitting(claimed.clone()), kept);
    claimed.truncate(Account::MOST_GRANTS);
    assert_eq!(fitting(claimed.clone()), claimed, "what fits stays as it is");
}
