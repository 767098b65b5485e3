//! What a file is, by its content.

use super::FileKind;

/// How many bytes from the beginning are looked at.
pub const HEAD: usize = 4_096;

/// What the beginning of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// It is of this kind.
    Kind(FileKind),
    /// It is an archive, as office documents are: what is inside tells more.
    Archive,
    /// It is of no kind that is taken.
    Unknown,
}

/// Tells what a file is by its first [`HEAD`] bytes. `is_text` says whether all of it, not only
/// the beginning, is free of bytes that texts do not hold.
///
/// Only what stands at the very beginning counts: a page that also is a PDF further down is a page.
#[must_use]
pub fn sniff(head: &[u8], is_text: bool) -> Sniffed {
    let begins = |magic: &[u8]| head.starts_with(magic);
    if begins(b"%PDF-") {
        return Sniffed::Kind(FileKind::Pdf);
    }
    if begins(b"\x89PNG\r\n\x1a\n") {
        return Sniffed::Kind(FileKind::Png);
    }
    if begins(&[0xff, 0xd8, 0xff]) {
        return Sniffed::Kind(FileKind::Jpeg);
    }
    if begins(b"PK\x03\x04") {
        return Sniffed::Archive;
    }
    let wide = begins(&[0xff, 0xfe]) || begins(&[0xfe, 0xff]);
    // Pictures of texts and programs that are read by others: no word of theirs is for people.
    let foreign: [&[u8]; 6] = [b"GIF8", b"#!", b"{\\rtf", b"%!PS", b"\x7fELF", b"MZ\x90"];
    if !(is_text || wide) || foreign.iter().any(|magic| begins(magic)) {
        return Sniffed::Unknown;
    }
    let text = lower(head);
    let opened = skip_preamble(&text);
    let opens = |tag: &str| opened.starts_with(tag);
    if opens("<svg") || opens("<!doctype svg") {
        return Sniffed::Unknown;
    }
    if ["<!doctype html", "<html", "<head", "<body"].into_iter().any(opens) {
        return Sniffed::Kind(FileKind::Html);
    }
    if opens("<") && (text.contains("<svg") || text.trim_start().starts_with("<?xml")) {
        return Sniffed::Unknown;
    }
    Sniffed::Kind(if is_table(&text) { FileKind::Csv } else { FileKind::Text })
}

/// The beginning as text in small letters; what is not ASCII does not matter here.
fn lower(head: &[u8]) -> String {
    let letters = head.iter().filter(|byte| byte.is_ascii() && **byte != 0);
    letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

/// What follows blanks, XML's first line and comments.
fn skip_preamble(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else {
            return rest;
        };
        match rest.split_once(end) {
            Some((_, behind)) => rest = behind.trim_start(),
            None => return rest,
        }
    }
}

/// Whether the first lines have the same number of dividers, and at least three of them do.
fn is_table(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(10).collect();
    // The last one may be cut off.
    let lines = lines.get(..lines.len().saturating_sub(1)).unwrap_or_default();
    [';', '\t', ','].into_iter().any(|divider| {
        let mut counts = lines.iter().map(|line| line.matches(divider).count());
        let first = counts.next().unwrap_or_default();
        first > 0 && lines.len() > 1 && counts.all(|count| count == first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_what_it_is() {
        let check = |content: &[u8], expected| {
            let is_text = !content.contains(&0);
            assert_eq!(sniff(content, is_text), expected, "{}", String::from_utf8_lossy(content));
        };
        let kind = Sniffed::Kind;
        check(b"%PDF-1.7 <html>", kind(FileKind::Pdf));
        check(b"<html> %PDF-1.7", kind(FileKind::Html));
        check(b"\n<!-- x --><!DOCTYPE html>", kind(FileKind::Html));
        check(b"<?xml version='1.0'?><html xmlns=''>", kind(FileKind::Html));
        check(b"PK\x03\x04\0", Sniffed::Archive);
        check(b"PK\x05\x06\0", Sniffed::Unknown);
        check(b"\x89PNG\r\n\x1a\n\0", kind(FileKind::Png));
        check(b"\xff\xd8\xff\xe0", kind(FileKind::Jpeg));
        check(b"GIF89a=1;alert(1)", Sniffed::Unknown);
        check(b"\x7fELF\x02\0", Sniffed::Unknown);
        check(b"MZ\x90\0", Sniffed::Unknown);
        check(b"#!/bin/sh\n", Sniffed::Unknown);
        check(b"<svg onload='alert(1)'>", Sniffed::Unknown);
        check(b"<?xml version='1.0'?>\n<!-- a --><svg>", Sniffed::Unknown);
        check(b"<?xml version='1.0'?><feed>", Sniffed::Unknown);
        check("Grüße aus dem Rathaus".as_bytes(), kind(FileKind::Text));
        check(b"Gr\xfc\xdfe", kind(FileKind::Text));
        check(b"\xff\xfea\0b\0", kind(FileKind::Text));
        check(b"name;inhabitants\nMusterdorf;1200\nNeustadt;9000\n", kind(FileKind::Csv));
        check(b"a\0b", Sniffed::Unknown);
    }
}
