//! What the law asks of every hub, and how it works in plain words. Whoever runs a hub says it in texts of
//! their own; until then these here stand there and say what is missing.

use askama::Template;

use super::phrases::Phrases;
use super::site::Site;
use super::texts::Shown;
use crate::domain::Language;

/// A statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statement {
    /// Who runs the hub.
    Imprint,
    /// What it does with personal data.
    Privacy,
    /// Who can use it, and who cannot.
    Accessibility,
    /// The hub in plain words.
    PlainLanguage,
}

macro_rules! texts {
    ($name:literal) => {
        [
            include_str!(concat!("statements/", $name, ".de.txt")),
            include_str!(concat!("statements/", $name, ".en.txt")),
        ]
    };
}

impl Statement {
    /// All of them.
    pub(crate) const ALL: [Self; 4] =
        [Self::Imprint, Self::Privacy, Self::Accessibility, Self::PlainLanguage];

    /// Its name in addresses and of its file.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Imprint => "imprint",
            Self::Privacy => "privacy",
            Self::Accessibility => "accessibility",
            Self::PlainLanguage => "plain-language",
        }
    }

    /// What stands there until somebody says something else.
    pub(crate) const fn usual_text(self, language: Language) -> &'static str {
        let [german, english] = match self {
            Self::Imprint => texts!("imprint"),
            Self::Privacy => texts!("privacy"),
            Self::Accessibility => texts!("accessibility"),
            Self::PlainLanguage => texts!("plain-language"),
        };
        match language {
            Language::German => german,
            Language::English => english,
        }
    }
}

/// A piece of a text: paragraphs are divided by an empty line, and a heading begins with `# `.
pub(crate) enum Piece<'a> {
    /// A heading.
    Heading(&'a str),
    /// A paragraph.
    Paragraph(&'a str),
}

/// The pieces of a text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| match part.strip_prefix("# ") {
        Some(heading) => Piece::Heading(heading),
        None => Piece::Paragraph(part),
    })
}

/// The page of a statement.
#[derive(Template)]
#[template(path = "statement.html")]
pub(crate) struct StatementPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) statement: Statement,
    pub(crate) shown: Shown<'a>,
}

impl StatementPage<'_> {
    fn title(&self) -> &'static str {
        let t = self.site.t();
        match self.statement {
            Statement::Imprint => t.imprint,
            Statement::Privacy => t.privacy,
            Statement::Accessibility => t.accessibility,
            Statement::PlainLanguage => t.plain_language,
        }
    }

    fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        pieces(self.shown.text)
    }

    /// The language of the text, where it is not that of the page.
    fn other_language(&self) -> Option<&'static str> {
        let is_other = self.shown.language != self.site.language;
        is_other.then(|| Phrases::of(self.shown.language).lang)
    }

    /// Whether whoever runs the hub has still to say something here.
    fn is_unfinished(&self) -> bool {
        self.shown.is_usual && self.statement != Statement::PlainLanguage
    }

    /// The file in which they say it.
    fn file(&self) -> String {
        format!("{}.{}.txt", self.statement.name(), self.site.t().lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_headings_and_paragraphs() {
        let read: Vec<String> = pieces("Eins\nzwei.\n\n# Titel\n\n\nDrei.")
            .map(|piece| match piece {
                Piece::Heading(text) => format!("h:{text}"),
                Piece::Paragraph(text) => format!("p:{text}"),
            })
            .collect();
        assert_eq!(read, ["p:Eins\nzwei.", "h:Titel", "p:Drei."]);
    }
}
