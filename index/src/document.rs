//! What goes into the index.

/// One findable thing, as the projector sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The unique id, for example `Solution:01J…`; a later document with the same id replaces it.
    pub id: String,
    /// The kind of thing, for example `Solution`; also counted and filtered as [`Facet::Kind`].
    pub kind: String,
    /// The title; weighs most.
    pub title: String,
    /// A sentence or two that introduce the thing.
    pub teaser: String,
    /// Names of topics, keywords and target groups, joined.
    pub topics: String,
    /// The problem that was there.
    pub problem: String,
    /// What was done.
    pub approach: String,
    /// What came of it.
    pub results: String,
    /// Everything else that should be found.
    pub text: String,
    /// Names of municipalities.
    pub places: String,
    /// Values to filter by and to count; a facet may have several.
    pub facets: Vec<(Facet, String)>,
    /// Values to order by and to select ranges of; the first of a [`Number`] counts.
    pub numbers: Vec<(Number, i64)>,
}

macro_rules! named {
    ($(#[$meta:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $type { $($(#[$doc])* $variant,)+ }

        impl $type {
            /// All of them, in a fixed order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, as the index stores it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

named! {
    /// A property with one or several text values, matched exactly.
    Facet {
        /// The kind of thing; filled from [`Document::kind`].
        Kind = "kind",
        /// Topics.
        Topic = "topic",
        /// Target groups.
        TargetGroup = "target_group",
        /// Federal states.
        State = "state",
        /// Kinds of municipality.
        MunicipalityKind = "municipality_kind",
        /// Bands of population.
        SizeBand = "size_band",
        /// How far the work has come.
        Status = "status",
        /// How much effort it takes.
        Effort = "effort",
        /// How well the effect is shown.
        Evidence = "evidence",
        /// The kind of instrument.
        Instrument = "instrument",
        /// Funding programmes.
        Programme = "programme",
        /// Keys of municipalities; [`crate::Affinity`] looks its values up by these.
        Municipality = "municipality",
        /// Keys of organisations.
        Organisation = "organisation",
        /// Who may edit it.
        Owner = "owner",
        /// Where it stands between draft and archive.
        Lifecycle = "lifecycle",
        /// Keys in other systems; a search for one finds the document.
        ExternalKey = "external_key",
        /// Free keywords.
        Keyword = "keyword",
        /// Whether a place is structurally weak, and how.
        StructuralWeakness = "structural_weakness",
        /// Kinds of settlement.
        SettlementType = "settlement_type",
        /// How far it was checked.
        Quality = "quality_level",
        /// Languages of the texts.
        Language = "language",
        /// Years in which the work went on.
        Year = "year",
        /// Where a question stands.
        QuestionStatus = "question_status",
        /// Keys of the municipalities that a question was sent to.
        Addressee = "addressee",
        /// Keys of the solutions that it is about.
        Solution = "solution",
        /// How far others have come with a solution that they took over.
        AdoptionStatus = "adoption_status",
        /// The kind of organisation.
        OrganisationKind = "organisation_kind",
    }
}

named! {
    /// A property with one whole number; times are milliseconds since 1970.
    Number {
        /// When it was published.
        Published = "published",
        /// When it was last changed.
        Updated = "updated",
        /// When it was entered.
        Created = "created",
        /// How many people live there.
        Population = "population",
        /// How complete the record is.
        Completeness = "completeness",
        /// How far the record was checked, from 0 to 3.
        Quality = "quality",
        /// When somebody is to say whether it still holds.
        ReviewDue = "review_due",
    }
}

named! {
    /// A text of a document that is searched and highlighted.
    HighlightField {
        /// [`Document::title`].
        Title = "title",
        /// [`Document::topics`].
        Topics = "topics",
        /// [`Document::teaser`].
        Teaser = "teaser",
        /// [`Document::places`].
        Places = "places",
        /// [`Document::problem`].
        Problem = "problem",
        /// [`Document::approach`].
        Approach = "approach",
        /// [`Document::results`].
        Results = "results",
        /// [`Document::text`].
        Text = "text",
    }
}

impl Document {
    /// Its texts.
    pub(crate) fn into_texts(self) -> [(HighlightField, String); 8] {
        [
            (HighlightField::Title, self.title),
            (HighlightField::Topics, self.topics),
            (HighlightField::Teaser, self.teaser),
            (HighlightField::Places, self.places),
            (HighlightField::Problem, self.problem),
            (HighlightField::Approach, self.approach),
            (HighlightField::Results, self.results),
            (HighlightField::Text, self.text),
        ]
    }
}
