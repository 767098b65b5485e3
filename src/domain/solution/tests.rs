mod fields;

use chrono::{DateTime, Utc};
use ulid::Ulid;

use super::*;
use crate::domain::{
    Actor, ContactId, Label, MunicipalityId, Patch, Problem, ProblemCode, SolutionId, TopicId, What,
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("a fixed moment")
}

fn draft() -> Solution {
    let id = SolutionId::from(Ulid::from_parts(1, 1));
    let mut solution = Solution::draft(id, "Dorfarzt", now());
    solution.title = "Dorfarzt".to_owned();
    solution.municipalities = vec![MunicipalityId::from(Ulid::from_parts(1, 2))];
    solution
}

fn publishable() -> Solution {
    let mut solution = draft();
    solution.teaser = "Wie ein Dorf seinen Arzt fand.".to_owned();
    solution.problem = "Der Arzt ging.".to_owned();
    solution.approach = "Ein neuer kam.".to_owned();
    solution.topics = vec![TopicId::from_key("health_care").expect("a slug")];
    solution.status = Some(SolutionStatus::Running);
    solution.contacts = vec![ContactId::from(Ulid::from_parts(1, 3))];
    solution
}

fn step(action: Action) -> Step {
    let (reason, checklist) = (Some("Weil es so ist.".to_owned()), Vec::new());
    let (code, review_by) = (None, None);
    let actor = Actor::Operator;
    Step { action, actor, reason, code, checklist, review_by, one_person: false, at: now() }
}

fn fields(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| problem.path.join(".")).collect()
}

#[test]
fn publication_asks_for_what_readers_need_and_says_all_of_it_at_once() {
    let problems = draft().after(&step(Action::Publish)).unwrap_err();
    assert_eq!(
        fields(&problems),
        ["teaser", "topics", "problem", "approach", "status", "contacts"]
    );
    assert!(problems.iter().all(|problem| problem.code() == ProblemCode::Required));

    let published = publishable().after(&step(Action::Publish)).expect("everything is there");
    assert_eq!((published.lifecycle, published.published_at), (Lifecycle::Published, Some(now())));
}

#[test]
fn a_published_solution_cannot_lose_what_publication_asks_for() {
    let published = publishable().after(&step(Action::Publish)).expect("everything is there");
    let change = SolutionChange { contacts: Patch::Clear, ..SolutionChange::default() };
    assert_eq!(fields(&published.changed(change, now()).unwrap_err()), ["contacts"]);
}

#[test]
fn what_is_named_twice_counts_once() {
    let topic = TopicId::from_key("mobility").expect("a slug");
    let change = SolutionChange {
        topics: Patch::Set(vec![topic.clone(); 5]),
        keywords: Patch::Set(["Bus", "Rad", "Bus"].map(str::to_owned).to_vec()),
        ..SolutionChange::default()
    };
    let changed = draft().changed(change, now()).expect("a sound change");
    assert_eq!(
        (changed.topics, changed.keywords),
        (vec![topic], vec!["Bus".to_owned(), "Rad".to_owned()])
    );
}

#[test]
fn absent_is_left_alone_and_null_empties() {
    let mut solution = draft();
    solution.place = Some("am Markt".to_owned());
    solution.lessons = Some("früh anfangen".to_owned());
    let change = SolutionChange { place: Patch::Clear, ..SolutionChange::default() };
    let changed = solution.changed(change, now()).expect("a sound change");
    assert_eq!((changed.place, changed.lessons.as_deref()), (None, Some("früh anfangen")));

    let change = SolutionChange { title: Patch::Clear, ..SolutionChange::default() };
    assert_eq!(fields(&draft().changed(change, now()).unwrap_err()), ["title"]);
}

#[test]
fn over_long_and_too_many_are_refused_with_figures() {
    let change =
        SolutionChange { title: Patch::Set("ä".repeat(101)), ..SolutionChange::default() };
    let problems = draft().changed(change, now()).unwrap_err();
    assert_eq!(problems.iter().map(Problem::code).collect::<Vec<_>>(), [ProblemCode::TooLong]);

    let topic = |name: &str| TopicId::from_key(name).expect("a slug");
    let topics = ["mobility", "housing", "digital", "funding", "integration"].map(topic).to_vec();
    let change = SolutionChange { topics: Patch::Set(topics), ..SolutionChange::default() };
    assert_eq!(
        draft().changed(change, now()).unwrap_err().iter().map(Problem::code).collect::<Vec<_>>(),
        [ProblemCode::TooMany]
    );
}

#[test]
fn the_slug_of_a_draft_is_its_own_whatever_it_is_called() {
    let id = SolutionId::from(Ulid::from_string("01J5Z3NDEKTSV4RRFFQ69G5FAV").expect("a key"));
    let named = |title: &str| Solution::draft(id.clone(), title, now()).slug;
    assert_eq!(named("…"), "loesung-q69g5fav");
    assert_eq!(named("Село"), named("…"));
    assert_eq!(named("Dorfarzt"), "dorfarzt-q69g5fav");
    assert!(crate::domain::text::token_is_slug(&named(&"wort ".repeat(20))));
    assert_eq!(Solution { title: "Село".to_owned(), ..draft() }.plain_slug(), None);
    let plain = Solution { title: "Ärztin für alle".to_owned(), ..draft() }.plain_slug();
    assert_eq!(plain.as_deref(), Some("aerztin-fuer-alle"));
}

