//! Reads the rows of a reference.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::super::kinds::Label;
use super::feature::Feature;
use super::figures::Figures;
use super::level::Level;
use super::reference::ReferenceError;

/// What a reference says.
pub(super) struct Rows {
    pub(super) date: NaiveDate,
    pub(super) source: String,
    pub(super) rows: Vec<(Level, String, Figures)>,
}

/// A column of a reference.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    Key,
    Area,
    Figure(Feature),
}

/// Reads `# date:`, `# source:`, a line of names and a row for each municipality, split by commas.
pub(super) fn read(text: &str) -> Result<Rows, ReferenceError> {
    let mut lines = (1..).zip(text.lines());
    let (mut date, mut source, mut columns) = (None, None, None);
    for (line, content) in lines.by_ref() {
        let Some(comment) = content.strip_prefix('#') else {
            columns = Some(named(line, content)?);
            break;
        };
        if let Some(given) = comment.trim().strip_prefix("date:") {
            date = given.trim().parse().ok();
        } else if let Some(given) = comment.trim().strip_prefix("source:") {
            source = Some(given.trim().to_owned());
        }
    }
    let (Some(date), Some(source), Some(columns)) = (date, source, columns) else {
        return Err(ReferenceError::Head { line: 1 });
    };
    let rows = lines.filter(|(_, content)| !content.is_empty());
    let mut seen = HashSet::new();
    let rows = rows.map(|(line, content)| {
        let row = row(line, content, &columns)?;
        if seen.insert(row.1.clone()) {
            return Ok(row);
        }
        let reason = format!("the key {} stands above already", row.1);
        Err(ReferenceError::Row { line, column: 1, reason })
    });
    Ok(Rows { date, source, rows: rows.collect::<Result<_, _>>()? })
}

fn named(line: usize, content: &str) -> Result<Vec<Column>, ReferenceError> {
    let column = |name: &str| match name {
        "key" => Ok(Column::Key),
        "area_km2" => Ok(Column::Area),
        name => Feature::from_name(name)
            .map(Column::Figure)
            .ok_or_else(|| ReferenceError::Column { line, name: name.to_owned() }),
    };
    content.split(',').map(column).collect()
}

fn row(
    line: usize,
    content: &str,
    columns: &[Column],
) -> Result<(Level, String, Figures), ReferenceError> {
    let wrong =
        |column: usize, reason: String| ReferenceError::Row { line, column: column + 1, reason };
    let mut key = None;
    let (mut figures, mut area) = (Figures::default(), None);
    let fields: Vec<&str> = content.split(',').collect();
    if fields.len() != columns.len() {
        let reason = format!("{} columns, but {} have names", fields.len(), columns.len());
        return Err(wrong(fields.len().min(columns.len()), reason));
    }
    for (place, (column, field)) in columns.iter().zip(fields).enumerate() {
        if *column == Column::Key {
            let level = Level::of_key(field)
                .filter(|_| field.bytes().all(|byte| byte.is_ascii_digit()))
                .ok_or_else(|| wrong(place, format!("\"{field}\" is no official key")))?;
            key = Some((level, field.to_owned()));
            continue;
        }
        let value = Some(field).filter(|field| !field.is_empty());
        let value = value.map(str::parse::<f64>).transpose();
        let value = value.map_err(|_| wrong(place, format!("\"{field}\" is no number")))?;
        match column {
            Column::Figure(feature) => figures.set(*feature, value),
            Column::Area => area = value,
            Column::Key => {}
        }
    }
    if let (Some(population), Some(area)) = (figures.get(Feature::Population), area) {
        figures.set(Feature::Density, Some(f64::from(population) / area));
    }
    let (level, key) = key.ok_or_else(|| wrong(0, "no key".to_owned()))?;
    Ok((level, key, figures))
}
