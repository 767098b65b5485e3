use chrono::{DateTime, NaiveDate, Utc};
use ulid::Ulid;

use super::*;
use crate::domain::solution::SolutionStatus;
use crate::domain::{Action, Actor, ContactId, MunicipalityId, Step, TopicId};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T10:00:00Z").parse().expect("a moment")
}

fn step(action: Action, on: &str, until: Option<&str>) -> Step {
    Step {
        action,
        actor: Actor::Operator,
        reason: Some("Weil es so ist.".to_owned()),
        code: None,
        checklist: Vec::new(),
        review_by: until.map(day),
        one_person: true,
        at: at(on),
    }
}

fn draft() -> Solution {
    let id = SolutionId::from(Ulid::from_parts(1, 1));
    let mut solution = Solution::draft(id, "Dorfarzt", at("2026-01-01"));
    solution.title = "Dorfarzt".to_owned();
    solution.municipalities = vec![MunicipalityId::from(Ulid::from_parts(1, 2))];
    solution.teaser = "Wie ein Dorf seinen Arzt fand.".to_owned();
    solution.problem = "Der Arzt ging.".to_owned();
    solution.approach = "Ein neuer kam.".to_owned();
    solution.topics = vec![TopicId::from_key("health_care").expect("a slug")];
    solution.status = Some(SolutionStatus::Running);
    solution.contacts = vec![ContactId::from(Ulid::from_parts(1, 3))];
    solution
}

fn published(on: &str, until: Option<&str>) -> Solution {
    draft().after(&step(Action::Publish, on, until)).expect("everything is there")
}

#[test]
fn a_publication_holds_for_a_year_and_up_to_the_day_that_an_editor_sets() {
    assert_eq!(draft().review_date(), None, "nobody reads a draft");
    assert_eq!(published("2026-02-10", None).review_date(), Some(day("2027-02-10")));
    assert_eq!(published("2024-02-29", None).review_date(), Some(day("2025-02-28")));
    let set = published("2026-02-10", Some("2026-06-01"));
    assert_eq!(set.review_date(), Some(day("2026-06-01")));
}

#[test]
fn a_confirmation_begins_another_year_and_takes_the_day_of_before_away() {
    let set = published("2026-02-10", Some("2026-06-01"));
    let confirmed = set.after(&step(Action::Confirm, "2026-05-20", None)).expect("it holds");
    assert_eq!(confirmed.review_date(), Some(day("2027-05-20")));
    assert_eq!(confirmed.last_checked, Some(day("2026-05-20")));
    let next = step(Action::Confirm, "2026-05-21", Some("2026-09-01"));
    let confirmed = confirmed.after(&next).expect("it holds");
    assert_eq!(confirmed.review_date(), Some(day("2026-09-01")));
}

#[test]
fn a_day_in_the_past_or_in_a_far_future_is_refused() {
    for until in ["2026-02-10", "2025-01-01", "2029-02-11"] {
        let refused = draft().after(&step(Action::Publish, "2026-02-10", Some(until)));
        let problems = refused.expect_err(until);
        assert_eq!(problems.first().map(|it| it.path.join(".")), Some("reviewBy".to_owned()));
    }
    assert_eq!(published("2026-02-10", Some("2029-02-10")).review_date(), Some(day("2029-02-10")));
}

#[test]
fn what_an_editor_checked_later_counts() {
    let mut solution = published("2026-02-10", None);
    solution.last_checked = Some(day("2026-08-01"));
    assert_eq!(solution.review_date(), Some(day("2027-08-01")));
    solution.last_checked = Some(day("2020-08-01"));
    assert_eq!(solution.review_date(), Some(day("2027-02-10")), "what came before does not");
}

#[test]
fn a_text_that_was_begun_before_a_confirmation_does_not_undo_it() {
    let public = published("2026-02-10", None);
    let next = public.clone().as_next_version();
    let public = public.after(&step(Action::Confirm, "2027-01-20", None)).expect("it holds");
    let public = next.in_place_of(&public);
    assert_eq!(public.review_date(), Some(day("2028-01-20")));
    assert_eq!(public.last_checked, Some(day("2027-01-20")));
}

#[test]
fn what_does_not_fit_newer_rules_can_still_be_marked_as_outdated() {
    let mut old = published("2026-02-10", None);
    old.topics.clear();
    let marked = old.after(&step(Action::MarkOutdated, "2027-04-01", None)).expect("it is marked");
    assert!(!marked.is_watched() && marked.review_date().is_some());
}

#[test]
fn first_comes_the_reminder_and_then_the_grace() {
    let rules = ReviewRules { grace: 30 };
    let due = day("2027-02-10");
    let step = |reminded: Option<&str>, today: &str| rules.step(due, reminded.map(day), day(today));
    assert_eq!(step(None, "2027-01-10"), None);
    assert_eq!(step(None, "2027-01-11"), Some(ReviewStep::Remind));
    assert_eq!(step(Some("2027-01-11"), "2027-01-12"), None, "once");
    assert_eq!(step(Some("2027-01-11"), "2027-03-12"), None);
    assert_eq!(step(Some("2027-01-11"), "2027-03-13"), Some(ReviewStep::MarkOutdated));
    // A hub that did not run for years asks first, and then waits as long.
    assert_eq!(step(None, "2029-01-01"), Some(ReviewStep::Remind));
    assert_eq!(step(Some("2029-01-01"), "2029-01-31"), None);
    assert_eq!(step(Some("2029-01-01"), "2029-02-01"), Some(ReviewStep::MarkOutdated));
    // A clock that goes back asks nobody twice and marks nothing.
    assert_eq!(step(Some("2029-01-01"), "2026-01-01"), None);
    assert_eq!(ReviewRules { grace: 0 }.step(due, Some(due), due), None);
}
