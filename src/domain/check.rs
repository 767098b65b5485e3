//! Collects everything that is wrong with an input, so that people see all of it at once.

use super::mail_address::is_mail_address;
use super::partial_date::PartialDate;
use super::problem::{Problem, What};

/// The longest free text, in characters: about six printed pages.
pub(crate) const LONGEST_TEXT: usize = 20_000;
/// The longest line, such as a name, in characters.
pub(crate) const LONGEST_LINE: usize = 200;
/// The longest web address, in characters.
const LONGEST_URL: usize = 2_000;
/// The most entries of a list inside a record.
pub(crate) const MOST_ENTRIES: usize = 50;
/// The largest sum of money in euros, and the largest document in bytes: GraphQL's `Int` holds no
/// more.
pub(crate) const LARGEST_AMOUNT: u64 = i32::MAX as u64;

/// A collection of problems that grows check by check. The first problem of a field is enough,
/// so checks of one field go from the coarse to the fine.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<Problem>);

impl Checks {
    /// Notes a problem at a field unless the condition holds.
    pub(crate) fn ensure(&mut self, holds: bool, field: &str, what: What) {
        if !holds && !self.0.iter().any(|problem| problem.path == [field]) {
            self.0.push(Problem::at(field, what));
        }
    }

    /// A text that must say something.
    pub(crate) fn required(&mut self, field: &str, text: &str) {
        self.ensure(!text.trim().is_empty(), field, What::Required);
    }

    /// A text in one line of at most `most` characters; it may be empty.
    pub(crate) fn line(&mut self, field: &str, line: &str, most: usize) {
        self.length(field, line, most);
        self.ensure(!line.contains(char::is_control), field, What::ControlCharacters);
    }

    /// A line that must say something.
    pub(crate) fn name(&mut self, field: &str, name: &str, most: usize) {
        self.required(field, name);
        self.line(field, name, most);
    }

    /// A free text, in paragraphs; it may be empty.
    pub(crate) fn text(&mut self, field: &str, text: &str) {
        let foreign = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
        self.length(field, text, LONGEST_TEXT);
        self.ensure(!text.contains(foreign), field, What::ControlCharacters);
    }

    /// Lines that may be missing.
    pub(crate) fn lines<const N: usize>(&mut self, fields: [(&str, &Option<String>); N]) {
        for (field, line) in fields {
            self.line(field, line.as_deref().unwrap_or_default(), LONGEST_LINE);
        }
    }

    /// Free texts that may be missing.
    pub(crate) fn texts<const N: usize>(&mut self, fields: [(&str, &Option<String>); N]) {
        for (field, text) in fields {
            self.text(field, text.as_deref().unwrap_or_default());
        }
    }

    /// A key of another system, if there is one.
    pub(crate) fn external_key(&mut self, key: &Option<String>) {
        if let Some(key) = key {
            self.name("externalKey", key, LONGEST_LINE);
        }
    }

    /// The tag of a language, in the form of BCP 47.
    pub(crate) fn language(&mut self, field: &str, tag: &str) {
        let sound = (2..=35).contains(&tag.len())
            && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        self.ensure(sound, field, What::Invalid { expected: "BCP 47" });
    }

    /// A web address that browsers may follow.
    pub(crate) fn url(&mut self, field: &str, url: &str) {
        self.length(field, url, LONGEST_URL);
        self.ensure(is_web_address(url), field, What::Invalid { expected: "https://…" });
    }

    /// A web address that may be missing.
    pub(crate) fn optional_url(&mut self, field: &str, url: &Option<String>) {
        if let Some(url) = url {
            self.url(field, url);
        }
    }

    /// A mail address that may be missing.
    pub(crate) fn mail(&mut self, field: &str, address: &Option<String>) {
        let form = What::Invalid { expected: "name@host.de" };
        self.ensure(address.as_deref().is_none_or(is_mail_address), field, form);
    }

    /// A number from `least` to `most`. What is no number, such as NaN, is never inside.
    pub(crate) fn range<N: PartialOrd + std::fmt::Display + Copy>(
        &mut self,
        field: &str,
        number: Option<N>,
        least: N,
        most: N,
    ) {
        let inside = number.is_none_or(|number| number >= least && number <= most);
        self.ensure(inside, field, What::OutOfRange { range: format!("{least} – {most}") });
    }

    /// A year in which something of today's municipalities can lie.
    pub(crate) fn year(&mut self, field: &str, year: Option<i32>) {
        self.range(field, year, 1_900, 2_200);
    }

    /// A stretch of time that does not end before it begins.
    pub(crate) fn period(&mut self, starts: &Option<PartialDate>, ends: &Option<PartialDate>) {
        self.year("starts", starts.as_ref().map(PartialDate::year));
        self.year("ends", ends.as_ref().map(PartialDate::year));
        if let (Some(starts), Some(ends)) = (starts, ends) {
            self.ensure(
                !ends.is_before(starts),
                "ends",
                What::Invalid { expected: "starts ≤ ends" },
            );
        }
    }

    /// A list of at most `most` entries.
    pub(crate) fn count(&mut self, field: &str, entries: usize, most: usize) {
        self.ensure(entries <= most, field, What::TooMany { most });
    }

    /// A list of at most `most` entries, each checked under its number. The entries of a list
    /// that is too long are not looked at.
    pub(crate) fn entries<T>(
        &mut self,
        field: &str,
        entries: &[T],
        most: usize,
        check: impl Fn(&mut Self, &str, &T),
    ) {
        self.count(field, entries.len(), most);
        if entries.len() <= most {
            self.within(field, |checks| {
                for (number, entry) in entries.iter().enumerate() {
                    check(checks, &number.to_string(), entry);
                }
            });
        }
    }

    /// A list of parts of a record.
    pub(crate) fn each<T>(&mut self, field: &str, parts: &[T], check: fn(&T, &mut Self)) {
        self.entries(field, parts, MOST_ENTRIES, |checks, number, part| {
            checks.within(number, |checks| check(part, checks));
        });
    }

    /// A part of a record that may be missing.
    pub(crate) fn part<T>(&mut self, field: &str, part: &Option<T>, check: fn(&T, &mut Self)) {
        if let Some(part) = part {
            self.within(field, |checks| check(part, checks));
        }
    }

    /// Checks of what lies inside a field.
    pub(crate) fn within(&mut self, field: &str, check: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        check(&mut inner);
        self.0.extend(inner.0.into_iter().map(|problem| problem.within(field)));
    }

    /// A value that must not be emptied by a change.
    pub(crate) fn kept(&mut self, field: &str, kept: bool) {
        self.ensure(kept, field, What::Required);
    }

    /// Ends the collection: an error if anything was found.
    ///
    /// # Errors
    /// All problems found, in the order of the checks.
    pub(crate) fn finish(self) -> Result<(), Vec<Problem>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }

    /// A text of at most so many bytes.
    pub(crate) fn bytes(&mut self, field: &str, text: &str, most: usize) {
        let given = text.len();
        self.ensure(given <= most, field, What::TooManyBytes { most, given });
    }

    fn length(&mut self, field: &str, text: &str, most: usize) {
        let given = text.chars().count();
        self.ensure(given <= most, field, What::TooLong { most, given });
    }
}

/// Whether a text is an address of the web: other schemes, such as `javascript:`, run code.
fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let has_host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']));
    has_host && !url.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests;
