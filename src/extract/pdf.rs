//! Text of PDF files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{
    Document, Error, MediaBox, Object, OutputDev, OutputError, Transform, output_doc_page,
};

use super::MOST_TEXT;
use super::pages::Pages;
use crate::domain::TextFailure;

/// Reads a file; of one that says it is encrypted that is the likeliest reason why it is not read.
pub(super) fn read(bytes: &[u8], pages: &mut Pages) -> Result<(), TextFailure> {
    let locked = || bytes.windows(LOCKED.len()).any(|piece| piece == LOCKED);
    read_pages(bytes, pages).map_err(|failure| match failure {
        TextFailure::Broken if locked() => TextFailure::Encrypted,
        other => other,
    })
}

/// How the end of a file says that it is encrypted.
const LOCKED: &[u8] = b"/Encrypt";

/// Reads page by page: one that cannot be read is empty, and does not keep from the others.
fn read_pages(bytes: &[u8], pages: &mut Pages) -> Result<(), TextFailure> {
    let loaded = guarded(|| Document::load_mem(bytes)).ok_or(TextFailure::Broken)?;
    let mut document = loaded.map_err(|error| failure(&error))?;
    if document.is_encrypted() {
        // Many files ask for no password to read them, only to change them.
        let opened = guarded(|| document.decrypt("").is_ok());
        if opened != Some(true) {
            return Err(TextFailure::Encrypted);
        }
    }
    widen(&mut document);
    let count = document.get_pages().len();
    let mut readable = false;
    for number in (1..=count).filter_map(|number| u32::try_from(number).ok()) {
        if pages.is_full() {
            break;
        }
        let mut lines = Lines::default();
        let read = guarded(|| output_doc_page(&document, &mut lines, number).is_ok());
        readable |= read == Some(true);
        pages.push(&rejoined(&lines.text));
    }
    pages.are_pages(count);
    if readable { Ok(()) } else { Err(TextFailure::Broken) }
}

fn failure(error: &Error) -> TextFailure {
    match error {
        Error::Decryption(_) | Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) => {
            TextFailure::Encrypted
        }
        _ => TextFailure::Broken,
    }
}

/// Writes ranges of letters of one width (`20 27 636`) letter by letter (`20 [636 636 …]`): the
/// library misreads ranges, and then sees gaps within words.
fn widen(document: &mut Document) {
    for object in document.objects.values_mut() {
        let widths = object.as_dict_mut().ok().filter(|font| font.has(b"DW") || font.has(b"W"));
        let widths = widths.and_then(|font| font.get_mut(b"W").ok()?.as_array_mut().ok());
        if let Some(widths) = widths {
            *widths = letter_by_letter(widths);
        }
    }
}

/// The most letters of a font, so that a range cannot grow without limit.
const MOST_LETTERS: i64 = 65_536;

fn letter_by_letter(widths: &[Object]) -> Vec<Object> {
    let mut single = Vec::with_capacity(widths.len());
    let mut rest = widths;
    loop {
        rest = match rest {
            [first, list @ Object::Array(_), rest @ ..] => {
                single.extend([first.clone(), list.clone()]);
                rest
            }
            [Object::Integer(first), Object::Integer(last), width, rest @ ..] => {
                let count = last.saturating_sub(*first).saturating_add(1).clamp(0, MOST_LETTERS);
                let count = usize::try_from(count).unwrap_or_default();
                let list = std::iter::repeat_n(width.clone(), count).collect();
                single.extend([Object::Integer(*first), Object::Array(list)]);
                rest
            }
            _ => return single,
        };
    }
}

/// The library panics over what it does not understand.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// A gap of this part of the letters' size lies between words; smaller ones are only spacing.
const GAP: f64 = 0.15;

/// Puts the letters of a page into lines, by the places where they stand.
#[derive(Default)]
struct Lines {
    text: String,
    /// Where the last letter ended.
    end: (f64, f64),
    /// Whether the next letter begins a piece that was placed by itself.
    is_placed: bool,
}

impl OutputDev for Lines {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        letter: &str,
    ) -> Result<(), OutputError> {
        let scale = (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        let size = scale * font_size.abs();
        let (x, y) = (place.m31, place.m32);
        let (end, line) = self.end;
        if self.is_placed && !self.text.is_empty() {
            let away = (y - line).abs();
            if away > size * 1.5 {
                self.text.push_str("\n\n");
            } else if x < end && away > size * 0.5 {
                self.text.push('\n');
            } else if x > end + size * GAP || x < end - size {
                self.text.push(' ');
            }
        }
        // More than this is cut anyway.
        if self.text.len() < MOST_TEXT {
            self.text.push_str(letter);
        }
        self.is_placed = false;
        self.end = (x + width * size, y);
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.is_placed = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Puts words together that were divided at the end of a line.
fn rejoined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim_end();
        let goes_on = line.trim_start().starts_with(char::is_lowercase);
        let divided = joined.strip_suffix("-\n");
        let divided = divided.filter(|before| before.ends_with(char::is_lowercase));
        // `Vor- und Nachteile` is two words.
        let is_one =
            !["und ", "oder ", "bzw"].iter().any(|word| line.trim_start().starts_with(word));
        match divided.map(str::len).filter(|_| goes_on && is_one) {
            Some(length) => {
                joined.truncate(length);
                joined.push_str(line.trim_start());
            }
            None => joined.push_str(line),
        }
        joined.push('\n');
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divided_words_are_put_together() {
        let check = |text, expected| assert_eq!(rejoined(text), expected);
        check("Die Mobi-\nlität im Dorf", "Die Mobilität im Dorf\n");
        check("Vor-\nund Nachteile", "Vor-\nund Nachteile\n");
        check("Baden-\nWürttemberg", "Baden-\nWürttemberg\n");
        check("a\n\nb", "a\n\nb\n");
    }
}
