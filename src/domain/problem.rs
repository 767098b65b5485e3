//! What can be wrong with what people send, said so that they can mend it.

use super::file::FileProblem;
use super::kinds::{Label, kinds};

/// The language of what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// German, the default.
    #[default]
    German,
    /// English.
    English,
}

impl Language {
    /// The language that an `Accept-Language` header prefers; German unless English comes first.
    #[must_use]
    pub fn from_header(header: &str) -> Self {
        let mut wanted: Vec<(f32, &str)> = header
            .split(',')
            .filter_map(|part| {
                let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
                Some((quality.trim().parse().ok()?, tag.trim()))
            })
            .collect();
        wanted.sort_by(|left, right| right.0.total_cmp(&left.0));
        let spoken = |tag: &str| match tag.split('-').next() {
            Some(primary) if primary.eq_ignore_ascii_case("en") => Some(Self::English),
            Some(primary) if primary.eq_ignore_ascii_case("de") => Some(Self::German),
            _ => None,
        };
        wanted.into_iter().find_map(|(_, tag)| spoken(tag)).unwrap_or_default()
    }
}

kinds! {
    /// Stable codes of problems, for programs.
    ProblemCode {
        Required = "REQUIRED", "Pflichtangabe fehlt", "Required value is missing";
        TooLong = "TOO_LONG", "Zu lang", "Too long";
        TooMany = "TOO_MANY", "Zu viele", "Too many";
        OutOfRange = "OUT_OF_RANGE", "Außerhalb des Bereichs", "Out of range";
        Invalid = "INVALID", "Ungültig", "Invalid";
        NotFound = "NOT_FOUND", "Nicht gefunden", "Not found";
        Taken = "TAKEN", "Bereits vergeben", "Already taken";
        WrongState = "WRONG_STATE", "In diesem Zustand nicht möglich", "Not possible in this state";
        NotAllowed = "NOT_ALLOWED", "Nicht erlaubt", "Not allowed";
        Stale = "STALE", "Inzwischen geändert", "Changed meanwhile";
        TooOften = "TOO_OFTEN", "Zu oft", "Too often";
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: field names of the input, from outside in.
    pub path: Vec<String>,
    /// What.
    pub what: What,
}

/// What is wrong, with the figures that a message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Nothing was given where something must be.
    Required,
    /// None of the records that were given is public, where one must be.
    NonePublic,
    /// More characters than allowed.
    TooLong {
        /// The most characters allowed.
        most: usize,
        /// The characters given.
        given: usize,
    },
    /// More bytes than allowed: a letter is one to four of them.
    TooManyBytes {
        /// The most bytes allowed.
        most: usize,
        /// The bytes given.
        given: usize,
    },
    /// More entries than allowed.
    TooMany {
        /// The most entries allowed.
        most: usize,
    },
    /// A figure outside its range, as text.
    OutOfRange {
        /// The smallest and largest value allowed.
        range: String,
    },
    /// A text that has not the form it should have.
    Invalid {
        /// What the form should be.
        expected: &'static str,
    },
    /// A text with control characters that do not belong there.
    ControlCharacters,
    /// Something that is referred to does not exist or cannot be seen.
    NotFound,
    /// A key that must be unique is in use.
    Taken,
    /// The state of the record does not allow the action.
    WrongState {
        /// The action.
        action: Words,
        /// The present state.
        state: Words,
    },
    /// The viewer may not do this with this value, for instance give it to another municipality.
    NotAllowed,
    /// Who wrote it cannot be the one who approves it.
    OwnWork,
    /// A rule does not allow this value: the whole sentence.
    Rule(Words),
    /// Somebody else changed the record in between.
    Stale,
    /// A file cannot be taken.
    File(FileProblem),
    /// It was done too often of late.
    TooOften {
        /// After so many minutes it can be done again.
        minutes: i64,
    },
}

/// A word that people read, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// German.
    pub de: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// What those read who read a language.
    #[must_use]
    pub const fn within(self, language: Language) -> &'static str {
        match language {
            Language::German => self.de,
            Language::English => self.en,
        }
    }

    /// The label of a value.
    pub fn of<L: Label>(value: L) -> Self {
        Self { de: value.label(Language::German), en: value.label(Language::English) }
    }
}

impl Problem {
    /// A problem at one field.
    #[must_use]
    pub fn at(field: &str, what: What) -> Self {
        Self { path: vec![field.to_owned()], what }
    }

