//! A form as it is shown: with what stands in it, and what is wrong with it.

use super::{
    Choice, Choices, Field, Group, Kind, MOST_ROWS, Need, Options, Trouble, Values, anchor, fields,
};
use crate::domain::Language;
use crate::web::phrases::WorkPhrases;

/// A form with what stands in it.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) groups: &'static [Group],
    pub(crate) values: Values,
    /// What somebody else has stored meanwhile.
    pub(crate) theirs: Option<Values>,
    pub(crate) troubles: Vec<Trouble>,
    pub(crate) choices: Choices,
    pub(crate) language: Language,
    /// The list that gets one more entry to fill in.
    pub(crate) grows: Option<String>,
}

/// Fields that belong together, as they are shown.
pub(crate) struct ShownGroup {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) hint: Option<&'static str>,
    pub(crate) fields: Vec<Shown>,
}

/// What is wrong, with where it is mended.
pub(crate) struct Summed {
    pub(crate) anchor: Option<String>,
    pub(crate) message: String,
}

/// A field as it is shown.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) hint: Option<&'static str>,
    /// What is said of how much it is needed.
    pub(crate) need: Option<&'static str>,
    pub(crate) is_required: bool,
    pub(crate) value: String,
    pub(crate) errors: Vec<String>,
    /// What is stored instead.
    pub(crate) stored: Option<String>,
    /// What is typed into: `line`, `text`, `select`, `boxes`, `flag`, `range` or `rows`.
    control: &'static str,
    /// The type of a line.
    pub(crate) input: &'static str,
    /// Which keys a telephone shows for a line.
    pub(crate) mode: &'static str,
    /// What can be chosen, and whether it is.
    pub(crate) options: Vec<(Choice, bool)>,
    /// The two ends of a range.
    pub(crate) ends: Vec<Shown>,
    /// The entries of a list, field by field.
    pub(crate) rows: Vec<Row>,
}

/// An entry of a list.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) number: usize,
    pub(crate) fields: Vec<Shown>,
}

impl Shown {
    /// Whether it is typed into in this way.
    pub(crate) fn is(&self, control: &str) -> bool {
        self.control == control
    }

    /// Whether several things are typed into it.
    pub(crate) fn is_set(&self) -> bool {
        matches!(self.control, "boxes" | "range" | "rows")
    }

    /// What describes it beside its label, by name; nothing if nothing does.
    pub(crate) fn described_by(&self) -> Option<String> {
        let parts = [
            ("hint", self.hint.is_some()),
            ("error", !self.errors.is_empty()),
            ("stored", self.stored.is_some()),
        ];
        let parts = parts.iter().filter(|(_, is_there)| *is_there);
        let names: Vec<String> = parts.map(|(part, _)| format!("{}-{part}", self.id)).collect();
        (!names.is_empty()).then(|| names.join(" "))
    }

    /// The place of the next entry of a list.
    pub(crate) fn next_row(&self) -> String {
        format!("{}-{}", self.id, self.rows.len())
    }

    /// Whether the list takes one more entry.
    pub(crate) fn has_room(&self) -> bool {
        self.rows.len() < MOST_ROWS
    }
}

