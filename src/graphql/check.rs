//! Checks a document before it runs: syntax, all validation rules of the specification, variables.
//!
//! async-graphql lacks some rules (a single field in a subscription, variables in allowed
//! positions, nested conflicts), so apollo-compiler, a complete validator, goes first.
//! What was found sound is remembered by its text.

use std::sync::Arc;

use apollo_compiler::executable::OperationType;
use apollo_compiler::introspection::check_max_depth;
use apollo_compiler::parser::Parser;
use apollo_compiler::request::{RequestError, coerce_variable_values};
use apollo_compiler::response::{GraphQLError, JsonMap};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema};
use async_graphql::{ErrorExtensionValues, Name, Pos, Request, ServerError};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{Code, cost, unique};

/// How deep the text of a document may be nested; ends long before any stack.
const DEEPEST_TEXT: usize = 200;
/// How many tokens a document may have.
const MOST_TOKENS: usize = 15_000;
/// How many bytes of sound documents are remembered; each takes some sixty times its text in memory.
const REMEMBERED: u64 = 500_000;
/// How many documents that is, roughly.
const USUAL_COUNT: usize = 500;
/// Longer documents are not remembered.
const LONGEST_REMEMBERED: usize = 20_000;
/// The most bytes of a subscription's document and variables: they stay as long as somebody listens.
const LONGEST_SUBSCRIPTION: usize = 20_000;
/// How many errors are told at once.
const MOST_ERRORS: usize = 10;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// It reads.
    Query,
    /// It writes.
    Mutation,
    /// It listens.
    Subscription,
}

/// A sound document: as the validator sees it, and as the executor does.
struct Document {
    valid: Valid<ExecutableDocument>,
    parsed: async_graphql::parser::types::ExecutableDocument,
}

/// Checks documents against the schema.
pub(super) struct Checker {
    schema: Valid<Schema>,
    sound: Cache<String, Arc<Document>, TextLength>,
}

/// Weighs a remembered document by its text.
#[derive(Clone)]
struct TextLength;

impl Weighter<String, Arc<Document>> for TextLength {
    fn weight(&self, text: &String, _: &Arc<Document>) -> u64 {
        text.len() as u64 + 1
    }
}

/// Why the schema of this program cannot be read by apollo-compiler: a defect.
#[derive(Debug, thiserror::Error)]
#[error("the schema is not valid: {0}")]
pub struct SchemaError(String);

impl Checker {
    /// A checker for a schema.
    pub(super) fn new(sdl: &str) -> Result<Self, SchemaError> {
        let schema = Schema::parse_and_validate(sdl, "schema.graphql");
        let schema = schema.map_err(|error| SchemaError(error.errors.to_string()))?;
        Ok(Self { schema, sound: Cache::with_weighter(USUAL_COUNT, REMEMBERED, TextLength) })
    }

    /// What the chosen operation of a request does, if the request is sound. The request keeps the
    /// parsed document, so that it is not parsed again.
    pub(super) fn check(&self, request: &mut Request) -> Result<Operation, Vec<ServerError>> {
        let document = self.document(&request.query)?;
        let valid = &document.valid;
        let operation =
            valid.operations.get(request.operation_name.as_deref()).map_err(|error| {
                let message = error.message().to_string();
                vec![coded(message, &[], Code::ValidationFailed)]
            })?;
        let variables =
            serde_json::to_value(&request.variables).and_then(serde_json::from_value::<JsonMap>);
        let variables = variables.unwrap_or_default();
        let refused = |error: RequestError, code| {
            vec![from_apollo(&error.to_graphql_error(&valid.sources), code)]
        };
        check_max_depth(valid, operation).map_err(|error| refused(error, Code::TooComplex))?;
        let variables = coerce_variable_values(&self.schema, operation, &variables)
            .map_err(|error| refused(error, Code::BadUserInput))?;
        cost::check_fields(&self.schema, valid, operation, &variables)?;
        let declares = |name: &Name| operation.variables.iter().any(|it| it.name == name.as_str());
        request.variables.retain(|name, _| declares(name));
        let operation = match operation.operation_type {
            OperationType::Query => Operation::Query,
            OperationType::Mutation => Operation::Mutation,
            OperationType::Subscription => Operation::Subscription,
        };
        let length = || request.query.len() + super::wire::json(&request.variables).len();
        if operation == Operation::Subscription && length() > LONGEST_SUBSCRIPTION {
            let message = format!(
                "a subscription takes {LONGEST_SUBSCRIPTION} bytes at most, its variables included"
            );
            return Err(vec![coded(message, &[], Code::TooComplex)]);
        }
        request.set_parsed_query(document.parsed.clone());
        Ok(operation)
    }

