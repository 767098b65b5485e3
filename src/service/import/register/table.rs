//! A table with named columns, split by commas, semicolons or tabs.

use chrono::NaiveDate;

use super::{Entry, Register, RegisterError, Rejected, without_titles};
use crate::domain::{
    Confidence, Coordinates, DemographicType, Feature, Label, Language, MunicipalityKind, Patch,
    SettlementType, StructuralWeakness, SupportClass, slug,
};

/// What stands in a column.
#[derive(Debug, Clone, PartialEq)]
enum Column {
    Key,
    Ars,
    County,
    Name,
    Kind,
    Area,
    /// A figure; of the population also the day, if the name of its column has one.
    Figure(Feature, Option<NaiveDate>),
    Date,
    Source,
    DemographicType,
    Support,
    SupportPeriod,
    Latitude,
    Longitude,
    Former,
    Ignored,
}

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Register, RegisterError> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|delimiter| head.bytes().filter(|byte| byte == delimiter).count());
    let delimiter = delimiter.unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let head = reader.headers().cloned().map_err(|error| {
        RegisterError::Unknown(format!("the names of the columns cannot be read: {error}"))
    })?;
    let columns = columns(&head)?;
    let mut register = Register::default();
    let ignored = head.iter().zip(&columns).filter(|(_, column)| **column == Column::Ignored);
    register.ignored = ignored.map(|(name, _)| name.to_owned()).collect();
    let row = Row { head: &head, columns: &columns, comma: delimiter != b',' };
    let mut lines = Lines::new(text);
    for record in reader.records() {
        match record {
            Err(error) => {
                let line = lines.of(error.position());
                register.rejected.push(Rejected { line, column: None, reason: error.to_string() });
            }
            Ok(fields) => match row.entry(&fields, lines.of(fields.position())) {
                Ok(Some(entry)) => register.entries.push(Box::new(entry)),
                Ok(None) => register.uninhabited += 1,
                Err(rejected) => register.rejected.push(rejected),
            },
        }
    }
    Ok(register)
}

fn columns(head: &csv::StringRecord) -> Result<Vec<Column>, RegisterError> {
    let names: Vec<String> = head.iter().map(|name| slug(name).replace('-', "_")).collect();
    let has = |name: &str| names.iter().any(|it| it == name);
    let columns: Vec<Column> = names
        .iter()
        .map(|name| match name.as_str() {
            "ags" | "gemeindeschluessel" => Column::Key,
            "ars" | "regionalschluessel" => Column::Ars,
            "key" | "schluessel" => Column::Key,
            "kreis_code" | "county" | "parent" if has("ags") || has("ars") => Column::County,
            "kreis_code" => Column::Key,
            "name" | "gemeinde" => Column::Name,
            "kind" | "art" => Column::Kind,
            "area_km2" | "flaeche_km2" => Column::Area,
            "date" | "reference_date" | "stand" => Column::Date,
            "source" | "quelle" => Column::Source,
            "structural_weakness" | "grw" | "grw_class" => Column::Support,
            "grw_period" | "structural_weakness_period" => Column::SupportPeriod,
            "regiostar17" | "regiostar_17" => Column::Figure(Feature::SettlementType, None),
            "demographic_type" | "demografietyp" => Column::DemographicType,
            "latitude" => Column::Latitude,
            "longitude" => Column::Longitude,
            "former_keys" | "predecessors" => Column::Former,
            "density" | "surroundings" | "kind_name" => Column::Ignored,
            "einwohner" => Column::Figure(Feature::Population, None),
            name => figure(name).unwrap_or(Column::Ignored),
        })
        .collect();
    if !columns.iter().any(|column| matches!(column, Column::Key | Column::Ars)) {
        let names: Vec<&str> = head.iter().collect();
        return Err(RegisterError::Unknown(format!(
            "this is no GV100AD file, and no column of its first line is called ags, ars or key: {}",
            names.join(", ")
        )));
    }
    for (place, column) in columns.iter().enumerate().filter(|(_, it)| **it != Column::Ignored) {
        let means_the_same = |other: &Column| match (column, other) {
            (Column::Figure(one, _), Column::Figure(two, _)) => one == two,
            (one, two) => one == two,
        };
        if columns.iter().take(place).any(means_the_same) {
            let name = head.get(place).unwrap_or_default();
            return Err(RegisterError::Unknown(format!(
                "two columns mean the same, the second of them is \"{name}\": leave one out"
            )));
        }
    }
    Ok(columns)
}

/// A figure by its name; inhabitants also with the day: `population_2022_12_31`.
fn figure(name: &str) -> Option<Column> {
    if let Some(day) = name.strip_prefix("population_") {
        let date = NaiveDate::parse_from_str(day, "%Y_%m_%d").ok();
        if date.is_some() {
            return Some(Column::Figure(Feature::Population, date));
        }
    }
    Feature::from_name(name).filter(|it| it.is_number()).map(|it| Column::Figure(it, None))
}