impl Form {
    const fn w(&self) -> &'static WorkPhrases {
        WorkPhrases::of(self.language)
    }

    /// The form as it is shown.
    pub(crate) fn shown(&self) -> Vec<ShownGroup> {
        let group = |(place, group): (usize, &Group)| ShownGroup {
            id: format!("part-{place}"),
            title: (group.title)(self.w()),
            hint: group.hint.map(|hint| hint(self.w())),
            fields: group.fields.iter().map(|field| self.field(field, field.path)).collect(),
        };
        self.groups.iter().enumerate().map(group).collect()
    }

    /// All that is wrong, each with a way to where it is mended.
    pub(crate) fn summary(&self) -> Vec<Summed> {
        let sum = |trouble: &Trouble| {
            let found = self.find(&trouble.place());
            Summed {
                anchor: found.as_ref().map(|(_, path)| anchor(path)),
                message: self.told(trouble),
            }
        };
        self.troubles.iter().map(sum).collect()
    }

    fn field(&self, field: &Field, path: &str) -> Shown {
        let w = self.w();
        let need = match field.need {
            Need::Always => Some(w.must),
            Need::ToPublish => Some(w.to_publish),
            Need::Never => None,
        };
        let mut shown = Shown {
            id: anchor(path),
            name: path.to_owned(),
            label: (field.label)(w),
            hint: field.hint.map(|hint| hint(w)).or(usual_hint(&field.kind, w)),
            need,
            is_required: field.need == Need::Always,
            value: self.values.first(path).to_owned(),
            errors: self.errors(field, path),
            stored: self.stored(field, path),
            ..Shown::default()
        };
        (shown.control, shown.input, shown.mode) = match field.kind {
            Kind::Text | Kind::Lines => ("text", "", ""),
            Kind::Mail => ("line", "email", "email"),
            Kind::Phone => ("line", "tel", "tel"),
            Kind::Web => ("line", "url", "url"),
            Kind::Whole => ("line", "text", "numeric"),
            Kind::Decimal => ("line", "text", "decimal"),
            Kind::Line | Kind::Date | Kind::Day => ("line", "text", "text"),
            Kind::Flag => ("flag", "", ""),
            Kind::Choice(_) => ("select", "", ""),
            Kind::Choices(_) => ("boxes", "", ""),
            Kind::Range => ("range", "", ""),
            Kind::Rows(_) => ("rows", "", ""),
        };
        match &field.kind {
            Kind::Choice(options) | Kind::Choices(options) => {
                shown.options = self.options(options, path);
            }
            Kind::Range => shown.ends = vec![self.end(path, "from"), self.end(path, "to")],
            Kind::Rows(columns) => shown.rows = self.rows(columns, path),
            _ => {}
        }
        shown
    }

    fn end(&self, path: &str, end: &str) -> Shown {
        let w = self.w();
        let path = format!("{path}.{end}");
        Shown {
            id: anchor(&path),
            label: if end == "from" { w.from } else { w.to },
            value: self.values.first(&path).to_owned(),
            name: path,
            control: "line",
            input: "text",
            mode: "numeric",
            ..Shown::default()
        }
    }

    /// The entries of a list, and one to fill in if there is none or if one more was asked for.
    fn rows(&self, columns: &[Field], path: &str) -> Vec<Row> {
        let more = usize::from(self.grows.as_deref() == Some(path));
        let count = (self.values.rows(path) + more).clamp(1, MOST_ROWS);
        let row = |row: usize| {
            let path = format!("{path}.{row}");
            let field = |column: &Field| self.field(column, &format!("{path}.{}", column.path));
            Row { id: anchor(&path), number: row + 1, fields: columns.iter().map(field).collect() }
        };
        (0..count).map(row).collect()
    }

    /// What can be chosen; what was chosen stays so, even if it is in no list any more.
    fn options(&self, options: &Options, path: &str) -> Vec<(Choice, bool)> {
        let chosen = self.values.all(path);
        let mut all = self.choices.of(options, self.language);
        for value in &chosen {
            if !all.iter().any(|choice| choice.value == *value) {
                let (value, label) = ((*value).to_owned(), (*value).to_owned());
                all.push(Choice { value, label });
            }
        }
        let is_chosen = |choice: &Choice| chosen.contains(&choice.value.as_str());
        all.into_iter().map(|choice| (choice.clone(), is_chosen(&choice))).collect()
    }

    /// What is wrong with a field, in words. What is wrong within an entry is told there.
    fn errors(&self, field: &Field, path: &str) -> Vec<String> {
        let is_here = |trouble: &&Trouble| {
            let place = trouble.place();
            let inside = place.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
            place == path || inside && !matches!(field.kind, Kind::Rows(_))
        };
        self.troubles.iter().filter(is_here).map(|trouble| self.told(trouble)).collect()
    }

    /// What is wrong, with fields by the names that people know.
    fn told(&self, trouble: &Trouble) -> String {
        let place = trouble.place();
        match self.find(&place) {
            Some((field, _)) => {
                let label = (field.label)(self.w());
                let named = |open: char, close: char| format!("{open}{place}{close}");
                let message = trouble.message.replace(&named('„', '“'), &format!("„{label}“"));
                message.replace(&named('“', '”'), &format!("“{label}”"))
            }
            None => trouble.message.clone(),
        }
    }

    /// The field that a path leads to, and the path of the field itself.
    fn find(&self, place: &str) -> Option<(&'static Field, String)> {
        let within = |inner: &str, outer: &str| {
            inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
        };
        if place.is_empty() {
            return None;
        }
        let mut all = fields(self.groups);
        let field = all.find(|field| within(place, field.path) || within(field.path, place))?;
        let Kind::Rows(columns) = &field.kind else { return Some((field, field.path.to_owned())) };
        let rest = place.strip_prefix(field.path).and_then(|rest| rest.strip_prefix('.'));
        let column = rest.and_then(|rest| rest.split_once('.')).and_then(|(row, rest)| {
            let column = columns.iter().find(|column| within(rest, column.path))?;
            Some((column, format!("{}.{row}.{}", field.path, column.path)))
        });
        column.or(Some((field, field.path.to_owned())))
    }

    fn stored(&self, field: &Field, path: &str) -> Option<String> {
        let theirs = self.theirs.as_ref()?;
        let (mine, theirs) = (self.read(field, path, &self.values), self.read(field, path, theirs));
        if mine == theirs {
            return None;
        }
        Some(if theirs.is_empty() { self.w().stored_nothing.to_owned() } else { theirs })
    }

    /// What stands in a field, to be read.
    pub(crate) fn read(&self, field: &Field, path: &str, values: &Values) -> String {
        match &field.kind {
            Kind::Rows(columns) => {
                let row = |row: usize| {
                    let columns = columns.iter().map(|column| {
                        self.read(column, &format!("{path}.{row}.{}", column.path), values)
                    });
                    columns.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
                };
                (0..values.rows(path)).map(row).collect::<Vec<_>>().join("\n\n")
            }
            Kind::Choice(options) | Kind::Choices(options) => {
                let all = self.choices.of(options, self.language);
                let label = |value: &str| {
                    let choice = all.iter().find(|choice| choice.value == value);
                    choice.map_or(value, |choice| choice.label.as_str()).to_owned()
                };
                values.all(path).into_iter().map(label).collect::<Vec<_>>().join(", ")
            }
            Kind::Range => {
                let end = |end: &str| values.first(&format!("{path}.{end}")).to_owned();
                let ends = [end("from"), end("to")];
                let [from, to] = &ends;
                if from == to { from.clone() } else { format!("{from} – {to}") }
            }
            _ => values.first(path).to_owned(),
        }
    }
}

/// What is said of every field of a kind.
const fn usual_hint(kind: &Kind, w: &WorkPhrases) -> Option<&'static str> {
    match kind {
        Kind::Lines => Some(w.one_a_line),
        Kind::Range => Some(w.euro_hint),
        Kind::Date => Some(w.date_hint),
        Kind::Rows(_) => Some(w.entry_hint),
        _ => None,
    }
}
