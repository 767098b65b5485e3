use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use super::*;
use crate::domain::key::{AnswerId, MunicipalityId, TopicId};
use crate::domain::testing::told;
use crate::domain::{Patch, Problem, Viewer};

fn place(number: u128) -> MunicipalityId {
    Ulid::from_parts(1, number).into()
}

fn key(number: u128) -> AnswerId {
    Ulid::from_parts(2, number).into()
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(1)
}

fn question() -> Question {
    let question = Question::empty(Ulid::nil().into(), place(1), DateTime::UNIX_EPOCH);
    let change = QuestionChange {
        title: Patch::Set("Wie habt ihr einen Hausarzt gefunden?".to_owned()),
        text: Patch::Set("Unserer geht in Rente.".to_owned()),
        topics: Patch::Set(vec![TopicId::from_key("health_care").expect("a slug")]),
        ..QuestionChange::default()
    };
    question.changed(change, DateTime::UNIX_EPOCH).expect("a sound question")
}

fn answer(number: u128) -> Answer {
    Answer {
        key: key(number),
        municipality: place(number + 1),
        text: "Mit einem Stipendium.".to_owned(),
        solutions: Vec::new(),
        documents: Vec::new(),
        created_at: now(),
        updated_at: now(),
    }
}

fn with_answers(numbers: &[u128]) -> Question {
    let add = |question: Question, number: &u128| {
        question.answered(answer(*number), now()).expect("a sound answer")
    };
    numbers.iter().fold(question(), add)
}

#[test]
fn a_question_is_answered_once_an_answer_is_accepted() {
    let question = with_answers(&[1, 2]);
    assert_eq!(question.status, QuestionStatus::Open);
    let question = question.accepting(&key(1), now()).expect("an answer of it");
    assert_eq!(question.status, QuestionStatus::Answered);
    assert_eq!(question.accepted_answer().map(|it| &it.key), Some(&key(1)));
    assert_eq!(told(question.clone().accepting(&key(1), now())), ["TAKEN answer"]);
    assert_eq!(told(question.clone().accepting(&key(9), now())), ["NOT_FOUND answer"]);
    let question = question.accepting(&key(2), now()).expect("a better one");
    assert_eq!(question.accepted, Some(key(2)));
    assert_eq!(question.updated_at, now());
}

#[test]
fn without_the_accepted_answer_a_question_is_open_again() {
    let question = with_answers(&[1, 2]).accepting(&key(1), now()).expect("an answer of it");
    let other = question.clone().without_answer(&key(2), now()).expect("an answer of it");
    assert_eq!((other.status, other.accepted), (QuestionStatus::Answered, Some(key(1))));
    let open = question.clone().without_answer(&key(1), now()).expect("an answer of it");
    assert_eq!((open.status, open.accepted), (QuestionStatus::Open, None));
    let closed = question.closed(now()).expect("it goes on");
    let closed = closed.without_answer(&key(1), now()).expect("an answer of it");
    assert_eq!((closed.status, closed.accepted), (QuestionStatus::Closed, None));
}

#[test]
fn what_is_over_is_over() {
    type Step = fn(Question) -> Result<Question, Vec<Problem>>;
    let steps: [Step; 6] = [
        |it| it.changed(QuestionChange::default(), now()),
        |it| it.answered(answer(3), now()),
        |it| it.with_answer_changed(&key(1), AnswerChange::default(), now()),
        |it| it.accepting(&key(1), now()),
        |it| it.closed(now()),
        |it| it.joined(&place(7), now()),
    ];
    let going_on = with_answers(&[1]);
    let closed = going_on.clone().closed(now()).expect("it goes on");
    let withdrawn = closed.clone().withdrawn(now()).expect("it is not withdrawn");
    for step in steps {
        assert!(step(going_on.clone()).is_ok());
        assert_eq!(told(step(closed.clone())), ["WRONG_STATE id"]);
        assert_eq!(told(step(withdrawn.clone())), ["WRONG_STATE id"]);
    }
    assert_eq!(told(withdrawn.clone().withdrawn(now())), ["WRONG_STATE id"]);
    assert_eq!(told(withdrawn.clone().without_answer(&key(1), now())), ["WRONG_STATE id"]);
    assert!(going_on.is_public() && closed.is_public() && !withdrawn.is_public());
    assert!(withdrawn.is_readable_by(&Viewer::Operator));
    assert!(!withdrawn.is_readable_by(&Viewer::Anonymous));
}

#[test]
fn others_join_once_and_leave_again() {
    let question = question().joined(&place(2), now()).expect("it goes on");
    let question = question.joined(&place(1), now()).expect("who asks joins nothing");
    let question = question.joined(&place(2), now()).expect("once is enough");
    assert_eq!(question.interested, [place(2)]);
    assert_eq!(question.concerned(), [place(1), place(2)]);
    let question = question.left(&place(3), now()).left(&place(2), now());
    assert!(question.interested.is_empty());
}

#[test]
fn an_answer_is_changed_and_keeps_its_place() {
    let question = with_answers(&[1, 2]);
    let change =
        AnswerChange { text: Patch::Set("Doch anders.".to_owned()), ..AnswerChange::default() };
    let question = question.with_answer_changed(&key(1), change, now()).expect("an answer of it");
    let texts: Vec<&str> = question.answers.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["Doch anders.", "Mit einem Stipendium."]);
    let emptied = AnswerChange { text: Patch::Clear, ..AnswerChange::default() };
    assert_eq!(
        told(question.clone().with_answer_changed(&key(1), emptied, now())),
        ["REQUIRED text"]
    );
    let missing = question.with_answer_changed(&key(9), AnswerChange::default(), now());
    assert_eq!(told(missing), ["NOT_FOUND answer"]);
}

#[test]
fn every_field_is_checked() {
    type Case = (fn(&mut Question), &'static str);
    let cases: [Case; 7] = [
        (|it| it.title.clear(), "REQUIRED title"),
        (|it| it.title = "x".repeat(151), "TOO_LONG title"),
        (|it| it.title = "a\nb".to_owned(), "INVALID title"),
        (|it| it.text = " ".to_owned(), "REQUIRED text"),
        (|it| it.text = "x".repeat(20_001), "TOO_LONG text"),
        (|it| it.topics = vec![TopicId::from_key("a").expect("a slug"); 5], "TOO_MANY topics"),
        (|it| it.language = "?".to_owned(), "INVALID language"),
    ];
    for (spoil, expected) in cases {
        let mut question = question();
        spoil(&mut question);
        assert_eq!(told(question.check()), [expected]);
    }
}

#[test]
fn every_field_of_an_answer_is_checked() {
    type Case = (fn(&mut Answer), &'static str);
    let cases: [Case; 4] = [
        (|it| it.text = "\n".to_owned(), "REQUIRED text"),
        (|it| it.text = "a\0".to_owned(), "INVALID text"),
        (|it| it.solutions = vec![Ulid::nil().into(); 51], "TOO_MANY solutions"),
        (|it| it.documents = vec![Ulid::nil().into(); 51], "TOO_MANY documents"),
    ];
    for (spoil, expected) in cases {
        let mut answer = answer(1);
        spoil(&mut answer);
        assert_eq!(told(question().answered(answer, now())), [expected]);
    }
    let many: Vec<u128> = (0..100).collect();
    assert_eq!(told(with_answers(&many).answered(answer(100), now())), ["TOO_MANY answers"]);
}
