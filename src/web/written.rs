//! Numbers, money and dates as people write them.

use chrono::{DateTime, Utc};

use crate::domain::Language;

/// A whole number, with its digits in groups of three.
pub(crate) fn grouped(number: i64, language: &Language) -> String {
    let mark = match language {
        Language::German => '.',
        Language::English => ',',
    };
    let digits = number.unsigned_abs().to_string();
    let mut written = String::with_capacity(digits.len() * 2);
    if number < 0 {
        written.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(mark);
        }
        written.push(digit);
    }
    written
}

/// A number with at most one digit behind the comma.
pub(crate) fn decimal(number: f64, language: &Language) -> String {
    let tenths = (number * 10.0).round();
    let whole = grouped((tenths / 10.0).trunc() as i64, language);
    let rest = (tenths.abs() % 10.0) as u8;
    let mark = match language {
        Language::German => ',',
        Language::English => '.',
    };
    let sign = if number < 0.0 && !whole.starts_with('−') && tenths != 0.0 { "−" } else { "" };
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}{mark}{rest}") }
}

/// Whole euros.
pub(crate) fn euros(amount: i64, language: &Language) -> String {
    match language {
        Language::German => format!("{} €", grouped(amount, language)),
        Language::English => format!("€{}", grouped(amount, language)),
    }
}

/// A day.
pub(crate) fn day(at: &DateTime<Utc>, language: &Language) -> String {
    match language {
        Language::German => at.format("%-d.%-m.%Y").to_string(),
        Language::English => at.format("%-d %B %Y").to_string(),
    }
}

/// A year, a month or a day, as `2023`, `2023-09` or `2023-09-14` says it.
pub(crate) fn partial_date(text: &str, language: &Language) -> String {
    let parts: Vec<&str> = text.split('-').collect();
    match (&parts[..], language) {
        ([year, month], Language::German) => format!("{}/{year}", month.trim_start_matches('0')),
        ([year, month, day], Language::German) => {
            let plain = |part: &str| part.trim_start_matches('0').to_owned();
            format!("{}.{}.{year}", plain(day), plain(month))
        }
        _ => text.to_owned(),
    }
}

/// The paragraphs of a text.
pub(crate) fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DE: &Language = &Language::German;
    const EN: &Language = &Language::English;

    #[test]
    fn numbers_are_written_as_people_do() {
        assert_eq!(
            [grouped(7, DE), grouped(1_234, DE), grouped(-1_234_567, EN)],
            ["7", "1.234", "−1,234,567"]
        );
        assert_eq!(
            [decimal(12.34, DE), decimal(-0.26, EN), decimal(3.0, DE)],
            ["12,3", "−0.3", "3"]
        );
        assert_eq!([euros(5_000, DE), euros(5_000, EN)], ["5.000 €", "€5,000"]);
    }

    #[test]
    fn dates_say_as_much_as_is_known() {
        let dates = ["2023", "2023-09", "2023-09-04"].map(|text| partial_date(text, DE));
        assert_eq!(dates, ["2023", "9/2023", "4.9.2023"]);
        assert_eq!(partial_date("2023-09", EN), "2023-09");
    }
}