/// Counts lines on the way through a text; a record begins behind the ends of lines that the reader
/// has not passed yet.
pub(in crate::service::import) struct Lines<'a> {
    text: &'a [u8],
    read: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    /// At the beginning of a text.
    pub(in crate::service::import) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), read: 0, line: 1 }
    }

    /// The line of a position, from 1.
    pub(in crate::service::import) fn of(&mut self, position: Option<&csv::Position>) -> usize {
        let start = position.and_then(|it| usize::try_from(it.byte()).ok()).unwrap_or(self.read);
        while let Some(byte) = self.text.get(self.read) {
            if self.read >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*byte == b'\n');
            self.read += 1;
        }
        self.line
    }
}

struct Row<'a> {
    head: &'a csv::StringRecord,
    columns: &'a [Column],
    /// Whether decimals stand behind a comma.
    comma: bool,
}

impl Row<'_> {
    /// What a row says; nothing of an area without inhabitants that belongs to no municipality.
    fn entry(&self, fields: &csv::StringRecord, line: usize) -> Result<Option<Entry>, Rejected> {
        if fields.len() != self.columns.len() {
            let reason = format!(
                "{} fields, but {} columns have names: is a quote or a separator missing?",
                fields.len(),
                self.columns.len()
            );
            let column = Some(fields.len().min(self.columns.len()) + 1);
            return Err(Rejected { line, column, reason });
        }
        let kind = self.columns.iter().position(|column| *column == Column::Kind);
        let kind = kind.and_then(|place| fields.get(place)).unwrap_or_default();
        if slug(kind).starts_with("gemeindefreies-gebiet-unbewohnt") {
            return Ok(None);
        }
        let mut entry = Entry { line, ..Entry::default() };
        let (mut latitude, mut longitude, mut period) = (None, None, None);
        for (place, (column, field)) in self.columns.iter().zip(fields).enumerate() {
            if field.is_empty() {
                continue;
            }
            let done = match column {
                Column::Latitude => self.number(field).map(|it| latitude = Some(it)),
                Column::Longitude => self.number(field).map(|it| longitude = Some(it)),
                Column::SupportPeriod => {
                    period = Some(field.to_owned());
                    Ok(())
                }
                column => self.take(&mut entry, column, field),
            };
            done.map_err(|reason| Rejected {
                line,
                column: Some(place + 1),
                reason: format!("{}: {reason}", self.head.get(place).unwrap_or_default()),
            })?;
        }
        entry.coordinates = latitude
            .zip(longitude)
            .map(|(latitude, longitude)| Coordinates { latitude, longitude });
        if let Some(weakness) = &mut entry.weakness {
            weakness.period = period.unwrap_or_else(|| weakness.period.clone());
            if let Patch::Set(source) = &entry.figures.source {
                weakness.source = Some(source.clone());
            }
        }
        if entry.key().is_empty() {
            return Err(Rejected { line, column: None, reason: "no official key".to_owned() });
        }
        if entry.has_figures && entry.date.is_none() {
            let reason = "figures need a day: a column date, or population_2022_12_31".to_owned();
            return Err(Rejected { line, column: None, reason });
        }
        Ok(Some(entry))
    }

    fn take(&self, entry: &mut Entry, column: &Column, field: &str) -> Result<(), String> {
        match column {
            Column::Key => {
                let key = key(field, &[8, 5, 9, 12])?;
                match key.len() {
                    8 => entry.ags = Some(key),
                    _ => entry.ars = Some(key),
                }
            }
            Column::Ars => entry.ars = Some(key(field, &[12, 9, 5])?),
            Column::County => entry.parent = Some(key(field, &[5, 9])?),
            Column::Name => entry.name = Some(without_titles(field)),
            Column::Kind => entry.kind = Some(kind(field)?),
            Column::Area => {
                let area = self.number(field)?;
                if area <= 0.0 {
                    return Err(format!("{field} is no area"));
                }
                entry.figures.area_km2 = Patch::Set(area);
                entry.has_figures = true;
            }
            Column::Figure(feature, date) => {
                self.figure(entry, *feature, field)?;
                if date.is_some() {
                    day(entry, *date)?;
                }
                entry.has_figures = true;
            }
            Column::Date => {
                let date = field.parse();
                let date =
                    date.map_err(|_| format!("\"{field}\" is no date such as 2022-12-31"))?;
                day(entry, Some(date))?;
            }
            Column::Source => entry.figures.source = Patch::Set(field.to_owned()),
            Column::DemographicType => {
                let found: Result<DemographicType, _> = field.parse();
                let found = found.map_err(|error| error.to_string())?;
                entry.figures.demographic_type = Patch::Set(found);
                entry.has_figures = true;
            }
            Column::Support => entry.weakness = Some(weakness(field)?),
            Column::Former => {
                let keys = field.split([' ', ';', ',']).filter(|it| !it.is_empty());
                entry.former = keys.map(|it| key(it, &[8, 5, 9, 12])).collect::<Result<_, _>>()?;
            }
            Column::Latitude | Column::Longitude | Column::SupportPeriod | Column::Ignored => {}
        }
        Ok(())
    }

    fn figure(&self, entry: &mut Entry, feature: Feature, field: &str) -> Result<(), String> {
        let people = field.replace(['.', ','], "");
        let is_grouped = field.split(['.', ',']).skip(1).all(|group| group.len() == 3);
        let value = match feature {
            Feature::Population if is_grouped => self.number(&people)?,
            _ => self.number(field)?,
        };
        let whole = || {
            let is_whole = value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
            is_whole.then_some(value as u32).ok_or_else(|| format!("{field} is no whole number"))
        };
        let figures = &mut entry.figures;
        match feature {
            Feature::Population => {
                let people = whole().ok().filter(|people| *people > 0);
                let people =
                    people.ok_or_else(|| format!("a municipality has no {field} inhabitants"))?;
                figures.population = Patch::Set(people);
            }
            Feature::SettlementType => {
                let class = u16::try_from(whole()?);
                let class = class.ok().filter(|it| SettlementType::of_regiostar17(*it).is_some());
                let class = class.ok_or_else(|| format!("{field} is no class of RegioStaR 17"))?;
                figures.regiostar17 = Patch::Set(class);
            }
            Feature::Change5 => figures.population_change_5y = Patch::Set(value),
            Feature::Change10 => figures.population_change_10y = Patch::Set(value),
            Feature::YouthMigration => figures.net_migration_18_25 = Patch::Set(value),
            Feature::Under18 => figures.share_under_18 = Patch::Set(value),
            Feature::Over65 => figures.share_65_plus = Patch::Set(value),
            Feature::Over80 => figures.share_80_plus = Patch::Set(value),
            Feature::Foreign => figures.share_foreign = Patch::Set(value),
            Feature::Unemployment => figures.unemployment = Patch::Set(value),
            Feature::TaxPower => figures.tax_power = Patch::Set(value),
            Feature::Density
            | Feature::Surroundings
            | Feature::Support
            | Feature::Kind
            | Feature::State => {}
        }
        Ok(())
    }

    fn number(&self, field: &str) -> Result<f64, String> {
        let plain =
            if self.comma { field.replace('.', "").replace(',', ".") } else { field.to_owned() };
        // Without a comma a point is one of decimals in a table of semicolons, too.
        let plain = if self.comma && !field.contains(',') { field.to_owned() } else { plain };
        let number = plain.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| format!("\"{field}\" is no number"))
    }
}

