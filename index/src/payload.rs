//! What a commit says about itself.

use crate::analysis;

/// Whose journal is reflected, up to where, and how words were analysed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) source: String,
    pub(crate) cursor: u64,
    pub(crate) analysis: String,
}

impl Payload {
    /// For a commit made now.
    pub(crate) fn new(source: &str, cursor: u64) -> Self {
        Self { source: source.to_owned(), cursor, analysis: analysis::fingerprint().to_owned() }
    }

    /// Its text inside the commit. The source comes last: it is the caller's text.
    pub(crate) fn write(&self) -> String {
        format!("cursor={};analysis={};source={}", self.cursor, self.analysis, self.source)
    }

    /// Reads what [`Payload::write`] wrote.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (cursor, rest) = text.strip_prefix("cursor=")?.split_once(";analysis=")?;
        let (analysis, source) = rest.split_once(";source=")?;
        Some(Self {
            source: source.to_owned(),
            cursor: cursor.parse().ok()?,
            analysis: analysis.to_owned(),
        })
    }
}
