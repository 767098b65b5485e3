use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use super::life::MOST_RECENT;
use super::*;
use crate::domain::key::{AccountId, NodeId, SolutionId};
use crate::domain::testing::{long_address, told};
use crate::domain::token::Secret;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn start() -> DateTime<Utc> {
    at("2026-01-01T12:00:00Z")
}

fn account(n: u128) -> AccountId {
    Ulid::from_parts(1, n).into()
}

fn solution(n: u128) -> SolutionId {
    Ulid::from_parts(2, n).into()
}

fn mail(confirmed: bool) -> Channel {
    Channel::Mail {
        address: "amt@neustadt.example.org".to_owned(),
        asked_at: start(),
        confirmed_at: confirmed.then(start),
    }
}

fn watch() -> Watch {
    Watch {
        id: Ulid::nil().into(),
        revision: 1,
        owner: Actor::Account(account(1)),
        name: "Busse".to_owned(),
        selection: Selection::default(),
        kinds: EventKind::WATCHED.to_vec(),
        channel: mail(true),
        rhythm: Rhythm::AtOnce,
        quiet: None,
        paused: false,
        cursor: 10,
        follows: false,
        due_at: None,
        recent: Vec::new(),
        created_at: start(),
        updated_at: start(),
    }
}

fn event(seq: u64, actor: u128, public: bool) -> Event {
    Event {
        seq,
        kind: EventKind::SolutionPublished,
        subject: Subject(NodeId::Solution(solution(1))),
        municipalities: Vec::new(),
        public,
        actor: Actor::Account(account(actor)),
        at: start(),
        title: None,
        erases: false,
    }
}

#[test]
fn nobody_is_told_twice_or_of_their_own_or_of_what_is_hidden() {
    let watch = watch();
    let wants = |event: &Event| watch.wants(event, &Viewer::Anonymous);
    assert!(wants(&event(11, 2, true)));
    assert!(!wants(&event(10, 2, true)));
    assert!(!wants(&event(11, 1, true)));
    assert!(!wants(&event(11, 2, false)));
    assert!(!wants(&Event { kind: EventKind::SolutionUpdated, ..event(11, 2, true) }));
}

#[test]
fn a_watch_is_found_by_the_database_when_it_has_to_be() {
    let check = |watch: Watch, follows, due: Option<&str>| {
        let settled = watch.settled(start());
        assert_eq!((settled.follows, settled.due_at), (follows, due.map(at)));
    };
    check(watch(), true, None);
    check(Watch { rhythm: Rhythm::Daily, ..watch() }, false, Some("2026-01-02T06:00:00Z"));
    check(Watch { rhythm: Rhythm::Weekly, ..watch() }, false, Some("2026-01-05T06:00:00Z"));
    check(Watch { paused: true, rhythm: Rhythm::Daily, ..watch() }, false, None);
    check(Watch { channel: mail(false), ..watch() }, false, None);
    let feed = Channel::Feed { secret: Secret::from_random([0; 20]).hash() };
    check(Watch { channel: feed, rhythm: Rhythm::Daily, ..watch() }, false, None);
}

#[test]
fn what_has_just_been_told_of_rests_for_an_hour() {
    let (one, two) = (solution(1), solution(2));
    let told = watch().told(&[&one], 12, start());
    assert_eq!((told.cursor, told.follows), (12, true));
    let later = start() + TimeDelta::minutes(20);
    assert_eq!(told.waits_until(&[&two], later), None);
    assert_eq!(told.waits_until(&[&one, &two], later), Some(start() + TimeDelta::hours(1)));
    let held = told.held_back(14, start() + TimeDelta::hours(1));
    assert_eq!((held.follows, held.cursor), (false, 14), "what came before it was looked at");
    let over = start() + TimeDelta::hours(1);
    let told = held.told(&[&one, &two], 15, over);
    assert_eq!((told.follows, told.due_at, told.recent.len()), (true, None, 2));
    assert_eq!(told.waits_until(&[&solution(3)], over), None);
}

