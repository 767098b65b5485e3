//! What makes searches better: words that mean the same, and what was opened.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{UserError, payload, sorted};
use crate::domain;
use crate::graphql::context::ContextExt;
use crate::graphql::objects::Thesaurus;
use crate::graphql::query::Query;

/// Changes to the words that mean the same.
#[derive(Default, Clone, Copy)]
pub(in crate::graphql) struct Synonyms;

/// A group of words that mean the same.
#[derive(InputObject)]
pub(in crate::graphql) struct SetSynonymsInput {
    /// Words or fixed phrases, 2 to 20; inflected forms are understood and need not be listed.
    terms: Vec<String>,
    /// What an entry with another of the terms is worth, from 0.1 to 1.
    #[graphql(default = 0.8)]
    weight: f64,
    /// A term of the group that this one takes the place of; absent for a further group.
    in_place_of: Option<String>,
}

/// Which group to remove.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveSynonymsInput {
    /// A term of the group.
    term: String,
}

payload! {
    /// What came of setting synonyms.
    SetSynonymsPayload {
        /// The thesaurus after the change.
        thesaurus: Thesaurus
    }
}

payload! {
    /// What came of removing synonyms.
    RemoveSynonymsPayload {
        /// The thesaurus after the change.
        thesaurus: Thesaurus
    }
}

/// What was opened.
#[derive(InputObject)]
pub(in crate::graphql) struct NoteOpenedInput {
    /// The text of the search that had found it.
    search: String,
}

/// What came of noting what was opened.
#[derive(SimpleObject)]
pub(in crate::graphql) struct NoteOpenedPayload {
    /// Whether this hub counts searches at all.
    counted: bool,
    /// Further questions.
    query: Option<Query>,
}

/// Changes to the words that mean the same. They are in force with the next search.
#[Object]
impl Synonyms {
    /// Adds a group of words that mean the same, or changes one; for moderators.
    async fn set_synonyms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group.")] input: SetSynonymsInput,
    ) -> Option<Result<SetSynonymsPayload>> {
        let group = domain::SynonymGroup { terms: input.terms, weight: input.weight };
        let in_place_of = input.in_place_of.as_deref();
        let outcome = ctx.services().set_synonyms(ctx.viewer(), group, in_place_of).await;
        SetSynonymsPayload::new(ctx, outcome)
    }

    /// Removes a group of words that mean the same; for moderators.
    async fn remove_synonyms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveSynonymsInput,
    ) -> Option<Result<RemoveSynonymsPayload>> {
        let outcome = ctx.services().remove_synonyms(ctx.viewer(), &input.term).await;
        RemoveSynonymsPayload::new(ctx, outcome)
    }

    /// Counts that a search led to something that was opened. Nothing says who, or what.
    async fn note_opened(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The search.")] input: NoteOpenedInput,
    ) -> NoteOpenedPayload {
        let counted = ctx.services().note_opened(&input.search);
        NoteOpenedPayload { counted, query: Some(Query) }
    }
}