    fn document(&self, text: &str) -> Result<Arc<Document>, Vec<ServerError>> {
        if let Some(document) = self.sound.get(text) {
            return Ok(document);
        }
        let mut parser = Parser::new().recursion_limit(DEEPEST_TEXT).token_limit(MOST_TOKENS);
        let document = parser.parse_ast(text, "document.graphql");
        let document = document.map_err(|error| list(&error.errors, Code::ParseFailed))?;
        cost::check_extent(&document)?;
        unique::input_fields(&document)?;
        let document = document.to_executable_validate(&self.schema);
        let valid = document.map_err(|error| list(&error.errors, Code::ValidationFailed))?;
        let parsed =
            async_graphql::parser::parse_query(text).map_err(|error| vec![from_parser(&error)])?;
        let document = Arc::new(Document { valid, parsed });
        if text.len() <= LONGEST_REMEMBERED {
            self.sound.insert(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

fn list(errors: &DiagnosticList, code: Code) -> Vec<ServerError> {
    let error = |diagnostic: apollo_compiler::diagnostic::Diagnostic<'_, _>| {
        from_apollo(&diagnostic.to_json(), code)
    };
    errors.iter().take(MOST_ERRORS).map(error).collect()
}

fn from_apollo(error: &GraphQLError, code: Code) -> ServerError {
    let place = |place: &apollo_compiler::parser::LineColumn| Pos {
        line: place.line,
        column: place.column,
    };
    let places: Vec<Pos> = error.locations.iter().map(place).collect();
    coded(error.message.lines().collect::<Vec<_>>().join(" "), &places, code)
}

/// The executor's parser is stricter in places. Its message is a drawing whose last line says it.
fn from_parser(error: &async_graphql::parser::Error) -> ServerError {
    let drawing = error.to_string();
    let message = drawing.lines().last().unwrap_or_default().trim_start_matches([' ', '=']);
    coded(message.to_owned(), &error.positions().collect::<Vec<_>>(), Code::ParseFailed)
}

/// An error without a path: the document was not run.
pub(super) fn coded(message: String, locations: &[Pos], code: Code) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.locations = locations.to_vec();
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.as_str());
    error.extensions = Some(extensions);
    error
}

/// Gives every error a code: those of our resolvers have one, those of async-graphql get it here.
pub(super) fn with_codes(errors: &mut [ServerError]) {
    for error in errors {
        let coded =
            error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some());
        if !coded {
            // With a path, an argument of a field could not be read; without, a limit was met, as
            // everything else was checked before.
            let code = if error.path.is_empty() { Code::TooComplex } else { Code::BadUserInput };
            error.extensions.get_or_insert_default().set("code", code.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code of the first error of a document, or what the document does.
    fn check(text: &str, variables: serde_json::Value) -> Result<Operation, String> {
        let checker = Checker::new(&crate::graphql::sdl()).expect("our own schema");
        let mut request =
            Request::new(text).variables(async_graphql::Variables::from_json(variables));
        checker.check(&mut request).map_err(|errors| {
            let code =
                errors.first().and_then(|error| error.extensions.as_ref()?.get("code").cloned());
            code.map(|code| code.to_string().replace('"', "")).unwrap_or_default()
        })
    }

    const PAGES: &str = "query($n: Int!) { municipalities(first: $n) { edges { node {
        solutions(first: $n) { edges { node { topics { name } contacts { role } } } }
    } } } }";

    #[test]
    fn pages_in_pages_multiply_and_are_refused_when_they_grow_too_large() {
        let pages = |n: i32| check(PAGES, serde_json::json!({ "n": n }));
        assert_eq!(pages(20), Ok(Operation::Query));
        assert_eq!(pages(100), Err("QUERY_TOO_COMPLEX".to_owned()));
    }

    #[test]
    fn the_default_of_a_variable_counts_like_a_value() {
        let sized = |n: i32| PAGES.replace("$n: Int!", &format!("$n: Int! = {n}"));
        assert_eq!(check(&sized(20), serde_json::json!({})), Ok(Operation::Query));
        assert_eq!(check(&sized(100), serde_json::json!({})), Err("QUERY_TOO_COMPLEX".to_owned()));
    }

    #[test]
    fn records_that_lead_to_records_multiply() {
        let related = |levels: usize| {
            let nested = "related { ".repeat(levels) + "title" + &" }".repeat(levels);
            check(
                &format!("{{ solution(by: {{slug: \"a\"}}) {{ {nested} }} }}"),
                serde_json::json!({}),
            )
        };
        assert_eq!(related(4), Ok(Operation::Query));
        assert_eq!(related(5), Err("QUERY_TOO_COMPLEX".to_owned()));
    }

    #[test]
    fn an_introspection_that_turns_in_circles_is_refused() {
        let circle = "{ __schema { types { fields { type { fields { type { fields { type { fields {
            name } } } } } } } } } }";
        assert_eq!(check(circle, serde_json::json!({})), Err("QUERY_TOO_COMPLEX".to_owned()));
    }

    #[test]
    fn a_page_that_is_asked_for_without_a_size_has_the_usual_one() {
        let nested =
            "{ topics { solutions { edges { node { municipalities { solutions { edges { node {
            topics { solutions { edges { node { title } } } } } } } } } } } } }";
        assert_eq!(check(nested, serde_json::json!({})), Err("QUERY_TOO_COMPLEX".to_owned()));
    }

    #[test]
    fn what_is_wrong_has_its_code() {
        let none = || serde_json::json!({});
        assert_eq!(check("{ __typename", none()), Err("GRAPHQL_PARSE_FAILED".to_owned()));
        assert_eq!(check("{ nonsense }", none()), Err("GRAPHQL_VALIDATION_FAILED".to_owned()));
        assert_eq!(check(PAGES, none()), Err("BAD_USER_INPUT".to_owned()));
        let twice = "{ municipality(by: {slug: \"a\", slug: \"b\"}) { id } }";
        assert_eq!(check(twice, none()), Err("GRAPHQL_VALIDATION_FAILED".to_owned()));
        let two = "subscription { activity { cursor } solutionPublished { cursor } }";
        assert_eq!(check(two, none()), Err("GRAPHQL_VALIDATION_FAILED".to_owned()));
        assert_eq!(check("mutation { __typename }", none()), Ok(Operation::Mutation));
    }
}
