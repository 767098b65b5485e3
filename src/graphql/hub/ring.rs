//! The last messages of a channel, and where they begin.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many messages a ring keeps at most.
const MOST_MESSAGES: usize = 256;
/// How many bytes of text it keeps, except that the last message stays whatever its length.
const MOST_BYTES: usize = 128 * 1024;
/// How many messages are taken out at once.
const BATCH: usize = 32;

/// What a subscriber is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The place in the journal, to come back with; none for what is of no entry.
    pub cursor: Option<u64>,
    /// The answer as JSON text.
    pub text: Arc<str>,
}

/// How a channel ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// It failed, and this is what is wrong: the list of errors, as JSON text.
    Failed(Arc<str>),
    /// It has come to its end.
    Complete,
}

/// What a subscriber gets who asks for what follows its cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pulled {
    /// These, in their order.
    Messages(Vec<Message>),
    /// Nothing yet.
    Nothing,
    /// The ring begins later, behind this place: what lies between has to come from elsewhere.
    Behind(u64),
    /// There is no more.
    Over(Ending),
}

/// The last messages of a channel.
#[derive(Debug)]
pub(super) struct Ring {
    /// Every message behind this place is here.
    floor: u64,
    messages: VecDeque<(u64, Arc<str>)>,
    bytes: usize,
    ending: Option<Ending>,
}

impl Ring {
    /// A ring for everything that follows a place.
    pub(super) const fn behind(floor: u64) -> Self {
        Self { floor, messages: VecDeque::new(), bytes: 0, ending: None }
    }

    /// Takes a message in, and drops the oldest ones that there is no more room for.
    pub(super) fn push(&mut self, cursor: u64, text: Arc<str>) {
        self.bytes += text.len();
        self.messages.push_back((cursor, text));
        while self.messages.len() > MOST_MESSAGES
            || (self.bytes > MOST_BYTES && self.messages.len() > 1)
        {
            let Some((dropped, text)) = self.messages.pop_front() else { break };
            self.bytes -= text.len();
            self.floor = dropped;
        }
    }

    /// Takes no more in.
    pub(super) fn end(&mut self, ending: Ending) {
        self.ending.get_or_insert(ending);
    }

    /// What follows a place.
    pub(super) fn pull(&self, after: u64) -> Pulled {
        if after < self.floor {
            return Pulled::Behind(self.floor);
        }
        let skip = self.messages.partition_point(|(cursor, _)| *cursor <= after);
        let told: Vec<Message> = self
            .messages
            .iter()
            .skip(skip)
            .take(BATCH)
            .map(|(cursor, text)| Message { cursor: Some(*cursor), text: Arc::clone(text) })
            .collect();
        match (told.is_empty(), &self.ending) {
            (false, _) => Pulled::Messages(told),
            (true, Some(ending)) => Pulled::Over(ending.clone()),
            (true, None) => Pulled::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursors(pulled: Pulled) -> Vec<u64> {
        let Pulled::Messages(messages) = pulled else { panic!("{pulled:?}") };
        messages.iter().filter_map(|message| message.cursor).collect()
    }

    #[test]
    fn everybody_pulls_what_follows_their_own_place() {
        let mut ring = Ring::behind(10);
        for cursor in [12, 15, 16] {
            ring.push(cursor, "{}".into());
        }
        assert_eq!(cursors(ring.pull(10)), [12, 15, 16]);
        assert_eq!(cursors(ring.pull(13)), [15, 16]);
        assert_eq!(ring.pull(16), Pulled::Nothing);
        assert_eq!(ring.pull(9), Pulled::Behind(10));
    }

    #[test]
    fn a_full_ring_says_where_it_begins() {
        let mut ring = Ring::behind(0);
        (1..=MOST_MESSAGES as u64 + 3).for_each(|cursor| ring.push(cursor, "{}".into()));
        assert_eq!(ring.pull(2), Pulled::Behind(3));
        assert_eq!(cursors(ring.pull(3)).first(), Some(&4));
        let long: Arc<str> = "x".repeat(MOST_BYTES + 1).into();
        ring.push(1_000, Arc::clone(&long));
        ring.push(1_001, long);
        assert_eq!(ring.pull(999), Pulled::Behind(1_000));
        assert_eq!(cursors(ring.pull(1_000)), [1_001]);
    }

    #[test]
    fn what_was_told_before_the_end_is_still_told() {
        let mut ring = Ring::behind(0);
        ring.push(1, "{}".into());
        ring.end(Ending::Complete);
        ring.end(Ending::Failed("[]".into()));
        assert_eq!(cursors(ring.pull(0)), [1]);
        assert_eq!(ring.pull(1), Pulled::Over(Ending::Complete));
    }
}
