//! Messages on their way: to contacts, which reach them without telling their address, and to those
//! who watch what happens.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::check::{Checks, LONGEST_LINE};
use super::key::{ContactId, MessageId, WatchId};
use super::kinds::kinds;
use super::mail_address::is_mail_address;
use super::problem::{Problem, What};

/// The longest message, in bytes: about a printed page.
const LONGEST_MESSAGE: usize = 2_000;
/// The same with all that belongs to it. The record has to stay under 4 KiB: the database keeps longer
/// values where an erasure may not reach them.
const LONGEST_WHOLE: usize = 3_400;
/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 120;
/// How long a message rests after the first failure, the second, and so on, in minutes. After the
/// last one it is given up: two days after it was written.
const PAUSES: [i64; 8] = [1, 5, 15, 60, 240, 720, 720, 1_080];
/// For how long who delivers a message has it for oneself: longer than any delivery takes.
const CLAIM: TimeDelta = TimeDelta::minutes(5);
/// How long it stays known what became of a message.
const KNOWN: TimeDelta = TimeDelta::days(30);

kinds! {
    /// Where a message stands.
    MessageState {
        Waiting = "waiting", "Unterwegs", "On its way";
        Delivered = "delivered", "Zugestellt", "Delivered";
        Failed = "failed", "Nicht zustellbar", "Not deliverable";
    }
}

/// What somebody asks. It is gone as soon as the message has arrived, or cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// What it is about, in a line.
    #[serde(default)]
    pub subject: Option<String>,
    /// The question, as plain text.
    pub text: String,
    /// The mail address that the answer goes to.
    pub reply_to: String,
    /// What the asker says to be called.
    #[serde(default)]
    pub name: Option<String>,
    /// The title of the solution that led to the contact.
    #[serde(default)]
    pub about: Option<String>,
    /// The names of the municipalities for which the asker holds a role, as the hub knows them.
    pub places: Vec<String>,
}

impl Inquiry {
    /// How many of an asker's municipalities a message names.
    pub const MOST_PLACES: usize = 3;

    /// Checks a question before it is taken.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.line("subject", self.subject.as_deref().unwrap_or_default(), LONGEST_SUBJECT);
        checks.required("message", &self.text);
        let others = [&self.subject, &self.name, &self.about].into_iter().flatten();
        let rest = others.chain(&self.places).map(String::len).sum::<usize>() + self.reply_to.len();
        let most = LONGEST_MESSAGE.min(LONGEST_WHOLE.saturating_sub(rest));
        checks.bytes("message", &self.text, most);
        checks.text("message", &self.text);
        checks.name("replyTo", &self.reply_to, LONGEST_LINE);
        let form = What::Invalid { expected: "name@host.de" };
        checks.ensure(is_mail_address(&self.reply_to), "replyTo", form);
        checks.lines([("name", &self.name)]);
        checks.finish()
    }
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "matter", rename_all = "snake_case")]
pub enum Matter {
    /// Somebody asks a contact something.
    Inquiry {
        /// Whom; the address is looked up when it is delivered.
        contact: ContactId,
        /// What is asked, as long as it is on its way.
        #[serde(default)]
        inquiry: Option<Inquiry>,
    },
    /// The hub asks whether it may write to an address.
    Confirmation {
        /// For which watch.
        watch: WatchId,
    },
    /// What a watch tells of. The text is made when it is delivered.
    News {
        /// Which watch.
        watch: WatchId,
        /// The entries of the journal, as long as it is on its way: of each solution the newest one.
        #[serde(default)]
        events: Vec<u64>,
        /// How many more solutions there are.
        #[serde(default)]
        more: usize,
    },
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its key.
    pub id: MessageId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// What it is about, and hence to whom it goes.
    #[serde(flatten)]
    pub matter: Matter,
    /// Where it stands.
    pub state: MessageState,
    /// How often it was tried to deliver it.
    pub tries: u32,
    /// When it is tried next.
    pub next_try: DateTime<Utc>,
    /// Until when somebody is delivering it.
    #[serde(default)]
    pub claimed_until: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it arrived or was given up.
    #[serde(default)]
    pub ended_at: Option<DateTime<Utc>>,
}

impl Message {
    /// A message that waits to be delivered.
    #[must_use]
    pub const fn new(id: MessageId, matter: Matter, now: DateTime<Utc>) -> Self {
        Self {
            id,
            revision: 1,
            matter,
            state: MessageState::Waiting,
            tries: 0,
            next_try: now,
            claimed_until: None,
            created_at: now,
            ended_at: None,
        }
    }

    /// Until when who takes it now has it for oneself.
    #[must_use]
    pub fn claim_until(now: DateTime<Utc>) -> DateTime<Utc> {
        now + CLAIM
    }

    /// Messages that ended before this moment are forgotten.
    #[must_use]
    pub fn forgotten_before(now: DateTime<Utc>) -> DateTime<Utc> {
        now - KNOWN
    }

