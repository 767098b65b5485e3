//! The root of all changes. Each takes one input and answers with one payload; what is wrong with
//! the input stands in the payload, what is wrong with the rights at the top level.

mod account;
mod contact;
mod document;
mod lifecycle;
mod measure;
mod organisation;
mod process;
mod profile;
mod question;
mod reach;
mod reuse;
mod solution;
mod thesaurus;
mod watch;
mod webhook;

use async_graphql::{Context, MaybeUndefined, MergedObject, Result, SimpleObject};

use super::context::ContextExt;
use super::failure::from_service;
use crate::domain::{Language, Patch, Problem, ProblemCode};
use crate::service::Error;

/// The root of all changes.
#[derive(MergedObject, Default, Clone, Copy)]
pub struct Mutation(
    solution::Solutions,
    lifecycle::Lifecycles,
    account::Accounts,
    contact::Contacts,
    reach::Reach,
    document::Documents,
    profile::Profiles,
    thesaurus::Synonyms,
    question::Questions,
    reuse::Reuse,
    organisation::Organisations,
    process::Processes,
    measure::Measures,
    webhook::Webhooks,
    watch::Watches,
);

/// One thing that is wrong with an input.
#[derive(SimpleObject, Debug)]
pub(super) struct UserError {
    /// What is wrong, in the language of the request.
    message: String,
    /// What is wrong, for programs.
    code: ProblemCode,
    /// Where in the input, from outside in.
    path: Vec<String>,
}

impl UserError {
    fn new(problem: &Problem, language: Language) -> Self {
        Self {
            message: problem.message(language),
            code: problem.code(),
            path: problem.path.clone(),
        }
    }
}

/// Sorts the end of a use case into the record, what was wrong with the input, and failures.
fn sorted<T>(ctx: &Context<'_>, outcome: Result<T, Error>) -> Result<(Option<T>, Vec<UserError>)> {
    match outcome {
        Ok(record) => Ok((Some(record), Vec::new())),
        Err(Error::Problems(problems)) => {
            let errors = problems.iter().map(|problem| UserError::new(problem, ctx.language()));
            Ok((None, errors.collect()))
        }
        Err(error) => Err(from_service(error)),
    }
}

/// A field of an update: absent leaves, null empties.
fn patch<T>(field: MaybeUndefined<T>) -> Patch<T> {
    match field {
        MaybeUndefined::Undefined => Patch::Keep,
        MaybeUndefined::Null => Patch::Clear,
        MaybeUndefined::Value(value) => Patch::Set(value),
    }
}

/// A list of an update, each entry turned into the domain's type.
fn patch_list<T, U: From<T>>(field: MaybeUndefined<Vec<T>>) -> Patch<Vec<U>> {
    patch(field).map(|entries| entries.into_iter().map(Into::into).collect())
}

/// Declares a payload: the record, what was wrong, and the way to further questions.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $type:ident }) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(in crate::graphql) struct $name {
            $(#[$field_doc])*
            $field: Option<$type>,
            /// What is wrong with the input; empty if the change was made.
            user_errors: Vec<UserError>,
            /// Further questions. Records are as the change left them; lists and searches follow
            /// within moments.
            query: Option<Query>,
        }

        impl $name {
            fn new(
                ctx: &Context<'_>,
                outcome: Result<crate::domain::$type, crate::service::Error>,
            ) -> Option<Result<Self>> {
                Some(sorted(ctx, outcome).map(|(record, user_errors)| Self {
                    $field: record.map($type::from),
                    user_errors,
                    query: Some(Query),
                }))
            }
        }
    };
}

use payload;
