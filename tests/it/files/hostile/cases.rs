//! The files, and what becomes of each.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::files::samples::{archive, docx, letter, pdf, pdf_of, pdf_with, stream};

/// What becomes of a file.
pub enum Outcome {
    /// It is refused with this status and code.
    Refused(u16, &'static str),
    /// It is kept.
    Kept {
        kind: &'static str,
        text: &'static str,
        failure: Option<&'static str>,
        called: Option<&'static str>,
    },
}

/// One file.
pub struct Case {
    pub what: &'static str,
    pub name: String,
    pub content: Vec<u8>,
    pub expected: Outcome,
}

const PDF: &str = "application/pdf";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const HTML: &str = "text/html";
const TEXT: &str = "text/plain";

fn refused(what: &'static str, name: &str, content: impl Into<Vec<u8>>, status: u16) -> Case {
    let code = if status == 422 { "REQUIRED" } else { "INVALID" };
    let expected = Outcome::Refused(status, code);
    Case { what, name: name.to_owned(), content: content.into(), expected }
}

fn failed(
    what: &'static str,
    name: &str,
    content: Vec<u8>,
    kind: &'static str,
    failure: &'static str,
) -> Case {
    let expected = Outcome::Kept { kind, text: "FAILED", failure: Some(failure), called: None };
    Case { what, name: name.to_owned(), content, expected }
}

fn read(
    what: &'static str,
    name: &str,
    content: Vec<u8>,
    kind: &'static str,
    called: &'static str,
) -> Case {
    let expected = Outcome::Kept { kind, text: "READ", failure: None, called: Some(called) };
    Case { what, name: name.to_owned(), content, expected }
}

/// A file as they usually are.
pub fn ordinary() -> Case {
    read("an ordinary file", "a.pdf", pdf(&["Der Dorfladen", "Anhang"]), PDF, "a.pdf")
}

pub fn cases() -> Vec<Case> {
    [refusals(), names(), documents(), archives(), texts()].into_iter().flatten().collect()
}

fn refusals() -> Vec<Case> {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let macros = [
        ("[Content_Types].xml", &b""[..]),
        ("word/document.xml", b""),
        ("word/vbaProject.bin", b""),
    ];
    let mut locked = archive(&[("geheim.txt", b"geheim")]);
    // The bit that says "encrypted", in both headers.
    flag(&mut locked, b"PK\x03\x04", 6);
    flag(&mut locked, b"PK\x01\x02", 8);
    vec![
        refused("an empty file", "leer.pdf", "", 422),
        refused("a program for Linux", "a.pdf", b"\x7fELF\x02\x01\x01\0\0\0".to_vec(), 415),
        refused("a program for Windows", "a.docx", b"MZ\x90\0\x03\0\0\0".to_vec(), 415),
        refused("a picture that is a script", "a.png", "GIF89a/*\0*/=1;alert(1)", 415),
        refused("a drawing with a script", "a.png", svg, 415),
        refused("a drawing behind a comment", "a.svg", format!("<!-- <html> -->{svg}"), 415),
        refused("an archive", "a.docx", archive(&[("a.txt", b"a")]), 415),
        refused("an archive with a password", "a.docx", locked, 415),
        refused("an archive that is cut off", "a.docx", b"PK\x03\x04\x14\0\0\0".to_vec(), 415),
        refused("a document with macros", "a.docx", archive(&macros), 415),
        refused(
            "an old or encrypted Office document",
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
            415,
        ),
    ]
}

fn names() -> Vec<Case> {
    let page = "<!DOCTYPE html><html><p>Seite <script>alert(1)</script>".as_bytes().to_vec();
    let text = |name: &str, called| read("a name", name, b"Text".to_vec(), TEXT, called);
    let long = "Sehr".repeat(2_500);
    let mut cases = vec![
        read("a page that is called a PDF", "Konzept.pdf", page, HTML, "Konzept.pdf.html"),
        text("../../etc/passwd", "passwd.txt"),
        text("C:\\x", "x.txt"),
        text("a\0b.txt", "ab.txt"),
        text("harmlos\u{202e}txt.exe", "harmlostxt.exe.txt"),
        text("a\r\nSet-Cookie: b.txt", "aSet-Cookie_ b.txt"),
    ];
    cases.push(Case {
        what: "a name of 10,000 letters",
        name: long,
        content: b"Text".to_vec(),
        expected: Outcome::Kept { kind: TEXT, text: "READ", failure: None, called: None },
    });
    cases
}

fn documents() -> Vec<Case> {
    let whole = pdf(&["Der Dorfladen"]);
    let cut = whole[..200].to_vec();
    let mut two = whole.clone();
    two.extend(b"<html><script>alert(1)</script></html>");
    let encrypted = String::from_utf8(pdf(&["Geheim"])).expect("ASCII");
    let lock = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<0000000000000000000000000000000000000000000000000000000000000000>/U<0000000000000000000000000000000000000000000000000000000000000000>>>/ID[<00><00>]/Root 1 0 R";
    let encrypted = encrypted.replace("/Root 1 0 R", lock).into_bytes();
    let catalogue = b"<</Type/Catalog/Pages 2 0 R>>".to_vec();
    let circle =
        pdf_of(&[catalogue, b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 2 0 R]/Count 2>>".to_vec()]);
    let deep = format!(
        "<</Type/Catalog/Pages 2 0 R/X {}1{}>>",
        "<</a ".repeat(100_000),
        ">>".repeat(100_000)
    );
    let deep = pdf_of(&[deep.into_bytes(), b"<</Type/Pages/Kids[]/Count 0>>".to_vec()]);
    let huge = pdf_with(&[b"<</Length 99999999999>>\nstream\nBT ET\nendstream".to_vec()]);
    let bomb = pdf_with(&[stream("/Filter/FlateDecode", &packed(1_500))]);
    vec![
        failed("a PDF that is cut off", "a.pdf", cut, PDF, "BROKEN"),
        failed("a PDF with a password", "a.pdf", encrypted, PDF, "ENCRYPTED"),
        failed("pages that hold themselves", "a.pdf", circle, PDF, "BROKEN"),
        failed("a PDF nested deeply", "a.pdf", deep, PDF, "BROKEN"),
        Case {
            what: "a stream that claims a hundred gigabytes",
            name: "a.pdf".to_owned(),
            content: huge,
            expected: Outcome::Kept { kind: PDF, text: "NONE", failure: None, called: None },
        },
        failed("a PDF that unpacks to 1.5 gigabytes", "a.pdf", bomb, PDF, "TOO_LARGE"),
        read("a PDF that is a page as well", "a.html", two, PDF, "a.html.pdf"),
    ]
}

fn archives() -> Vec<Case> {
    let entity = |number: usize| {
        format!("<!ENTITY l{number} \"{}\">", format!("&l{};", number - 1).repeat(10))
    };
    let entities: String = (1..10).map(entity).collect();
    let laughs = format!("<!DOCTYPE d [<!ENTITY l0 \"ha\">{entities}]><d><t>&l9;</t></d>");
    let deep = format!("{}{}", "<p>".repeat(100_000), "</p>".repeat(100_000));
    let blanks = [b"<d><p><t>".to_vec(), vec![b'a'; 80 << 20], b"</t></p></d>".to_vec()].concat();
    let inner = docx(&blanks);
    let nested = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<d><t>Text</t></d>"),
        ("word/embeddings/innen.docx", &inner),
    ]);
    let mut locked = letter(&["Geheim"]);
    flag(&mut locked, b"PK\x03\x04", 6);
    flag(&mut locked, b"PK\x01\x02", 8);
    vec![
        failed("an archive that unpacks to 80 MiB", "a.docx", inner, DOCX, "TOO_LARGE"),
        failed("a billion laughs", "a.docx", docx(laughs.as_bytes()), DOCX, "DECLARES"),
        failed("a document nested deeply", "a.docx", docx(deep.as_bytes()), DOCX, "TOO_DEEP"),
        failed("a document with a password", "a.docx", locked, DOCX, "ENCRYPTED"),
        read("an archive in an archive", "a.docx", nested, DOCX, "a.docx"),
    ]
}

fn texts() -> Vec<Case> {
    let deep = format!("<html>{}Grund", "<div>".repeat(100_000));
    let broken = b"Stra\xdfe \xff\xfe\xc3\x28 Ende".to_vec();
    vec![
        read("a page of 100,000 boxes in boxes", "a.html", deep.into_bytes(), HTML, "a.html"),
        read("a text that is no UTF-8", "a.txt", broken, TEXT, "a.txt"),
    ]
}

/// Sets a bit in all headers of an archive that begin so.
fn flag(archive: &mut [u8], header: &[u8], place: usize) {
    let found: Vec<usize> =
        (0..archive.len() - header.len()).filter(|at| archive[*at..].starts_with(header)).collect();
    for at in found {
        archive[at + place] |= 1;
    }
}

/// So many megabytes of blanks, packed.
fn packed(megabytes: usize) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..megabytes {
        packer.write_all(&blanks).expect("memory");
    }
    packer.finish().expect("memory")
}
