//! The columns that there are.

use super::values::{self, Choice};
use crate::domain::ParticipationLevel;

/// What stands in the cells of a column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    /// A text, or what the reader of the field makes of one.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Texts, divided by semicolons.
    List,
    /// A value of a closed list inside of a part.
    Choice(Choice),
    /// Parts of which this field is told, divided by semicolons.
    Parts(&'static str),
    /// The same, each with an address behind a bar: `Title|https://…`.
    Linked(&'static str),
    /// Cannot be told in a table.
    OnlyJson,
    /// What a hub says of a solution when it gives it out; nothing is taken from it.
    Told,
}

/// What a hub tells of a solution beside its content.
pub(super) const TOLD: &[&str] =
    &["id", "slug", "lifecycle", "quality", "version", "publishedAt", "updatedAt"];

/// All columns. What stands behind a dot is a field of a part.
pub(super) const COLUMNS: &[(&str, Cell)] = &[
    ("externalKey", Cell::Text),
    ("title", Cell::Text),
    ("teaser", Cell::Text),
    ("municipalities", Cell::List),
    ("language", Cell::Text),
    ("problem", Cell::Text),
    ("approach", Cell::Text),
    ("status", Cell::Text),
    ("topics", Cell::List),
    ("targetGroups", Cell::List),
    ("contacts", Cell::List),
    ("documents", Cell::List),
    ("place", Cell::Text),
    ("period.starts", Cell::Text),
    ("period.ends", Cell::Text),
    ("steps", Cell::Text),
    ("participation.level", Cell::Choice(values::choice_in_part::<ParticipationLevel>)),
    ("participation.formats", Cell::Text),
    ("participation.people", Cell::Whole),
    ("participation.missed", Cell::Text),
    ("partners", Cell::Parts("name")),
    ("results.summary", Cell::Text),
    ("results.indicators", Cell::OnlyJson),
    ("evidence", Cell::Text),
    ("costs.oneOff.from", Cell::Whole),
    ("costs.oneOff.to", Cell::Whole),
    ("costs.yearly.from", Cell::Whole),
    ("costs.yearly.to", Cell::Whole),
    ("costs.year", Cell::Whole),
    ("costs.note", Cell::Text),
    ("funding", Cell::Linked("programme")),
    ("staff.fullTimeEquivalents", Cell::Number),
    ("staff.roles", Cell::Text),
    ("staff.volunteerHours", Cell::Number),
    ("legalBasis", Cell::Text),
    ("prerequisites", Cell::Text),
    ("transferability.copyable", Cell::Text),
    ("transferability.local", Cell::Text),
    ("lessons", Cell::Text),
    ("difficulties", Cell::Text),
    ("wouldChange", Cell::Text),
    ("sustaining", Cell::Text),
    ("digitalTools", Cell::Linked("name")),
    ("keywords", Cell::List),
    ("instruments", Cell::List),
    ("effort", Cell::Text),
    ("monthsToEffect", Cell::Whole),
    ("sizeBands", Cell::List),
    ("images", Cell::OnlyJson),
    ("related", Cell::List),
    ("sources", Cell::Linked("title")),
    ("licence", Cell::Text),
    ("citation", Cell::Text),
    ("lastChecked", Cell::Text),
];

/// The column of a name. Capitals, blanks and underscores make no difference.
pub(super) fn column(name: &str) -> Result<(&'static str, Cell), String> {
    let wanted = values::bare(name);
    if let Some(told) = TOLD.iter().find(|told| values::bare(told) == wanted) {
        return Ok((told, Cell::Told));
    }
    match COLUMNS.iter().find(|(column, _)| values::bare(column) == wanted) {
        Some((column, Cell::OnlyJson)) => {
            Err(format!("{column} has parts that no cell can hold: give this file as JSON"))
        }
        Some((column, cell)) => Ok((column, *cell)),
        None => Err(unknown(name, COLUMNS.iter().map(|(column, _)| *column))),
    }
}

/// The names of fields of a JSON object.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    let first = |(column, _): &(&'static str, Cell)| column.split('.').next().unwrap_or(column);
    COLUMNS.iter().map(first)
}

/// That there is no such name, and which one may have been meant.
pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let wanted = values::bare(name);
    let far = |known: &str| {
        let known = values::bare(known);
        match known.contains(&wanted) && wanted.chars().count() >= SHORTEST_PART {
            true => 0,
            false => distance(&wanted, &known),
        }
    };
    let nearest = known.map(|known| (far(known), known)).min();
    match nearest.filter(|(far, _)| far * 2 <= wanted.chars().count()) {
        Some((_, nearest)) => format!("there is no \"{name:.60}\"; did you mean \"{nearest}\"?"),
        None => format!("there is no \"{name:.60}\""),
    }
}

/// So many letters of a longer name are taken for it.
const SHORTEST_PART: usize = 4;

/// How many letters have to be put in, taken out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(100).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().take(100).enumerate() {
        let mut next = vec![above + 1];
        for ((same, before), up) in other.iter().zip(&row).zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or_default();
            let changed = before + usize::from(*same != letter);
            next.push(changed.min(left + 1).min(up + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_letters() {
        let check =
            |one, other, expected| assert_eq!(distance(one, other), expected, "{one} {other}");
        check("", "", 0);
        check("titel", "title", 2);
        check("teaser", "teaser", 0);
        check("", "abc", 3);
        check("topic", "topics", 1);
    }

    #[test]
    fn a_column_is_known_however_it_is_written() {
        for name in ["externalKey", "external_key", "External Key", "EXTERNALKEY"] {
            assert_eq!(column(name).unwrap().0, "externalKey");
        }
        let missed = column("titel").unwrap_err();
        assert!(missed.contains("did you mean \"title\""), "{missed}");
        assert!(column("images").unwrap_err().contains("JSON"));
    }
}