#[test]
fn who_was_told_of_much_rests_as_a_whole() {
    let many: Vec<SolutionId> = (1..=9).map(solution).collect();
    let many: Vec<&SolutionId> = many.iter().collect();
    let (some, _) = many.split_at(8);
    assert!(watch().told(some, 12, start()).follows);
    let told = watch().told(&many, 12, start());
    let hour = start() + TimeDelta::hours(1);
    assert_eq!((told.follows, told.due_at, told.recent.len()), (false, Some(hour), 8));
    let quiet = Some(QuietHours { starts: 13, ends: 16 });
    let told = Watch { quiet, ..watch() }.told(&many, 12, start());
    assert_eq!(told.due_at, Some(at("2026-01-01T15:00:00Z")), "in Germany it is an hour later");
    assert!(told.told(&[], 13, hour).follows);
}

#[test]
fn a_change_loses_nothing_of_what_waits() {
    let change =
        |before: &Watch, rhythm| Watch { rhythm, ..before.clone() }.carried_on(before, 20, start());
    let following = watch().settled(start());
    let still = change(&following, Rhythm::AtOnce);
    assert_eq!((still.follows, still.due_at, still.cursor), (true, None, 20));
    assert_eq!(change(&following, Rhythm::Daily).cursor, 20, "it was told of all before");
    let night = start() + TimeDelta::hours(6);
    let held = following.held_back(12, night);
    let still = change(&held, Rhythm::AtOnce);
    assert_eq!((still.follows, still.due_at, still.cursor), (false, Some(night), 12));
    let daily = change(&held, Rhythm::Daily);
    assert_eq!((daily.due_at, daily.cursor), (Some(at("2026-01-02T06:00:00Z")), 12));
    let at_once = change(&daily, Rhythm::AtOnce);
    assert_eq!((at_once.follows, at_once.due_at, at_once.cursor), (false, Some(start()), 12));
    assert!(at_once.told(&[], 20, start()).follows);
    let resting = daily.paused(start());
    assert_eq!(change(&resting, Rhythm::AtOnce).due_at, None);
}

#[test]
fn quiet_hours_hold_back_what_would_come_in_them() {
    let quiet = Some(QuietHours { starts: 14, ends: 16 });
    let watch = Watch { quiet, ..watch() };
    let one = solution(1);
    assert_eq!(watch.waits_until(&[&one], start()), None);
    let within = start() + TimeDelta::minutes(70);
    assert_eq!(watch.waits_until(&[&one], within), Some(at("2026-01-01T15:00:00Z")));
    // The hour of rest ends within them.
    let told = watch.told(&[&one], 12, start() + TimeDelta::minutes(50));
    let later = start() + TimeDelta::minutes(55);
    assert_eq!(told.waits_until(&[&one], later), Some(at("2026-01-01T15:00:00Z")));
}

#[test]
fn what_happens_while_a_watch_rests_is_not_told_later() {
    let resting = watch().settled(start()).paused(start());
    assert!(!resting.follows && !resting.is_live());
    let again = resting.resumed(40, start());
    assert!(again.follows && !again.wants(&event(40, 2, true), &Viewer::Anonymous));
}

#[test]
fn an_address_is_confirmed_in_time_and_asked_again_after_it_had_enough() {
    let asked = Watch { channel: mail(false), ..watch() };
    let late = start() + TimeDelta::days(8);
    assert_eq!(asked.clone().confirmed(late), None);
    let confirmed = asked.confirmed(start()).expect("in time");
    assert!(confirmed.is_live() && confirmed.due_at == Some(start()) && confirmed.cursor == 10);
    // Again does nothing.
    assert_eq!(confirmed.clone().confirmed(late), Some(confirmed.clone()));
    let over = confirmed.unsubscribed(late);
    assert!(matches!(over.channel, Channel::Mail { asked_at, .. } if asked_at == late));
    assert!(over.paused && !over.channel.is_open() && !over.resumed(50, late).is_live());
}

