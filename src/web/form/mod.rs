//! Forms as data: which fields there are, how they are called, and how what people type becomes the
//! input of a mutation.
//!
//! What was typed is kept as it came, as pairs, so that nothing is lost by what is wrong with it.

mod input;
mod numbers;
mod options;
mod shown;
mod values;

pub(crate) use input::{changed, input, written_day};
pub(crate) use options::{Choice, Choices, Options, closed};
pub(crate) use shown::{Form, Summed};
pub(crate) use values::{MOST_ROWS, Values};

use serde::Deserialize;

use super::phrases::WorkPhrases;

/// What is said, in the language of the reader.
pub(crate) type Said = fn(&WorkPhrases) -> &'static str;

/// How much a field is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// It may stay empty.
    Never,
    /// It may stay empty until publication.
    ToPublish,
    /// Nothing is saved without it.
    Always,
}

/// What a field takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A line of text.
    Line,
    /// A mail address.
    Mail,
    /// A telephone number.
    Phone,
    /// A web address.
    Web,
    /// Text in paragraphs.
    Text,
    /// A list, one entry on each line.
    Lines,
    /// A whole number.
    Whole,
    /// A number.
    Decimal,
    /// Two whole numbers, `from` and `to`.
    Range,
    /// A year, a month or a day.
    Date,
    /// A day.
    Day,
    /// Yes, or not.
    Flag,
    /// One of several.
    Choice(Options),
    /// Some of several.
    Choices(Options),
    /// Entries with fields of their own.
    Rows(&'static [Field]),
}

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// Where it lies in the input of the mutation, in dots.
    pub(crate) path: &'static str,
    pub(crate) label: Said,
    pub(crate) hint: Option<Said>,
    pub(crate) kind: Kind,
    pub(crate) need: Need,
}

/// A field that may stay empty.
pub(crate) const fn field(path: &'static str, label: Said, kind: Kind) -> Field {
    Field { path, label, hint: None, kind, need: Need::Never }
}

impl Field {
    /// The same with a hint.
    pub(crate) const fn hinted(mut self, hint: Said) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same, without which nothing is saved.
    pub(crate) const fn needed(mut self) -> Self {
        self.need = Need::Always;
        self
    }

    /// The same, without which nothing is published.
    pub(crate) const fn to_publish(mut self) -> Self {
        self.need = Need::ToPublish;
        self
    }
}

/// Fields that belong together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    pub(crate) title: Said,
    pub(crate) hint: Option<Said>,
    pub(crate) fields: &'static [Field],
}

/// Fields that belong together.
pub(crate) const fn group(title: Said, fields: &'static [Field]) -> Group {
    Group { title, hint: None, fields }
}

/// All fields of a form.
pub(crate) fn fields(groups: &[Group]) -> impl Iterator<Item = &'static Field> {
    groups.iter().flat_map(|group| group.fields)
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Trouble {
    /// The names of fields from outside in; empty if it is about the whole.
    pub(crate) path: Vec<String>,
    pub(crate) message: String,
    /// The API's code for it; empty if the form itself found it.
    #[serde(default)]
    pub(crate) code: String,
}

impl Trouble {
    /// Something that is wrong at a place.
    pub(crate) fn at(path: &str, message: impl Into<String>) -> Self {
        let path = path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { path, message: message.into(), code: String::new() }
    }

    /// Where, in dots.
    pub(crate) fn place(&self) -> String {
        self.path.join(".")
    }

    /// Whether somebody else was faster.
    pub(crate) fn is_stale(&self) -> bool {
        self.code == "STALE"
    }
}

/// The name within the page of what lies at a path.
pub(crate) fn anchor(path: &str) -> String {
    format!("f-{}", path.replace('.', "-"))
}
