//! What stands around every page.

use super::address::Address;
use super::phrases::{Phrases, WorkPhrases};
use crate::domain::{Language, MunicipalityId};

/// The pair that names the language, where somebody has chosen one.
pub(crate) const LANGUAGE: &str = "lang";
/// The pair that names the municipality from which somebody looks.
pub(crate) const MINE: &str = "for";

/// The municipality from which somebody looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mine {
    /// Its id.
    pub(crate) id: MunicipalityId,
    /// Its name in URLs.
    pub(crate) slug: String,
    /// Its name.
    pub(crate) name: String,
}

/// What stands around every page. What somebody has chosen goes along in every address: no cookie is
/// needed for it, and an address that is passed on shows the same.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// In which language.
    pub(crate) language: Language,
    /// Whether that was chosen, and not only asked for by the browser.
    pub(crate) language_chosen: bool,
    /// From which municipality somebody looks.
    pub(crate) mine: Option<Mine>,
    /// Whether somebody is signed in.
    pub(crate) is_signed_in: bool,
    /// Where the page is.
    pub(crate) here: Address,
    /// The room of the main navigation that the page belongs to: its path.
    pub(crate) room: &'static str,
    /// What names the stylesheet and the script of this build.
    pub(crate) assets: &'static str,
}

impl Site {
    /// What the page says.
    pub(crate) const fn t(&self) -> &'static Phrases {
        Phrases::of(self.language)
    }

    /// What the page says to those who write.
    pub(crate) const fn w(&self) -> &'static WorkPhrases {
        WorkPhrases::of(self.language)
    }

    /// Where one signs in to come back to this page; from where one signs in, to one's work.
    pub(crate) fn sign_in(&self) -> String {
        let address = Address::at("/sign-in");
        let address = match self.here.is_at("/sign-in") {
            true => address,
            false => address.with("back", self.here_text()),
        };
        self.carried(address).to_string()
    }

    /// An address within the hub, with what somebody has chosen.
    pub(crate) fn link(&self, path: &str) -> String {
        self.carried(Address::at(path)).to_string()
    }

    /// The same with what stands behind the `?` of another.
    pub(crate) fn carried(&self, address: Address) -> Address {
        let mut address = address.without(LANGUAGE).without(MINE);
        if let Some(mine) = &self.mine {
            address = address.with(MINE, &mine.slug);
        }
        if self.language_chosen {
            address = address.with(LANGUAGE, self.t().lang);
        }
        address
    }

    /// This page in the other language.
    pub(crate) fn other_language(&self) -> String {
        self.here.clone().only(LANGUAGE, self.t().other_lang).to_string()
    }

    /// This page, looked at from another municipality.
    pub(crate) fn looked_at_from(&self, slug: &str) -> String {
        self.carried(self.here.clone()).only(MINE, slug).to_string()
    }

    /// This page, looked at from nowhere.
    pub(crate) fn looked_at_from_nowhere(&self) -> String {
        self.here.clone().without(MINE).to_string()
    }

    /// What somebody has chosen, to go along with a form.
    pub(crate) fn kept(&self) -> Vec<(&'static str, String)> {
        let mine = self.mine.as_ref().map(|mine| (MINE, mine.slug.clone()));
        let language = self.language_chosen.then(|| (LANGUAGE, self.t().lang.to_owned()));
        mine.into_iter().chain(language).collect()
    }

    /// Where this page is, to come back to.
    pub(crate) fn here_text(&self) -> String {
        self.here.to_string()
    }

    /// Whether a room of the main navigation is this one.
    pub(crate) fn is_in(&self, room: &str) -> bool {
        self.room == room
    }
}
