//! Where a document says behind which cursor its subscriber wants to begin.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Request, Value};

/// The argument that takes a cursor.
const ARGUMENT: &str = "after";

/// The cursor of a subscription, and the variable that carries it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Resumption {
    /// Behind which cursor to begin.
    pub(super) after: Option<String>,
    /// The variable that says so and is used for nothing else: subscribers who differ only in its
    /// value want to hear the same.
    pub(super) variable: Option<String>,
}

impl Resumption {
    /// What a request says.
    pub(super) fn of(request: &mut Request) -> Self {
        let name = request.operation_name.clone();
        let argument = match request.parsed_query() {
            Ok(document) => argument(document, name.as_deref()),
            Err(_) => None,
        };
        match argument {
            Some(Argument::Literal(after)) => Self { after: Some(after), variable: None },
            Some(Argument::Variable(name, default)) => {
                let after = match request.variables.get(&Name::new(&name)) {
                    Some(Value::String(after)) => Some(after.clone()),
                    Some(_) => None,
                    None => default,
                };
                let variable = (uses(&request.query, &name) == 2).then_some(name);
                Self { after, variable }
            }
            None => Self::default(),
        }
    }
}

enum Argument {
    Literal(String),
    /// With what it is if the request does not say it.
    Variable(String, Option<String>),
}

/// The argument of the one field of a subscription.
fn argument(document: &ExecutableDocument, name: Option<&str>) -> Option<Argument> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => operation,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name)?,
        (DocumentOperations::Multiple(operations), None) => operations.values().next()?,
    };
    let field = first_field(&operation.node.selection_set.node, document)?;
    let (_, value) = field.arguments.iter().find(|(name, _)| name.node == ARGUMENT)?;
    let text = value.node.to_string();
    match (text.strip_prefix('$'), value.node.clone().into_const()) {
        (Some(name), _) => {
            let mut defined = operation.node.variable_definitions.iter();
            let defined = defined.find(|it| it.node.name.node == name);
            let default = match defined.and_then(|it| it.node.default_value.as_ref()) {
                Some(Positioned { node: Value::String(default), .. }) => Some(default.clone()),
                _ => None,
            };
            Some(Argument::Variable(name.to_owned(), default))
        }
        (None, Some(Value::String(after))) => Some(Argument::Literal(after)),
        (None, _) => None,
    }
}

/// The first field of a selection, which may stand in a fragment. What is valid has one, and no
/// circle of fragments.
fn first_field<'a>(
    selection: &'a SelectionSet,
    document: &'a ExecutableDocument,
) -> Option<&'a Field> {
    selection.items.iter().find_map(|item| match &item.node {
        Selection::Field(field) => Some(&field.node),
        Selection::InlineFragment(inline) => first_field(&inline.node.selection_set.node, document),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node)?;
            first_field(&fragment.node.selection_set.node, document)
        }
    })
}

/// How often a variable stands in a document, its definition included.
fn uses(document: &str, name: &str) -> usize {
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let names_it = |rest: &&str| {
        rest.strip_prefix(name)
            .is_some_and(|rest| rest.as_bytes().first().is_none_or(|byte| !goes_on(byte)))
    };
    document.split('$').skip(1).filter(names_it).count()
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use serde_json::json;

    use super::*;

    fn of(document: &str, operation: Option<&str>) -> Resumption {
        let variables = json!({ "after": "7", "afterwards": "8" });
        let mut request = Request::new(document).variables(Variables::from_json(variables));
        request.operation_name = operation.map(str::to_owned);
        Resumption::of(&mut request)
    }

    fn told(after: &str, variable: Option<&str>) -> Resumption {
        Resumption { after: Some(after.to_owned()), variable: variable.map(str::to_owned) }
    }

    #[test]
    fn the_cursor_is_found_wherever_it_stands() {
        for (document, expected) in [
            ("subscription { activity { cursor } }", Resumption::default()),
            ("subscription { activity(after: null) { cursor } }", Resumption::default()),
            ("subscription { activity(after: \"5\") { cursor } }", told("5", None)),
            (
                "subscription($after: String) { activity(after: $after) { cursor } }",
                told("7", Some("after")),
            ),
            (
                "subscription($after: String) { ...a } fragment a on Subscription { activity(after: $after) { cursor } }",
                told("7", Some("after")),
            ),
            (
                "subscription($since: String = \"6\") { activity(after: $since) { cursor } }",
                told("6", Some("since")),
            ),
            (
                "subscription($after: String, $afterwards: String) { activity(after: $afterwards) { cursor } }",
                told("8", Some("afterwards")),
            ),
        ] {
            assert_eq!(of(document, None), expected, "{document}");
        }
    }

    #[test]
    fn a_variable_that_says_something_else_too_tells_subscribers_apart() {
        let document = "subscription($after: String) {
            activity(after: $after) { subject { ... on Municipality { solutions(after: $after) { totalCount } } } }
        }";
        assert_eq!(of(document, None), told("7", None));
    }

    #[test]
    fn of_several_operations_the_chosen_one_counts() {
        let document = "subscription a { activity(after: \"1\") { cursor } }
            subscription b { activity(after: \"2\") { cursor } }";
        assert_eq!(of(document, Some("b")), told("2", None));
    }
}
