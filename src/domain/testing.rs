//! Small tools of the domain's tests.

use chrono::DateTime;
use ulid::Ulid;

use super::account::Account;
use super::identity::Identity;
use super::key::OrganisationId;
use super::kinds::Label;
use super::problem::Problem;
use super::rights::{Grant, Role};

/// What was found, as `CODE path.in.dots`.
pub(super) fn told<T>(result: Result<T, Vec<Problem>>) -> Vec<String> {
    let problems = result.err().unwrap_or_default();
    let told = |problem: Problem| format!("{} {}", problem.code().name(), problem.path.join("."));
    problems.into_iter().map(told).collect()
}

/// The longest account that is taken, written in this letter.
pub(crate) fn longest_account(letter: &str) -> Account {
    let long = |most: usize| letter.repeat(most / letter.len());
    let grant = Grant {
        organisation: Some(OrganisationId::from(Ulid::from(u128::MAX))),
        ..Grant::everywhere(Role::Moderator)
    };
    Account {
        id: Ulid::from(u128::MAX).into(),
        revision: u32::MAX,
        email: Some(long_address(200)),
        name: Some(long(200)),
        // As long as a hash in PHC form is.
        password: Some("x".repeat(97)),
        identity: Some(long(Identity::LONGEST)),
        grants: vec![grant; Account::MOST_GRANTS],
        disabled: false,
        created_at: DateTime::from_timestamp_nanos(1_700_000_000_123_456_789),
        updated_at: DateTime::from_timestamp_nanos(1_700_000_000_123_456_789),
    }
}

/// A sound mail address of so many bytes, more than 70.
pub(crate) fn long_address(bytes: usize) -> String {
    let name = "a".repeat(64);
    let host: String = "b.".chars().cycle().take(bytes - name.len() - "@de".len()).collect();
    format!("{name}@{host}de")
}

/// Makes a list longer than allowed out of its own entries.
pub(super) fn repeat<T: Clone>(list: &mut Vec<T>, times: usize) {
    *list = std::iter::repeat_n(list.clone(), times).flatten().collect();
}