#[test]
fn completeness_grows_with_every_voluntary_field() {
    let bare = publishable();
    let mut fuller = bare.clone();
    fuller.lessons = Some("früh anfangen".to_owned());
    assert!(bare.completeness() < fuller.completeness());
    assert!((0.0..=1.0).contains(&bare.completeness()));
}

#[test]
fn the_lifecycle_allows_just_these_ways() {
    let mut ways = String::new();
    for state in Lifecycle::ALL {
        for action in Action::ALL.iter().filter(|action| action.moves()) {
            if let Ok(next) = state.after(*action) {
                ways.push_str(&format!(
                    "{} --{}--> {}\n",
                    state.name(),
                    action.name(),
                    next.name()
                ));
            }
        }
    }
    insta::assert_snapshot!(ways, @r"
    draft --submit--> submitted
    draft --publish--> published
    draft --archive--> archived
    submitted --start_review--> in_review
    submitted --reject--> rejected
    submitted --withdraw--> withdrawn
    in_review --request_changes--> changes_requested
    in_review --approve--> approved
    in_review --reject--> rejected
    in_review --withdraw--> withdrawn
    changes_requested --submit--> submitted
    changes_requested --withdraw--> withdrawn
    approved --publish--> published
    approved --withdraw--> withdrawn
    published --mark_outdated--> needs_update
    published --confirm--> published
    published --validate--> published
    published --archive--> archived
    published --merge--> merged
    needs_update --confirm--> published
    needs_update --validate--> needs_update
    needs_update --archive--> archived
    needs_update --merge--> merged
    archived --publish--> published
    rejected --archive--> archived
    withdrawn --submit--> submitted
    withdrawn --archive--> archived
    ");
}

#[test]
fn who_wrote_it_does_not_approve_it_unless_nobody_else_is_there() {
    let mut written = publishable();
    written.wrote(Actor::Operator);
    written.lifecycle = Lifecycle::InReview;
    let problems = written.clone().after(&step(Action::Approve)).unwrap_err();
    assert_eq!(problems, [Problem::at("id", What::OwnWork)]);
    let alone = Step { one_person: true, ..step(Action::Approve) };
    assert!(written.clone().after(&alone).is_ok());
    let other =
        Step { actor: Actor::Token(Ulid::from_parts(1, 1).into()), ..step(Action::Approve) };
    assert_eq!(written.after(&other).map(|it| it.lifecycle), Ok(Lifecycle::Approved));
}

#[test]
fn whoever_sends_a_text_back_says_why() {
    let reviewed = Solution { lifecycle: Lifecycle::InReview, ..publishable() };
    for reason in [None, Some("  ".to_owned())] {
        let silent = Step { reason, ..step(Action::RequestChanges) };
        assert_eq!(fields(&reviewed.clone().after(&silent).unwrap_err()), ["reason"]);
    }
    let point = Reviewed { point: ReviewPoint::FactsChecked, met: true };
    let twice = Step { checklist: vec![point, point], ..step(Action::RequestChanges) };
    assert_eq!(fields(&reviewed.after(&twice).unwrap_err()), ["checklist"]);
}

#[test]
fn what_could_not_be_published_is_not_handed_over_for_review() {
    let missing = draft().after(&step(Action::Submit)).unwrap_err();
    assert_eq!(missing.len(), 6);
}

#[test]
fn another_version_has_been_checked_as_far_as_it_was_itself() {
    let at = |lifecycle, quality| Solution { lifecycle, quality, ..publishable() };
    let published = |solution: Solution| {
        let after = solution.after(&step(Action::Publish)).expect("complete");
        (after.version, after.quality)
    };
    use QualityLevel::{Checked, ExpertValidated, Replicated, SelfDeclared};
    assert_eq!(published(at(Lifecycle::Draft, SelfDeclared)), (1, SelfDeclared));
    assert_eq!(published(at(Lifecycle::Approved, SelfDeclared)), (1, Checked));
    assert_eq!(published(at(Lifecycle::Approved, ExpertValidated)), (1, Checked));
    assert_eq!(published(at(Lifecycle::Draft, ExpertValidated)), (1, SelfDeclared));
    assert_eq!(published(at(Lifecycle::Approved, Replicated)), (1, Replicated));
    // Put away and taken out again, it is the same text.
    let archived = Solution { version: 3, ..at(Lifecycle::Archived, Checked) };
    assert_eq!(published(archived), (3, Checked));
    // What nobody has read yet takes the way of a draft.
    assert_eq!(published(at(Lifecycle::Archived, Checked)), (1, SelfDeclared));
}

#[test]
fn versions_are_compared_field_by_field() {
    let before = publishable();
    let mut after = before.clone();
    after.title = "Sprechstunde im Bus".to_owned();
    after.keywords = vec!["Bus".to_owned(), "Arzt".to_owned()];
    after.legal_basis = Some("Ratsbeschluss".to_owned());
    after.revision = 9;
    let found = differences(&before, &after).expect("a serde form");
    let told: Vec<String> = found
        .iter()
        .map(|it| format!("{}: {:?} -> {:?}", it.path.join("."), it.before, it.after))
        .collect();
    assert_eq!(
        told,
        [
            format!("title: {:?} -> Some(\"Sprechstunde im Bus\")", Some(&before.title)),
            "legalBasis: None -> Some(\"Ratsbeschluss\")".to_owned(),
            "keywords.0: None -> Some(\"Bus\")".to_owned(),
            "keywords.1: None -> Some(\"Arzt\")".to_owned(),
        ]
    );
    assert!(differences(&after, &after).is_ok_and(|found| found.is_empty()));
}
