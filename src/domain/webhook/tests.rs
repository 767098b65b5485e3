use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use ulid::Ulid;

use super::*;
use crate::domain::testing::told;
use crate::domain::{
    AccountId, Actor, DeliveryId, Event, EventKind, Label, NodeId, PublicUrl, SolutionId, Subject,
    WebhookId,
};

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn webhook(url: &str) -> Webhook {
    let owner = Actor::Account(AccountId::from(Ulid::from(1_u128)));
    let secret = SigningSecret::from_random([1; 20], [2; 20]);
    Webhook::new(Ulid::from(2_u128).into(), owner, url.to_owned(), secret, start())
}

fn delivery() -> Delivery {
    let webhook = WebhookId::from(Ulid::from(2_u128));
    let ping = Envelope::ping(&webhook, "urn:test".to_owned(), start());
    Delivery::new(Ulid::from(3_u128).into(), webhook, None, &ping, start())
}

#[test]
fn only_sound_addresses_are_taken() {
    let check = |url: &str, open: bool, expected: &[&str]| {
        assert_eq!(told(webhook(url).check(open)), expected, "{url}");
    };
    check("https://receiver.example.org/hook?key=1", false, &[]);
    check("https://receiver.example.org:8443", false, &[]);
    check("http://receiver.example.org", false, &["INVALID url"]);
    check("http://127.0.0.1:8080/hook", true, &[]);
    check("", false, &["REQUIRED url"]);
    for url in [
        "receiver.example.org/hook",
        "ftp://receiver.example.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://user@receiver.example.org",
        "https://user:password@receiver.example.org",
        "https://receiver.example.org/#part",
        "https://receiver.example.org/a b",
        " https://receiver.example.org/",
    ] {
        for open in [false, true] {
            check(url, open, &["INVALID url"]);
        }
    }
    let long = |letters: usize| format!("https://a.example.org/{}", "x".repeat(letters));
    check(&long(2_048 - 22), false, &[]);
    check(&long(2_048 - 21), false, &["TOO_LONG url"]);
    // What is sent is longer than what was written.
    check(&format!("https://a.example.org/{}", "ü".repeat(500)), false, &["TOO_LONG url"]);
    let named = Webhook { name: Some("a\nb".to_owned()), ..webhook("https://a.example.org") };
    assert_eq!(told(named.check(false)), ["INVALID name"]);
}

#[test]
fn a_message_is_signed_as_the_specification_has_it() {
    // The example in the documentation of Standard Webhooks.
    let secret = json!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let secret: SigningSecret = serde_json::from_value(secret).expect("a text");
    let at = DateTime::from_timestamp(1_614_265_330, 0).expect("a moment");
    let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, "{\"test\": 2432232314}");
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_secret_is_long_and_never_shows_in_debug_output() {
    let webhook = webhook("https://a.example.org");
    let secret = webhook.secret.reveal().to_owned();
    assert_eq!((secret.len(), &secret[..6]), (6 + 56, "whsec_"));
    let rotated = webhook.rotated(SigningSecret::from_random([3; 20], [4; 20]), start());
    let debug = format!("{rotated:?}");
    assert!(!debug.contains("whsec_"), "{debug}");
}

#[test]
fn both_secrets_sign_for_a_day() {
    let before = webhook("https://a.example.org");
    let old = before.secret.sign("a", start(), "b");
    let after = before.rotated(SigningSecret::from_random([3; 20], [4; 20]), start());
    let new = after.secret.sign("a", start(), "b");
    assert_eq!(after.signatures("a", start(), "b"), format!("{new} {old}"));
    let later = start() + TimeDelta::hours(24);
    assert_eq!(after.signatures("a", later, "b"), after.secret.sign("a", later, "b"));
}