    /// Arrived or given up: nothing is left but that.
    #[must_use]
    pub fn ended(mut self, state: MessageState, now: DateTime<Utc>) -> Self {
        self.revision += 1;
        self.state = state;
        self.tries += 1;
        self.claimed_until = None;
        match &mut self.matter {
            Matter::Inquiry { inquiry, .. } => *inquiry = None,
            Matter::News { events, .. } => events.clear(),
            Matter::Confirmation { .. } => {}
        }
        self.ended_at = Some(now);
        self
    }

    /// Tried without success, to be tried again; nothing if it was tried often enough.
    #[must_use]
    pub fn retried(mut self, now: DateTime<Utc>) -> Option<Self> {
        let pause = PAUSES.get(usize::try_from(self.tries).ok()?)?;
        self.revision += 1;
        self.tries += 1;
        self.claimed_until = None;
        self.next_try = now + TimeDelta::minutes(*pause);
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::told;

    fn inquiry() -> Inquiry {
        Inquiry {
            subject: Some("Bürgerbus".to_owned()),
            text: "Was hat er gekostet?\n\nDanke!".to_owned(),
            reply_to: "amt@neustadt.example.org".to_owned(),
            name: None,
            about: None,
            places: Vec::new(),
        }
    }

    #[test]
    fn nothing_gets_into_the_head_of_a_mail() {
        assert_eq!(told(inquiry().check()), Vec::<String>::new());
        type Case = (fn(&mut Inquiry), &'static str);
        let cases: [Case; 11] = [
            (|it| it.subject = Some("a\r\nBcc: b@c.de".to_owned()), "INVALID subject"),
            (|it| it.subject = Some("x".repeat(121)), "TOO_LONG subject"),
            (|it| it.text = " \n".to_owned(), "REQUIRED message"),
            (|it| it.text = "x".repeat(2_001), "TOO_LONG message"),
            (|it| it.text = "a\0".to_owned(), "INVALID message"),
            (|it| it.reply_to = "a@b.de\r\nBcc: c@d.de".to_owned(), "INVALID replyTo"),
            (|it| it.reply_to = "a@b.de, c@d.de".to_owned(), "INVALID replyTo"),
            (|it| it.reply_to = "\"a b\"@c.de".to_owned(), "INVALID replyTo"),
            (|it| it.reply_to = "a@-x.de".to_owned(), "INVALID replyTo"),
            (|it| it.reply_to = format!("{}@x.de", "a".repeat(65)), "INVALID replyTo"),
            (|it| it.name = Some("Kim\nBcc: a@b.de".to_owned()), "INVALID name"),
        ];
        for (spoil, expected) in cases {
            let mut inquiry = inquiry();
            spoil(&mut inquiry);
            assert_eq!(told(inquiry.check()), [expected]);
        }
    }

    #[test]
    fn whatever_is_taken_stays_within_what_an_erasure_reaches() {
        let long = |letter: &str, count: usize| letter.repeat(count);
        for letter in ["x", "ü", "🚌"] {
            let mut inquiry = Inquiry {
                subject: Some(long(letter, 120)),
                text: String::new(),
                reply_to: format!(
                    "{}@{}.{}.example.org",
                    long("a", 64),
                    long("b", 61),
                    long("c", 61)
                ),
                name: Some(long(letter, 200)),
                about: Some(long(letter, 100)),
                places: vec![long("ü", 60); Inquiry::MOST_PLACES],
            };
            inquiry.text = (1..=LONGEST_MESSAGE)
                .rev()
                .map(|count| long("x", count))
                .find(|text| Inquiry { text: text.clone(), ..inquiry.clone() }.check().is_ok())
                .unwrap_or_else(|| panic!("not even one {letter} is taken"));
            let key = |n| Ulid::from_parts(1, n);
            let at = DateTime::UNIX_EPOCH;
            let matter = Matter::Inquiry { contact: key(2).into(), inquiry: Some(inquiry) };
            let message = Message::new(key(1).into(), matter, at);
            let bytes = serde_json::to_vec(&message).expect("a record").len();
            assert!(bytes < 4_096, "{bytes} bytes of {letter}");
        }
    }

    #[test]
    fn a_message_is_tried_for_two_days_and_leaves_nothing() {
        let key = |n| Ulid::from_parts(1, n);
        let start = DateTime::UNIX_EPOCH;
        let matter = Matter::Inquiry { contact: key(2).into(), inquiry: Some(inquiry()) };
        let mut message = Message::new(key(1).into(), matter, start);
        let mut last = start;
        while let Some(next) = message.clone().retried(message.next_try) {
            last = next.next_try;
            message = next;
        }
        assert_eq!(message.tries, 8);
        assert!(last - start > TimeDelta::hours(46) && last - start < TimeDelta::hours(48));
        let ended = message.ended(MessageState::Failed, last);
        let left = Matter::Inquiry { contact: key(2).into(), inquiry: None };
        assert_eq!((ended.matter, ended.tries), (left, 9));
    }
}
