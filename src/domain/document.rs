//! Project documents: what they are, and where they lie: elsewhere, here, or both.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check::{Checks, LARGEST_AMOUNT, LONGEST_LINE};
use super::file::DocumentFile;
use super::key::{DocumentId, MunicipalityId};
use super::kinds::kinds;
use super::licence::{WRITTEN, spdx_licence};
use super::partial_date::PartialDate;
use super::patch::Patch;
use super::problem::{Problem, What};
use super::publication::Publication;

kinds! {
    /// What sort of paper it is.
    DocumentKind {
        Concept = "concept", "Konzept", "Concept";
        Plan = "plan", "Plan", "Plan";
        CouncilPaper = "council_paper", "Ratsvorlage", "Council paper";
        Tender = "tender", "Ausschreibung", "Tender";
        Contract = "contract", "Vertrag", "Contract";
        Leaflet = "leaflet", "Faltblatt", "Leaflet";
        Survey = "survey", "Fragebogen", "Survey";
        Evaluation = "evaluation", "Evaluation", "Evaluation";
        Report = "report", "Bericht", "Report";
        Guide = "guide", "Leitfaden", "Guide";
        Slides = "slides", "Vortragsfolien", "Slides";
        Video = "video", "Video", "Video";
        Code = "code", "Quelltext", "Source code";
        Dataset = "dataset", "Datensatz", "Data set";
        Page = "web_page", "Webseite", "Web page";
    }
}

/// A document: what is known of it, the link to it, and its file if it was uploaded.
///
/// A draft may have neither link nor file; one that is published has at least one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectDocument {
    /// Its key.
    pub id: DocumentId,
    /// How often the record was changed, from 1.
    pub revision: u32,
    /// Its key in the system that it was imported from.
    pub external_key: Option<String>,
    /// Whose it is.
    pub municipality: MunicipalityId,
    /// What it is called.
    pub title: String,
    /// What it holds.
    pub description: Option<String>,
    /// What sort of paper it is.
    pub kind: DocumentKind,
    /// Where it lies on the web.
    pub url: Option<String>,
    /// The file that was uploaded.
    pub file: Option<DocumentFile>,
    /// The media type of what the link leads to, for instance `application/pdf`.
    pub media_type: Option<String>,
    /// The size in bytes of what the link leads to.
    pub bytes: Option<u64>,
    /// Its licence, as SPDX writes it; what was written before that was asked for stays as it was.
    pub licence: Option<String>,
    /// Its language, BCP 47.
    pub language: Option<String>,
    /// Whether people with disabilities can use it.
    pub accessible: Option<bool>,
    /// Which version it is.
    pub version: Option<String>,
    /// When it came out.
    pub published_on: Option<PartialDate>,
    /// Whether it is out in the open.
    pub publication: Publication,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When the record was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A change to a document; the fields are those of [`ProjectDocument`].
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is documented on ProjectDocument")]
pub struct DocumentChange {
    pub external_key: Patch<String>,
    pub title: Patch<String>,
    pub description: Patch<String>,
    pub kind: Patch<DocumentKind>,
    pub url: Patch<String>,
    pub media_type: Patch<String>,
    pub bytes: Patch<u64>,
    pub licence: Patch<String>,
    pub language: Patch<String>,
    pub accessible: Patch<bool>,
    pub version: Patch<String>,
    pub published_on: Patch<PartialDate>,
}