#[test]
fn links_are_for_one_thing_and_one_watch() {
    let (key, other) = (LinkKey::new("geheim"), LinkKey::new("anders"));
    let asked = Watch { channel: mail(false), ..watch() };
    let proof = key.proof(LinkPurpose::Confirm, &asked);
    assert!(key.holds(LinkPurpose::Confirm, &asked, &proof));
    assert!(!key.holds(LinkPurpose::Unsubscribe, &asked, &proof));
    assert!(!other.holds(LinkPurpose::Confirm, &asked, &proof));
    let stranger = Watch { id: Ulid::from(7_u128).into(), ..asked.clone() };
    assert!(!key.holds(LinkPurpose::Confirm, &stranger, &proof));
    let address = "anders@neustadt.example.org".to_owned();
    let channel = Channel::Mail { address, asked_at: start(), confirmed_at: None };
    assert!(!key.holds(LinkPurpose::Confirm, &Watch { channel, ..asked.clone() }, &proof));
    for broken in ["", "ä", "00", &proof[2..], &format!("{proof}00")] {
        assert!(!key.holds(LinkPurpose::Confirm, &asked, broken), "{broken}");
    }
    // The one that ends letters stays the same as long as the watch is there.
    let ends = key.proof(LinkPurpose::Unsubscribe, &asked);
    assert!(key.holds(LinkPurpose::Unsubscribe, &watch().paused(start()), &ends));
}

#[test]
fn every_field_is_checked() {
    type Case = (fn(&mut Watch), &'static str);
    let cases: [Case; 8] = [
        (|it| it.name = " ".to_owned(), "REQUIRED name"),
        (|it| it.name = "ü".repeat(101), "TOO_LONG name"),
        (|it| it.name = "a\r\nBcc: b@c.de".to_owned(), "INVALID name"),
        (|it| it.kinds = Vec::new(), "NOT_ALLOWED kinds"),
        (|it| it.kinds = vec![EventKind::AccountCreated], "NOT_ALLOWED kinds"),
        (|it| it.selection.search = Some("x".repeat(1_501)), "TOO_LONG search"),
        (
            |it| {
                it.selection.search = Some("x".repeat(1_000));
                it.selection.filter = Some("x".repeat(501));
            },
            "TOO_LONG filter,TOO_LONG search",
        ),
        (|it| it.quiet = Some(QuietHours { starts: 7, ends: 7 }), "INVALID quietHours"),
    ];
    assert_eq!(told(watch().check()), Vec::<String>::new());
    for (spoil, expected) in cases {
        let mut watch = watch();
        spoil(&mut watch);
        assert_eq!(told(watch.check()).join(","), expected);
    }
}

#[test]
fn whatever_is_taken_stays_within_what_an_erasure_reaches() {
    let of_solutions = EventKind::ALL.iter().copied().filter(|kind| kind.is_of_solutions());
    let most = DateTime::from_timestamp_millis(1_700_000_000_123).expect("a moment");
    let longest = Watch {
        id: Ulid::from(u128::MAX).into(),
        revision: u32::MAX,
        name: "ü".repeat(100),
        selection: Selection {
            filter: None,
            search: Some("x".repeat(LONGEST_SELECTION)),
            like_municipality: Some(Ulid::from(u128::MAX).into()),
            min_likeness: Some(0.123_456_789_123),
        },
        kinds: of_solutions.collect(),
        channel: Channel::Mail {
            address: long_address(200),
            asked_at: most,
            confirmed_at: Some(most),
        },
        quiet: Some(QuietHours { starts: 22, ends: 23 }),
        cursor: u64::from(u32::MAX),
        due_at: Some(most),
        recent: (0..MOST_RECENT as u128)
            .map(|n| Recent { subject: Subject(solution(n).into()), at: most })
            .collect(),
        ..watch()
    };
    assert_eq!(longest.check(), Ok(()));
    let bytes = serde_json::to_vec(&longest).expect("a record").len();
    assert!(bytes < 4_096, "{bytes} bytes");
    // The same event may be named several times; then they are too many.
    let kinds = longest.kinds.iter().copied().cycle().take(200).collect();
    assert!(Watch { kinds, ..longest }.check().is_err());
}