#[test]
fn a_message_is_tried_for_three_days_and_then_given_up() {
    let failure = Reply::answered(500, None);
    let series = |chance: u8| {
        let (mut delivery, mut pauses) = (delivery(), Vec::new());
        let mut now = start();
        while let Some(next) = delivery.next_attempt {
            pauses.push((next - now).num_seconds());
            now = next;
            delivery = delivery.tried(&failure, now, now, chance);
        }
        assert_eq!((delivery.state, delivery.ended_at), (DeliveryState::Failed, Some(now)));
        assert_eq!((delivery.tries, delivery.attempts.len()), (10, 10));
        (pauses, now - start())
    };
    let (pauses, whole) = series(0);
    assert_eq!(pauses, [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    assert_eq!(whole, TimeDelta::seconds(272_105));
    let (pauses, whole) = series(255);
    assert_eq!(pauses[2], 300 + 59);
    assert!(whole < TimeDelta::hours(91), "{whole}");
}

#[test]
fn a_receiver_is_left_alone_as_long_as_it_wants_within_reason() {
    let rests = |wish: &str| {
        let reply = Reply::answered(429, Some(wish.to_owned()));
        let delivery = delivery().tried(&reply, start(), start(), 0);
        (delivery.next_attempt.expect("another try") - start()).num_seconds()
    };
    assert_eq!(rests("120"), 120);
    assert_eq!(rests("2"), 5, "the usual pause is the shortest");
    assert_eq!(rests("999999999999999999999"), 86_400);
    assert_eq!(rests("172800"), 86_400);
    assert_eq!(rests(&(start() + TimeDelta::minutes(10)).to_rfc2822()), 600);
    let date = (start() + TimeDelta::minutes(10)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    assert_eq!(rests(&date), 600);
    for nonsense in ["", "soon", "-5", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        assert_eq!(rests(nonsense), 5, "{nonsense}");
    }
}

#[test]
fn answers_are_told_from_each_other() {
    let check = |status, expected| {
        assert_eq!(Reply::answered(status, None).trouble, expected, "{status}");
    };
    check(200, None);
    check(204, None);
    check(301, Some(DeliveryTrouble::Redirected));
    check(308, Some(DeliveryTrouble::Redirected));
    check(400, Some(DeliveryTrouble::Refused));
    check(410, Some(DeliveryTrouble::Gone));
    check(429, Some(DeliveryTrouble::Refused));
    check(503, Some(DeliveryTrouble::Refused));
}

#[test]
fn who_is_gone_is_asked_no_more() {
    let gone = Reply::answered(410, None);
    let delivery = delivery().tried(&gone, start(), start(), 0);
    assert_eq!((delivery.state, delivery.next_attempt), (DeliveryState::Failed, None));
    let after = webhook("https://a.example.org").after(&gone, true, start());
    let disabling = after.disabled.clone().expect("it is disabled");
    assert_eq!((disabling.reason, after.failed), (DisablingReason::Gone, 1));
    assert_eq!(after.enabled(start()).state(), WebhookState::Active);
}

#[test]
fn a_webhook_that_fails_for_five_days_in_a_row_is_disabled() {
    let failure = Reply::silent(DeliveryTrouble::Timeout);
    let after = |days: &[(i64, bool)]| {
        days.iter().fold(webhook("https://a.example.org"), |webhook, (day, success)| {
            let reply = if *success { Reply::answered(200, None) } else { failure.clone() };
            webhook.after(&reply, false, start() + TimeDelta::days(*day))
        })
    };
    assert_eq!(after(&[(0, false), (4, false)]).state(), WebhookState::Active);
    let failing = after(&[(0, false), (5, false)]);
    assert_eq!(failing.disabled.map(|it| it.reason), Some(DisablingReason::Failing));
    let between = after(&[(0, false), (3, true), (5, false), (9, false)]);
    assert_eq!((between.state(), between.delivered), (WebhookState::Active, 1));
    assert_eq!(between.last_delivered_at, Some(start() + TimeDelta::days(3)));
}

#[test]
fn what_was_given_up_is_sent_again_under_its_id() {
    let before = delivery();
    let failed = before.clone().tried(&Reply::answered(410, None), start(), start(), 0);
    let later = start() + TimeDelta::days(1);
    let again = failed.replayed(later);
    assert_eq!((again.state, again.next_attempt), (DeliveryState::Pending, Some(later)));
    assert_eq!((&again.id, &again.body, again.tries), (&before.id, &before.body, 0));
    assert_eq!((again.attempts.len(), again.revision), (1, 3));
}

fn event(kind: EventKind, public: bool) -> Event {
    Event {
        seq: 17,
        kind,
        subject: Subject(SolutionId::from(Ulid::from(9_u128)).into()),
        municipalities: Vec::new(),
        public,
        actor: Actor::Account(AccountId::from(Ulid::from(77_u128))),
        at: start(),
        title: Some("Mitfahrbank".to_owned()),
        erases: false,
    }
}

fn told_of(event: &Event, hub: Option<&PublicUrl>) -> Value {
    let id = DeliveryId::from(Ulid::from(3_u128));
    let envelope = Envelope::of_event(event, None, "https://hub.example.org".to_owned(), hub);
    serde_json::from_str(&envelope.body(&id)).expect("JSON")
}

#[test]
fn an_event_is_told_as_a_cloud_event() {
    let hub: PublicUrl = "https://hub.example.org".parse().expect("an address");
    let subject = "Solution:00000000000000000000000009";
    let url = "https://hub.example.org/graphql?query=%7B+node%28id%3A+%22Solution%3A00000000000000000000000009%22%29+%7B+__typename+id+%7D+%7D";
    let expected = json!({
        "specversion": "1.0",
        "id": "Delivery:00000000000000000000000003",
        "source": "https://hub.example.org",
        "type": "org.allmende.solution.published",
        "subject": subject,
        "time": "2024-10-04T00:00:00.000Z",
        "datacontenttype": "application/json",
        "data": {
            "cursor": "17", "kind": "SOLUTION_PUBLISHED", "subject": subject,
            "title": "Mitfahrbank", "url": url, "watch": null,
        },
    });
    assert_eq!(told_of(&event(EventKind::SolutionPublished, true), Some(&hub)), expected);
}

#[test]
fn nobody_reads_in_a_message_what_not_everybody_may_know() {
    for (kind, public) in [(EventKind::SolutionCreated, false), (EventKind::SolutionArchived, true)]
    {
        let told = told_of(&event(kind, public), None);
        assert_eq!(told["data"]["title"], Value::Null, "{told}");
        let actor = NodeId::from(AccountId::from(Ulid::from(77_u128))).to_string();
        assert!(!told.to_string().contains(&actor), "{told}");
    }
}

#[test]
fn every_kind_has_a_type_of_its_own() {
    let mut types: Vec<String> = EventKind::ALL
        .iter()
        .map(|kind| told_of(&event(*kind, true), None)["type"].as_str().expect("text").to_owned())
        .collect();
    assert!(types.contains(&"org.allmende.solution.changes_requested".to_owned()));
    let named = |it: &String| it.starts_with("org.allmende.") && it.split('.').count() == 4;
    assert!(types.iter().all(named), "{types:?}");
    let count = types.len();
    types.sort();
    types.dedup();
    assert_eq!(types.len(), count);
}

#[test]
fn the_longest_webhook_stays_within_what_an_erasure_reaches() {
    let mut webhook = webhook(&format!("https://a.example.org/{}", "x".repeat(2_048 - 22)));
    webhook.name = Some("🚌".repeat(200));
    webhook = webhook.rotated(SigningSecret::from_random([3; 20], [4; 20]), start());
    webhook = webhook.disabled(DisablingReason::Failing, start());
    assert_eq!(told(webhook.check(false)), Vec::<String>::new());
    let bytes = serde_json::to_vec(&webhook).expect("a record").len();
    assert!(bytes < 4_096, "{bytes}");
}