impl ProjectDocument {
    /// An empty draft.
    #[must_use]
    pub fn draft(id: DocumentId, municipality: MunicipalityId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            revision: 1,
            external_key: None,
            municipality,
            title: String::new(),
            description: None,
            kind: DocumentKind::Concept,
            url: None,
            file: None,
            media_type: None,
            bytes: None,
            licence: None,
            language: None,
            accessible: None,
            version: None,
            published_on: None,
            publication: Publication::Draft,
            created_at: now,
            updated_at: now,
        }
    }

    /// The record with a change applied.
    ///
    /// # Errors
    /// Everything that would be wrong with it.
    pub fn changed(
        mut self,
        change: DocumentChange,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Problem>> {
        let mut checks = Checks::default();
        checks.kept("title", change.title.apply_required(&mut self.title));
        checks.kept("kind", change.kind.apply_required(&mut self.kind));
        change.url.apply(&mut self.url);
        change.external_key.apply(&mut self.external_key);
        change.description.apply(&mut self.description);
        change.media_type.apply(&mut self.media_type);
        change.bytes.apply(&mut self.bytes);
        let licence = change.licence.map(|text| spdx_licence(&text));
        let named = licence != Patch::Set(None);
        checks.ensure(named, "licence", What::Invalid { expected: WRITTEN });
        licence.map(Option::unwrap_or_default).apply(&mut self.licence);
        change.language.apply(&mut self.language);
        change.accessible.apply(&mut self.accessible);
        change.version.apply(&mut self.version);
        change.published_on.apply(&mut self.published_on);
        self.updated_at = now;
        checks.finish()?;
        self.check()?;
        Ok(self)
    }

    /// The record with another file, or without one.
    ///
    /// # Errors
    /// A published record would be left with neither link nor file.
    pub fn with_file(
        mut self,
        file: Option<DocumentFile>,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Problem>> {
        self.file = file;
        self.updated_at = now;
        self.check()?;
        Ok(self)
    }

    /// Checks a record before it is stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut checks = Checks::default();
        checks.external_key(&self.external_key);
        checks.name("title", &self.title, LONGEST_LINE);
        checks.texts([("description", &self.description)]);
        let somewhere = self.url.is_some() || self.file.is_some();
        checks.ensure(somewhere || !self.publication.is_public(), "url", What::Required);
        if let Some(url) = &self.url {
            checks.required("url", url);
            checks.url("url", url);
        }
        checks.range("bytes", self.bytes, 0, LARGEST_AMOUNT);
        checks.lines([
            ("licence", &self.licence),
            ("mediaType", &self.media_type),
            ("version", &self.version),
        ]);
        if let Some(language) = &self.language {
            checks.language("language", language);
        }
        checks.year("publishedOn", self.published_on.as_ref().map(PartialDate::year));
        checks.finish()
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::domain::testing::told;

    fn sound() -> ProjectDocument {
        let key = |n| Ulid::from_parts(1, n);
        let draft = ProjectDocument::draft(key(1).into(), key(2).into(), DateTime::UNIX_EPOCH);
        ProjectDocument {
            title: "Konzept".to_owned(),
            url: Some("https://example.org".to_owned()),
            ..draft
        }
    }

    #[test]
    fn every_field_is_checked() {
        type Case = (fn(&mut ProjectDocument), &'static str);
        let long = |letters| Some("x".repeat(letters));
        let cases: [Case; 17] = [
            (|it| it.title.clear(), "REQUIRED title"),
            (|it| it.title = "Kon\nzept".to_owned(), "INVALID title"),
            (|it| it.description = Some("a\0".to_owned()), "INVALID description"),
            (|it| it.description = Some("x".repeat(20_001)), "TOO_LONG description"),
            (|it| it.url = Some(String::new()), "REQUIRED url"),
            (|it| it.url = Some("ftp://example.org".to_owned()), "INVALID url"),
            (|it| it.external_key = Some(String::new()), "REQUIRED externalKey"),
            (|it| it.external_key = Some("x".repeat(201)), "TOO_LONG externalKey"),
            (|it| it.external_key = Some("P\t1".to_owned()), "INVALID externalKey"),
            (|it| it.language = Some("x".repeat(20_000)), "INVALID language"),
            (|it| it.language = Some("de_DE".to_owned()), "INVALID language"),
            (|it| it.licence = Some("x".repeat(201)), "TOO_LONG licence"),
            (|it| it.media_type = Some("x".repeat(201)), "TOO_LONG mediaType"),
            (|it| it.version = Some("x".repeat(201)), "TOO_LONG version"),
            (|it| it.version = Some("1\0".to_owned()), "INVALID version"),
            (|it| it.bytes = Some(2_147_483_648), "OUT_OF_RANGE bytes"),
            (|it| it.published_on = "0023".parse().ok(), "OUT_OF_RANGE publishedOn"),
        ];
        for (spoil, expected) in cases {
            let mut document = sound();
            spoil(&mut document);
            assert_eq!(told(document.check()), [expected]);
        }
        let full = ProjectDocument { external_key: long(200), licence: long(200), ..sound() };
        assert_eq!(full.check(), Ok(()));
    }
    #[test]
    fn a_published_document_lies_somewhere() {
        let bare = ProjectDocument { url: None, ..sound() };
        assert_eq!(bare.check(), Ok(()), "a draft may wait for its file");
        let shown = ProjectDocument { publication: Publication::Published, ..bare };
        assert_eq!(told(shown.check()), ["REQUIRED url"]);
        let linked = ProjectDocument { publication: Publication::Published, ..sound() };
        let unlinked = DocumentChange { url: Patch::Clear, ..DocumentChange::default() };
        assert_eq!(told(linked.clone().changed(unlinked, DateTime::UNIX_EPOCH)), ["REQUIRED url"]);
        assert!(linked.with_file(None, DateTime::UNIX_EPOCH).is_ok());
    }

    #[test]
    fn a_licence_is_named_when_it_is_written() {
        let written = |text: &str| DocumentChange {
            licence: Patch::Set(text.to_owned()),
            ..DocumentChange::default()
        };
        let changed = |text| sound().changed(written(text), DateTime::UNIX_EPOCH);
        let licence = changed("dl-de/by-2-0").map(|it| it.licence);
        assert_eq!(licence, Ok(Some("DL-DE-BY-2.0".to_owned())));
        assert_eq!(told(changed("frei für alle")), ["INVALID licence"]);
        let old = ProjectDocument { licence: Some("frei für alle".to_owned()), ..sound() };
        let kept = old.changed(DocumentChange::default(), DateTime::UNIX_EPOCH);
        assert_eq!(kept.map(|it| it.licence), Ok(Some("frei für alle".to_owned())));
    }
}
