//! What somebody showed to be let in, and when it loses its force.

use chrono::{DateTime, Utc};

use super::event::{Event, EventKind};
use super::key::{AccountId, NodeId, TokenId};
use super::rights::Viewer;
use super::token::TokenHash;

/// What somebody showed to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// What was shown.
    pub shown: Shown,
    /// The account behind it.
    pub account: Option<AccountId>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// An access token, and the hash of its secret: one may be made anew under the same key.
    Token(TokenId, TokenHash),
    /// The session of a browser, by the hash of its secret.
    Session(TokenHash),
}

/// Somebody who was let in, and by what; nobody in particular has shown nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Who.
    pub viewer: Viewer,
    /// By what.
    pub credential: Option<Credential>,
}

/// What an event means for somebody who was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing.
    None,
    /// It may be over: whether it is must be looked up.
    Perhaps,
    /// It is over.
    Over,
}

impl Admitted {
    /// Somebody who has shown nothing.
    #[must_use]
    pub const fn nobody() -> Self {
        Self { viewer: Viewer::Anonymous, credential: None }
    }

    /// Whether somebody who is let in now may still do all that was allowed before. Who may do more
    /// can go on as before.
    #[must_use]
    pub fn is_within(&self, now: &Viewer) -> bool {
        self.viewer.grants().iter().all(|grant| now.grants().contains(grant))
    }
}

impl Credential {
    /// What an event means for who was let in by this.
    #[must_use]
    pub fn meaning_of(&self, event: &Event) -> Meaning {
        let mine = match &event.subject.0 {
            NodeId::AccessToken(id) => matches!(&self.shown, Shown::Token(token, _) if token == id),
            NodeId::Account(id) => self.account.as_ref() == Some(id),
            _ => false,
        };
        match event.kind {
            _ if !mine => Meaning::None,
            EventKind::TokenRevoked | EventKind::AccountErased => Meaning::Over,
            _ => Meaning::Perhaps,
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::{Actor, Grant, Member, Role, Secret, Subject};

    fn event(kind: EventKind, subject: NodeId) -> Event {
        Event {
            seq: 1,
            kind,
            subject: Subject(subject),
            municipalities: Vec::new(),
            public: false,
            actor: Actor::Operator,
            at: DateTime::UNIX_EPOCH,
            title: None,
            erases: false,
        }
    }

    #[test]
    fn only_what_is_about_it_matters_to_a_credential() {
        let (mine, other) = (Ulid::from(1_u128), Ulid::from(2_u128));
        let token = Credential {
            shown: Shown::Token(mine.into(), Secret::from_random([0; 20]).hash()),
            account: Some(mine.into()),
            expires_at: None,
        };
        let check = |kind, subject: NodeId, expected| {
            assert_eq!(token.meaning_of(&event(kind, subject)), expected, "{kind:?}");
        };
        check(EventKind::TokenRevoked, TokenId::from(mine).into(), Meaning::Over);
        check(EventKind::TokenCreated, TokenId::from(mine).into(), Meaning::Perhaps);
        check(EventKind::TokenRevoked, TokenId::from(other).into(), Meaning::None);
        check(EventKind::AccountErased, AccountId::from(mine).into(), Meaning::Over);
        check(EventKind::AccountUpdated, AccountId::from(mine).into(), Meaning::Perhaps);
        check(EventKind::AccountErased, AccountId::from(other).into(), Meaning::None);
    }

    #[test]
    fn who_may_do_more_than_before_goes_on_and_who_may_do_less_does_not() {
        let holding = |roles: &[Role]| {
            let grants = roles.iter().copied().map(Grant::everywhere).collect();
            Viewer::Member(Member { actor: Actor::Operator, token: None, grants })
        };
        let admitted = |viewer| Admitted { viewer, credential: None };
        let before = admitted(holding(&[Role::Reader]));
        assert!(before.is_within(&holding(&[Role::Admin, Role::Reader])));
        assert!(!before.is_within(&holding(&[Role::Admin])));
        assert!(admitted(holding(&[])).is_within(&holding(&[])));
    }
}
