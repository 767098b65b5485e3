//! Text between the tags of XML.

use std::io::{self, BufReader, Read};

use quick_xml::events::{BytesRef, Event};
use quick_xml::{Error, Reader};

use super::MOST_TEXT;
use crate::domain::TextFailure;

/// How deep elements may be nested.
const DEEPEST: usize = 1_000;

/// What the elements of a format mean; names are without their prefixes.
pub(super) struct Markup {
    /// Text counts within these only.
    pub(super) within: &'static [&'static str],
    /// These end a line when they end.
    pub(super) lines: &'static [&'static str],
    /// These end a line where they stand.
    pub(super) breaks: &'static [&'static str],
    /// These are blanks.
    pub(super) blanks: &'static [&'static str],
    /// A new page begins where these stand.
    pub(super) pages: &'static [&'static str],
    /// These are passed over with all that is in them.
    pub(super) skipped: &'static [&'static str],
}

/// Reads so many bytes and no more.
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

/// The text of an XML file, divided where pages end. Entities that a file declares itself would be
/// the way to make much text out of little: a file that declares anything is not read.
pub(super) fn walk(source: impl Read, markup: &Markup) -> Result<Vec<String>, TextFailure> {
    let mut reader = Reader::from_reader(BufReader::new(source));
    let mut walker = Walker::new(markup);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| failure(&error))? {
            Event::Start(tag) => walker.start(tag.local_name().as_ref())?,
            Event::End(tag) => walker.end(tag.local_name().as_ref()),
            Event::Empty(tag) => {
                walker.start(tag.local_name().as_ref())?;
                walker.end(tag.local_name().as_ref());
            }
            Event::Text(text) => walker.add(&text.decode().map_err(|_| TextFailure::Broken)?),
            Event::CData(text) => walker.add(&text.decode().map_err(|_| TextFailure::Broken)?),
            Event::GeneralRef(reference) => walker.add(letter(&reference).encode_utf8(&mut [0; 4])),
            Event::DocType(_) => return Err(TextFailure::Declares),
            Event::Eof if walker.depth > 0 => return Err(TextFailure::Broken),
            Event::Eof => return Ok(walker.pieces),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// Where the walk stands.
struct Walker<'a> {
    markup: &'a Markup,
    pieces: Vec<String>,
    depth: usize,
    /// How many elements are open in which text counts.
    within: usize,
    /// How deep the element stands that is passed over.
    skipped_at: Option<usize>,
    gathered: usize,
}

impl<'a> Walker<'a> {
    fn new(markup: &'a Markup) -> Self {
        let pieces = vec![String::new()];
        Self { markup, pieces, depth: 0, within: 0, skipped_at: None, gathered: 0 }
    }

    fn start(&mut self, name: &[u8]) -> Result<(), TextFailure> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(TextFailure::TooDeep);
        }
        if self.skipped_at.is_some() {
            return Ok(());
        }
        let is = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
        if is(self.markup.skipped) {
            self.skipped_at = Some(self.depth);
            return Ok(());
        }
        if is(self.markup.pages) && self.gathered <= MOST_TEXT * 4 {
            self.pieces.push(String::new());
        }
        if is(self.markup.breaks) {
            self.push("\n");
        }
        if is(self.markup.blanks) {
            self.push(" ");
        }
        self.within += usize::from(is(self.markup.within));
        Ok(())
    }

    fn end(&mut self, name: &[u8]) {
        let is = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
        if self.skipped_at.is_none() {
            if is(self.markup.lines) {
                self.push("\n");
            }
            self.within -= usize::from(is(self.markup.within)).min(self.within);
        }
        self.skipped_at = self.skipped_at.filter(|skipped| *skipped < self.depth);
        self.depth = self.depth.saturating_sub(1);
    }

    fn add(&mut self, text: &str) {
        if self.within > 0 && self.skipped_at.is_none() {
            self.push(text);
        }
    }

    /// What is cut later anyway is not gathered.
    fn push(&mut self, text: &str) {
        if self.gathered <= MOST_TEXT * 4 {
            self.gathered += text.len();
            self.pieces.last_mut().into_iter().for_each(|piece| piece.push_str(text));
        }
    }
}

/// The letter that a reference stands for; a blank if nobody knows it.
fn letter(reference: &BytesRef<'_>) -> char {
    match (reference.resolve_char_ref(), &**reference) {
        (Ok(Some(letter)), _) => letter,
        (_, b"lt") => '<',
        (_, b"gt") => '>',
        (_, b"amp") => '&',
        (_, b"quot") => '"',
        (_, b"apos") => '\'',
        _ => ' ',
    }
}

fn failure(error: &Error) -> TextFailure {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => TextFailure::TooLarge,
        _ => TextFailure::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKUP: Markup = Markup {
        within: &["t"],
        lines: &["p"],
        breaks: &["br"],
        blanks: &["tab"],
        pages: &["page"],
        skipped: &["del"],
    };

    #[test]
    fn text_is_gathered_page_by_page() {
        let xml = "<w:d><w:p><w:t>Gr&#252;&#xdf;e &amp; &nix;mehr</w:t>nein<w:tab/><w:t>a</w:t></w:p>\
                   <w:del><w:p><w:t>nein</w:t></w:p></w:del><w:page/><w:t>b<br/>c</w:t></w:d>";
        let pages = walk(xml.as_bytes(), &MARKUP);
        assert_eq!(pages, Ok(vec!["Grüße &  mehr a\n".to_owned(), "b\nc".to_owned()]));
    }

    #[test]
    fn what_is_made_to_do_harm_is_not_read() {
        let check = |xml: &str, failure| assert_eq!(walk(xml.as_bytes(), &MARKUP), Err(failure));
        check("<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>", TextFailure::Declares);
        check(&"<d>".repeat(2_000), TextFailure::TooDeep);
        check("<d><p>", TextFailure::Broken);
        check("<d></p>", TextFailure::Broken);
        let source = Bounded::new(io::repeat(b' '), 10_000);
        assert_eq!(walk(source, &MARKUP), Err(TextFailure::TooLarge));
    }
}