    /// The problem seen from outside: `field` is put in front of its path.
    #[must_use]
    pub fn within(mut self, field: &str) -> Self {
        self.path.insert(0, field.to_owned());
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        match self.what {
            What::Required | What::NonePublic => ProblemCode::Required,
            What::TooLong { .. } | What::TooManyBytes { .. } => ProblemCode::TooLong,
            What::TooMany { .. } => ProblemCode::TooMany,
            What::OutOfRange { .. } => ProblemCode::OutOfRange,
            What::Invalid { .. } | What::ControlCharacters => ProblemCode::Invalid,
            What::NotFound => ProblemCode::NotFound,
            What::Taken => ProblemCode::Taken,
            What::WrongState { .. } => ProblemCode::WrongState,
            What::NotAllowed | What::OwnWork | What::Rule(_) => ProblemCode::NotAllowed,
            What::Stale => ProblemCode::Stale,
            What::TooOften { .. } => ProblemCode::TooOften,
            What::File(FileProblem::Empty) => ProblemCode::Required,
            What::File(FileProblem::TooLarge { .. }) => ProblemCode::TooLong,
            What::File(FileProblem::Kind) => ProblemCode::Invalid,
        }
    }

    /// The problem in a sentence.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::German => self.german(),
            Language::English => self.english(),
        }
    }

    fn german(&self) -> String {
        let field = self.path.join(".");
        match &self.what {
            What::Required => format!("„{field}“ fehlt: Bitte angeben."),
            What::NonePublic => format!(
                "„{field}“: Keiner der Einträge ist veröffentlicht, mindestens einer muss es sein."
            ),
            What::TooLong { most, given } => {
                format!("„{field}“ ist zu lang: höchstens {most} Zeichen, es sind {given}.")
            }
            What::TooManyBytes { most, given } => format!(
                "„{field}“ ist zu lang: höchstens {most} Byte, es sind {given}. Umlaute zählen zwei, Emojis vier."
            ),
            What::TooMany { most } => format!("„{field}“ hat zu viele Einträge: höchstens {most}."),
            What::OutOfRange { range } => format!("„{field}“ muss im Bereich {range} liegen."),
            What::Invalid { expected } => {
                format!("„{field}“ hat nicht die richtige Form: {expected}.")
            }
            What::ControlCharacters => {
                format!("„{field}“ enthält Steuerzeichen, die hier nicht erlaubt sind.")
            }
            What::NotFound => format!("„{field}“ wurde nicht gefunden."),
            What::Taken => format!("„{field}“ ist bereits vergeben."),
            What::WrongState { action, state } => {
                format!("Im Zustand „{}“ ist „{}“ nicht möglich.", state.de, action.de)
            }
            What::Rule(sentence) => sentence.de.to_owned(),
            What::NotAllowed => format!("„{field}“ gehört nicht zu Ihrer Kommune."),
            What::OwnWork => {
                "Wer den Text geschrieben hat, kann ihn nicht selbst freigeben: Bitte jemand anderen darum."
                    .to_owned()
            }
            What::Stale => {
                "Der Eintrag wurde inzwischen geändert: Bitte neu laden und noch einmal ändern."
                    .to_owned()
            }
            What::File(problem) => problem.german(),
            What::TooOften { minutes } => format!(
                "„{field}“: Das waren zuletzt zu viele. Bitte in {minutes} Minuten noch einmal versuchen."
            ),
        }
    }

    fn english(&self) -> String {
        let field = self.path.join(".");
        match &self.what {
            What::Required => format!("\"{field}\" is missing: please give it."),
            What::NonePublic => {
                format!("\"{field}\": none of them is published, at least one must be.")
            }
            What::TooLong { most, given } => {
                format!("\"{field}\" is too long: at most {most} characters, there are {given}.")
            }
            What::TooManyBytes { most, given } => format!(
                "\"{field}\" is too long: at most {most} bytes, there are {given}. Umlauts count as two, emoji as four."
            ),
            What::TooMany { most } => format!("\"{field}\" has too many entries: at most {most}."),
            What::OutOfRange { range } => format!("\"{field}\" must be in the range {range}."),
            What::Invalid { expected } => {
                format!("\"{field}\" has not the right form: {expected}.")
            }
            What::ControlCharacters => {
                format!("\"{field}\" holds control characters that are not allowed here.")
            }
            What::NotFound => format!("\"{field}\" was not found."),
            What::Taken => format!("\"{field}\" is already taken."),
            What::WrongState { action, state } => {
                format!("\"{}\" is not possible in the state \"{}\".", action.en, state.en)
            }
            What::Rule(sentence) => sentence.en.to_owned(),
            What::NotAllowed => format!("\"{field}\" does not belong to your municipality."),
            What::OwnWork => {
                "Who wrote the text cannot approve it: ask somebody else to do it.".to_owned()
            }
            What::Stale => {
                "The entry was changed meanwhile: load it again and repeat your change.".to_owned()
            }
            What::File(problem) => problem.english(),
            What::TooOften { minutes } => {
                format!("\"{field}\": too many of late. Try again in {minutes} minutes.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides_the_language() {
        let check =
            |header, expected| assert_eq!(Language::from_header(header), expected, "{header}");
        check("", Language::German);
        check("fr", Language::German);
        check("en-GB,de;q=0.5", Language::English);
        check("en;q=0.3,de;q=0.9", Language::German);
        check("fr, en;q=0.7", Language::English);
    }
}
