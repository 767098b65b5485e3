//! The GV100AD file of Destatis: one record a line in fixed columns, as the description that comes with
//! it has them.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Entry, Register, Rejected, without_titles};
use crate::domain::{MunicipalityKind, Patch, ProfileChange};

/// Columns from and to, counted from 1.
type Columns = (usize, usize);

const RECORD: Columns = (1, 2);
const DATE: Columns = (3, 10);
/// State, region, county and municipality; the municipality's key if all are there.
const AGS: Columns = (11, 18);
const COUNTY: Columns = (11, 15);
const MUNICIPALITY: Columns = (16, 18);
const ASSOCIATION: Columns = (19, 22);
const NAME: Columns = (23, 72);
const SORT: Columns = (123, 124);
/// In hectares.
const AREA: Columns = (129, 139);
const POPULATION: Columns = (140, 150);

/// Whether a text is such a file: it begins with the record of a state.
pub(super) fn is_one(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let digits = first.chars().take(12).all(|char| char.is_ascii_digit());
    first.starts_with("10") && digits && first.chars().count() > NAME.0
}

/// Reads such a file.
pub(super) fn read(text: &str) -> Register {
    let mut register = Register::default();
    for (line, content) in (1..).zip(text.lines()).filter(|(_, content)| !content.trim().is_empty())
    {
        match (Line { line, chars: content.chars().collect() }).entry() {
            Ok(Found::Entry(entry)) => register.entries.push(entry),
            Ok(Found::Uninhabited) => register.uninhabited += 1,
            Ok(Found::Nothing) => {}
            Err(rejected) => register.rejected.push(rejected),
        }
    }
    register
}

enum Found {
    Entry(Box<Entry>),
    Uninhabited,
    /// States and regions, and what stands for a municipality once more on a higher level.
    Nothing,
}

struct Line {
    line: usize,
    chars: Vec<char>,
}

impl Line {
    fn text(&self, (from, to): Columns) -> String {
        let to = to.min(self.chars.len());
        let field = self.chars.get(from - 1..to).unwrap_or_default();
        field.iter().collect::<String>().trim().to_owned()
    }

    fn rejected(&self, columns: Columns, reason: impl Into<String>) -> Rejected {
        Rejected { line: self.line, column: Some(columns.0), reason: reason.into() }
    }

    fn digits(&self, columns: Columns) -> Result<String, Rejected> {
        let text = self.text(columns);
        let whole = columns.1 + 1 - columns.0;
        if text.len() == whole && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(text)
        } else {
            Err(self.rejected(columns, format!("\"{text}\" are not the {whole} digits of a key")))
        }
    }

    fn number(&self, columns: Columns, what: &str) -> Result<u64, Rejected> {
        let text = self.text(columns);
        text.parse().map_err(|_| self.rejected(columns, format!("\"{text}\" is no {what}")))
    }

    fn entry(&self) -> Result<Found, Rejected> {
        let (record, sort) = (self.text(RECORD), self.text(SORT));
        let wrong = || self.rejected(SORT, format!("\"{sort}\" is no sort of a record {record}"));
        let kind = match (record.as_str(), sort.as_str()) {
            ("10" | "20" | "30", _) | ("40", "41" | "42") | ("50", "50" | "58") => {
                return Ok(Found::Nothing);
            }
            ("40", "43" | "44") => MunicipalityKind::Kreis,
            ("40", "45") => MunicipalityKind::Regionalverband,
            ("50", "51" | "55") => MunicipalityKind::Amt,
            ("50", "52") => MunicipalityKind::Samtgemeinde,
            ("50", "53") => MunicipalityKind::Verbandsgemeinde,
            ("50", "54" | "56" | "57") => MunicipalityKind::Association,
            ("60", "60") => MunicipalityKind::Markt,
            ("60", "61" | "62") => MunicipalityKind::KreisfreieStadt,
            ("60", "63" | "67") => MunicipalityKind::Stadt,
            ("60", "64" | "65" | "68" | "69") => MunicipalityKind::Gemeinde,
            ("60", "66") => return Ok(Found::Uninhabited),
            ("40" | "50" | "60", _) => return Err(wrong()),
            _ => return Err(self.rejected(RECORD, format!("there is no record \"{record}\""))),
        };
        let name = without_titles(&self.text(NAME));
        if name.is_empty() {
            return Err(self.rejected(NAME, "the name is missing"));
        }
        let county = self.digits(COUNTY)?;
        let mut entry = Entry {
            line: self.line,
            name: Some(name),
            kind: Some(kind),
            date: Some(self.date()?),
            ..Entry::default()
        };
        match record.as_str() {
            "40" => entry.ars = Some(county),
            "50" => {
                entry.ars = Some(format!("{county}{}", self.digits(ASSOCIATION)?));
                entry.parent = Some(county);
            }
            _ => {
                let association = format!("{county}{}", self.digits(ASSOCIATION)?);
                entry.ags = Some(self.digits(AGS)?);
                entry.ars = Some(format!("{association}{}", self.digits(MUNICIPALITY)?));
                entry.parent = Some(association);
                entry.figures = self.figures()?;
                entry.has_figures = true;
            }
        }
        Ok(Found::Entry(Box::new(entry)))
    }

    fn date(&self) -> Result<NaiveDate, Rejected> {
        let text = self.text(DATE);
        let date = NaiveDate::parse_from_str(&text, "%Y%m%d");
        date.map_err(|_| self.rejected(DATE, format!("\"{text}\" is no date such as 20221231")))
    }

    fn figures(&self) -> Result<ProfileChange, Rejected> {
        let (area, people) =
            (self.number(AREA, "area in hectares")?, self.number(POPULATION, "number of people")?);
        let population =
            u32::try_from(people).ok().filter(|people| *people > 0).ok_or_else(|| {
                self.rejected(POPULATION, format!("a municipality has no {people} inhabitants"))
            })?;
        if area == 0 {
            return Err(self.rejected(AREA, "a municipality has some area"));
        }
        Ok(figures(population, area as f64 / 100.0, &self.date()?.to_string()))
    }
}

fn figures(population: u32, area_km2: f64, date: &str) -> ProfileChange {
    ProfileChange {
        population: Patch::Set(population),
        area_km2: Patch::Set(area_km2),
        source: Patch::Set(format!("Destatis, Gemeindeverzeichnis (GV100AD), Gebietsstand {date}")),
        ..ProfileChange::default()
    }
}

/// Counties and associations have the sums of their municipalities; only if every row could be read.
pub(super) fn sum_up(entries: &mut [Box<Entry>]) {
    let mut sums: HashMap<String, (u64, f64)> = HashMap::new();
    for entry in entries.iter().filter(|entry| entry.ags.is_some()) {
        let (Patch::Set(people), Patch::Set(area), Some(ars)) =
            (&entry.figures.population, &entry.figures.area_km2, &entry.ars)
        else {
            continue;
        };
        for length in [5, 9] {
            let sum = sums.entry(ars.get(..length).unwrap_or_default().to_owned()).or_default();
            (sum.0, sum.1) = (sum.0 + u64::from(*people), sum.1 + area);
        }
    }
    for entry in entries.iter_mut().filter(|entry| entry.ags.is_none()) {
        let sum = entry.ars.as_ref().and_then(|ars| sums.get(ars));
        entry.has_figures = sum.is_some();
        if let (Some((people, area)), Some(date)) = (sum, entry.date) {
            let area = (area * 100.0).round() / 100.0;
            let people = u32::try_from(*people).unwrap_or(u32::MAX);
            entry.figures = figures(people, area, &format!("{date}, summiert"));
        }
    }
}