/// All figures of a row are of one day.
fn day(entry: &mut Entry, date: Option<NaiveDate>) -> Result<(), String> {
    if let (Some(one), Some(other)) = (entry.date, date)
        && one != other
    {
        return Err(format!("the row has two days, {one} and {other}"));
    }
    entry.date = date;
    Ok(())
}

/// An official key of one of some lengths; one zero that a spreadsheet lost is put back.
fn key(field: &str, lengths: &[usize]) -> Result<String, String> {
    let padded = format!("0{field}");
    let fits = |key: &&str| lengths.contains(&key.len());
    let digits = field.bytes().all(|byte| byte.is_ascii_digit());
    let lost = !field.starts_with('0');
    let found = [field, &padded].into_iter().take(1 + usize::from(lost)).find(fits);
    let found = found.filter(|_| digits);
    found.map(str::to_owned).ok_or_else(|| format!("\"{field}\" is no official key"))
}

fn kind(field: &str) -> Result<MunicipalityKind, String> {
    let wanted = slug(field);
    let meant = match wanted.as_str() {
        "kreisangehoerige-gemeinde" | "gemeindefreies-gebiet-bewohnt" => MunicipalityKind::Gemeinde,
        "grosse-kreisstadt" => MunicipalityKind::Stadt,
        "stadtkreis" => MunicipalityKind::KreisfreieStadt,
        "landkreis" => MunicipalityKind::Kreis,
        wanted => {
            let named = |kind: &&MunicipalityKind| {
                let label = slug(kind.label(Language::German));
                label == wanted || slug(kind.name()) == wanted
            };
            let found = MunicipalityKind::ALL.iter().find(named).copied();
            found.ok_or_else(|| format!("there is no kind \"{field}\""))?
        }
    };
    Ok(meant)
}

fn weakness(field: &str) -> Result<StructuralWeakness, String> {
    let wanted = slug(field);
    let named = |class: &&SupportClass| {
        slug(class.name()) == wanted || slug(class.label(Language::German)) == wanted
    };
    let class = SupportClass::ALL.iter().find(named).copied();
    let class = class.ok_or_else(|| format!("there is no class of support area \"{field}\""))?;
    Ok(StructuralWeakness {
        class,
        period: "2022-2027".to_owned(),
        confidence: Confidence::Sourced,
        source: None,
    })
}
