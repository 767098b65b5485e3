//! Solutions as JSON: a list of objects, or one object after the other, usually one a line.

use serde_json::{Map, Value as Json};

use super::{BadRow, Row, Sheet};

/// Reads all objects; one that is broken does not spoil the others.
pub(super) fn read(text: &str) -> Sheet {
    let mut sheet = Sheet::default();
    let mut line = 1;
    let mut rest = text;
    loop {
        let blank = rest.find(|it: char| !it.is_whitespace() && !matches!(it, ',' | '[' | ']'));
        let Some(begin) = blank else { return sheet };
        let (passed, from) = rest.split_at(begin);
        line += count(passed);
        let raw = object(from);
        match parse(raw) {
            Ok(fields) => sheet.rows.push(Row { line, fields, raw: one_line(raw) }),
            Err((within, reason)) => {
                let bad = BadRow { line: line + within, path: None, reason };
                sheet.bad.push((bad, one_line(raw)));
            }
        }
        line += count(raw);
        rest = from.get(raw.len()..).unwrap_or_default();
    }
}

fn count(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// For a file with one object a line.
fn one_line(raw: &str) -> String {
    match serde_json::from_str::<Json>(raw) {
        Ok(json) => json.to_string(),
        Err(_) => raw.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn parse(raw: &str) -> Result<Map<String, Json>, (usize, String)> {
    serde_json::from_str(raw).map_err(|error| {
        let reason = format!("this is no sound JSON object: {error}");
        (error.line().saturating_sub(1), reason)
    })
}

/// The object at the beginning of a text; what is none reaches to the end of its line.
fn object(text: &str) -> &str {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (place, byte) in text.bytes().enumerate() {
        if place == 0 && byte != b'{' {
            break;
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' => depth += 1,
            b'}' if depth == 1 => return text.get(..=place).unwrap_or(text),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.lines().next().unwrap_or(text)
}
