//! The texts that whoever runs a hub writes in place of the usual ones.

use super::statements::Statement;
use crate::domain::Language;

const LANGUAGES: [(Language, &str); 2] = [(Language::German, "de"), (Language::English, "en")];

/// The texts of whoever runs the hub.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(Vec<(Statement, Language, String)>);

/// A text as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown<'a> {
    /// What it says.
    pub(crate) text: &'a str,
    /// In which language.
    pub(crate) language: Language,
    /// Whether nobody has said anything else yet.
    pub(crate) is_usual: bool,
}

impl Texts {
    /// Takes a text in. False if a file of this name holds none.
    pub(crate) fn take(&mut self, name: &str, text: &str) -> bool {
        let Some((statement, language)) = named(name) else { return false };
        self.0.push((statement, language, text.replace("\r\n", "\n")));
        true
    }

    /// What is shown in a language; what somebody has written in the other one goes before what the hub
    /// says by itself.
    pub(crate) fn shown(&self, statement: Statement, language: Language) -> Shown<'_> {
        let own = || self.0.iter().filter(|(other, ..)| *other == statement);
        let found = own().find(|(_, spoken, _)| *spoken == language).or_else(|| own().next());
        match found {
            Some((_, language, text)) => Shown { text, language: *language, is_usual: false },
            None => Shown { text: statement.usual_text(language), language, is_usual: true },
        }
    }
}

/// What a file of this name holds.
fn named(name: &str) -> Option<(Statement, Language)> {
    let (statement, language) = name.strip_suffix(".txt")?.rsplit_once('.')?;
    let statement = Statement::ALL.into_iter().find(|it| it.name() == statement)?;
    let (language, _) = LANGUAGES.into_iter().find(|(_, name)| *name == language)?;
    Some((statement, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_texts_go_before_usual_ones_and_stand_in_for_the_other_language() {
        let mut texts = Texts::default();
        assert!(texts.shown(Statement::Imprint, Language::German).is_usual);
        assert!(texts.take("imprint.de.txt", "Eins.\r\n\r\n# Zwei"));
        let shown = |language| texts.shown(Statement::Imprint, language);
        let own = Shown { text: "Eins.\n\n# Zwei", language: Language::German, is_usual: false };
        assert_eq!(shown(Language::German), own);
        assert_eq!(shown(Language::English), own);
        assert!(texts.shown(Statement::Privacy, Language::German).is_usual);
    }

    #[test]
    fn a_name_says_what_a_file_holds() {
        for name in ["imprint.txt", "imprint.fr.txt", "impressum.de.txt", "imprint.de.md", ".txt"] {
            assert!(!Texts::default().take(name, "x"), "{name}");
        }
        assert!(Texts::default().take("plain-language.en.txt", "x"));
    }
}
