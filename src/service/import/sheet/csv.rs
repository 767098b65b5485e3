//! Solutions as a table with named columns, as spreadsheets write it.

use serde_json::{Map, Value as Json, json};

use super::fields::{Cell, column};
use super::formula::unmarked;
use super::{BadRow, Row, Sheet, SheetError};
use crate::service::import::register::Lines;

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Sheet, SheetError> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b',', b'\t']
        .into_iter()
        .max_by_key(|delimiter| head.bytes().filter(|byte| byte == delimiter).count())
        .unwrap_or(b';');
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().cloned().map_err(|error| {
        SheetError::Unreadable(format!("the names of the columns cannot be read: {error}"))
    })?;
    let columns = columns(&names)?;
    let mut sheet = Sheet { head: Some(raw(&names, delimiter)), ..Sheet::default() };
    let mut lines = Lines::new(text);
    for record in reader.records() {
        let (line, raw, fields) = match record {
            Err(error) => {
                (lines.of(error.position()), String::new(), Err(vec![(None, error.to_string())]))
            }
            Ok(cells) if cells.iter().all(str::is_empty) => continue,
            Ok(cells) => {
                (lines.of(cells.position()), raw(&cells, delimiter), fields(&columns, &cells))
            }
        };
        match fields {
            Ok(fields) => sheet.rows.push(Row { line, fields, raw }),
            Err(problems) => {
                let bad = |(path, reason)| (BadRow { line, path, reason }, raw.clone());
                sheet.bad.extend(problems.into_iter().map(bad));
            }
        }
    }
    Ok(sheet)
}

fn columns(names: &::csv::StringRecord) -> Result<Vec<(&'static str, Cell)>, SheetError> {
    let mut columns: Vec<(&'static str, Cell)> = Vec::new();
    let mut wrong = Vec::new();
    for (place, name) in (1..).zip(names) {
        match column(name) {
            Ok((known, _)) if columns.iter().any(|(other, _)| *other == known) => {
                wrong.push(format!("column {place}: a second one is called {known}"));
            }
            Ok(known) => columns.push(known),
            Err(reason) => wrong.push(format!("column {place}: {reason}")),
        }
    }
    if wrong.is_empty() { Ok(columns) } else { Err(SheetError::Unreadable(wrong.join("\n"))) }
}

/// A row as it can stand in a table of its own.
fn raw(cells: &::csv::StringRecord, delimiter: u8) -> String {
    let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let written = writer.write_record(cells).is_ok();
    let bytes = writer.into_inner().unwrap_or_default();
    let text = String::from_utf8(bytes).unwrap_or_default();
    if written { text.trim_end_matches('\n').to_owned() } else { String::new() }
}

type Problems = Vec<(Option<String>, String)>;

fn fields(
    columns: &[(&'static str, Cell)],
    cells: &::csv::StringRecord,
) -> Result<Map<String, Json>, Problems> {
    if cells.len() != columns.len() {
        let reason = format!(
            "{} cells, but {} columns have names: is a quote or a separator missing?",
            cells.len(),
            columns.len()
        );
        return Err(vec![(None, reason)]);
    }
    let mut fields = Map::new();
    let mut problems = Vec::new();
    let taken = columns.iter().zip(cells).filter(|((_, cell), _)| !matches!(cell, Cell::Told));
    for ((name, cell), text) in taken {
        match value(*cell, unmarked(text)) {
            Ok(value) => put(&mut fields, name, value),
            Err(reason) => problems.push((Some((*name).to_owned()), reason)),
        }
    }
    sums(&mut fields);
    if problems.is_empty() { Ok(fields) } else { Err(problems) }
}

/// A sum of which only one end is told is that sum.
fn sums(fields: &mut Map<String, Json>) {
    let Some(costs) = fields.get_mut("costs").and_then(Json::as_object_mut) else { return };
    for range in ["oneOff", "yearly"] {
        let Some(range) = costs.get_mut(range).and_then(Json::as_object_mut) else { continue };
        for (end, other) in [("from", "to"), ("to", "from")] {
            let known = range.get(other).filter(|it| !it.is_null()).cloned();
            if let (Some(known), None | Some(Json::Null)) = (known, range.get(end)) {
                range.insert(end.to_owned(), known);
            }
        }
    }
}

/// What a cell says; nothing is null.
fn value(cell: Cell, text: &str) -> Result<Json, String> {
    if text.is_empty() {
        return Ok(Json::Null);
    }
    let entries = || text.split(';').map(str::trim).filter(|entry| !entry.is_empty());
    Ok(match cell {
        Cell::Text => text.into(),
        Cell::Whole => {
            // Thousands may be set apart, as in German.
            let digits = text.replace(['.', ' ', '\u{a0}', '\u{202f}'], "");
            let digits = digits.trim_end_matches('€');
            let number = digits.parse::<u64>();
            number
                .map_err(|_| {
                    format!("\"{text:.40}\" is no whole number: write for instance 12000")
                })?
                .into()
        }
        Cell::Number => {
            let number = text.replace(',', ".").parse::<f64>().ok().filter(|it| it.is_finite());
            json!(
                number.ok_or_else(|| format!(
                    "\"{text:.40}\" is no number: write for instance 0,5"
                ))?
            )
        }
        Cell::List => entries().map(Json::from).collect(),
        Cell::Choice(choice) => choice(text)?.into(),
        Cell::Parts(field) => entries().map(|entry| json!({ field: entry })).collect(),
        Cell::Linked(field) => entries()
            .map(|entry| match entry.split_once('|') {
                Some((name, url)) => json!({ field: name.trim(), "url": url.trim() }),
                None => json!({ field: entry }),
            })
            .collect(),
        Cell::Told => Json::Null,
        Cell::OnlyJson => return Err("this cannot be told in a table".to_owned()),
    })
}

/// Puts a value at a path. A part of which nothing is told is null.
fn put(fields: &mut Map<String, Json>, path: &str, value: Json) {
    let Some((outer, inner)) = path.split_once('.') else {
        fields.insert(path.to_owned(), value);
        return;
    };
    let part = fields.entry(outer).or_insert(Json::Null);
    if value.is_null() {
        return;
    }
    if part.is_null() {
        *part = Json::Object(Map::new());
    }
    if let Json::Object(part) = part {
        put(part, inner, value);
    }
}
