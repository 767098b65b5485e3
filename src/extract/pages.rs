//! Gathers text, page by page, up to a limit.

use super::{MOST_PAGES, MOST_TEXT, Reading};

/// The text that was read so far.
pub(super) struct Pages {
    pieces: Vec<String>,
    room: usize,
    cut: bool,
    pages: Option<usize>,
}

impl Default for Pages {
    fn default() -> Self {
        Self { pieces: Vec::new(), room: MOST_TEXT, cut: false, pages: None }
    }
}

impl Pages {
    /// Adds the next piece, cleaned; what does not fit any more is left out.
    pub(super) fn push(&mut self, text: &str) {
        let mut text = cleaned(text);
        if text.len() > self.room {
            text.truncate(text.floor_char_boundary(self.room));
            self.cut = true;
        }
        self.room -= text.len();
        self.pieces.push(text);
    }

    /// Whether nothing more fits.
    pub(super) fn is_full(&self) -> bool {
        self.room == 0 || self.pieces.len() >= MOST_PAGES
    }

    /// Tells that the pieces are pages, and how many of them there are.
    pub(super) fn are_pages(&mut self, count: usize) {
        self.pages = Some(count);
        self.cut |= count > self.pieces.len();
    }

    pub(super) fn into_reading(self) -> Reading {
        let pages = self.pages.map(|pages| u32::try_from(pages).unwrap_or(u32::MAX));
        Reading::Text { pieces: self.pieces, pages, cut: self.cut }
    }
}

/// A text without control characters, without blanks in a row, and without more than one empty
/// line in a row.
fn cleaned(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let (mut blanks, mut lines) = (0_usize, 0_usize);
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => lines += usize::from(letter == '\n'),
            '\u{ad}' => {}
            letter if letter.is_whitespace() || letter.is_control() => blanks += 1,
            letter => {
                if lines > 0 && !clean.is_empty() {
                    clean.push_str(if lines > 1 { "\n\n" } else { "\n" });
                } else if blanks > 0 && !clean.is_empty() {
                    clean.push(' ');
                }
                (blanks, lines) = (0, 0);
                match ligature(letter) {
                    Some(letters) => clean.push_str(letters),
                    None => clean.push(letter),
                }
            }
        }
    }
    clean
}

/// The letters of a sign that printers set for several.
const fn ligature(letter: char) -> Option<&'static str> {
    match letter {
        'ﬀ' => Some("ff"),
        'ﬁ' => Some("fi"),
        'ﬂ' => Some("fl"),
        'ﬃ' => Some("ffi"),
        'ﬄ' => Some("ffl"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned() {
        let check = |text, expected| assert_eq!(cleaned(text), expected, "{text:?}");
        check("  a \t b\0c\u{c}d  ", "a b c d");
        check("a\r\n\r\n\r\nb\nc \n", "a\n\nb\nc");
        check("Mobi\u{ad}lität", "Mobilität");
        check("ﬂächendeckend öﬀentlich", "flächendeckend öffentlich");
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut pages = Pages::default();
        pages.push(&"ä".repeat(MOST_TEXT));
        assert!(pages.is_full());
        pages.push("mehr");
        pages.are_pages(2);
        let Reading::Text { pieces, pages, cut } = pages.into_reading() else { panic!("a text") };
        assert_eq!(pieces.iter().map(String::len).collect::<Vec<_>>(), [MOST_TEXT, 0]);
        assert_eq!((pages, cut), (Some(2), true));
    }
}
