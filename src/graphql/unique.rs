//! The one validation rule that apollo-compiler lacks: an input object names each field once.

use std::collections::HashSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, DirectiveList, Document, Selection, Value};
use async_graphql::ServerError;

use super::Code;
use super::check::coded;

/// Checks all values of a document.
///
/// # Errors
/// The first input object that names a field twice.
pub(super) fn input_fields(document: &Document) -> Result<(), Vec<ServerError>> {
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let defaults = operation
                    .variables
                    .iter()
                    .filter_map(|variable| variable.default_value.as_ref());
                defaults.map(AsRef::as_ref).try_for_each(value)?;
                directives(&operation.directives)?;
                selections(&operation.selection_set)?;
            }
            Definition::FragmentDefinition(fragment) => {
                directives(&fragment.directives)?;
                selections(&fragment.selection_set)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn selections(set: &[Selection]) -> Result<(), Vec<ServerError>> {
    for selection in set {
        match selection {
            Selection::Field(field) => {
                arguments(&field.arguments)?;
                directives(&field.directives)?;
                selections(field.selection_set.as_deref().unwrap_or_default())?;
            }
            Selection::InlineFragment(fragment) => {
                directives(&fragment.directives)?;
                selections(&fragment.selection_set)?;
            }
            Selection::FragmentSpread(spread) => directives(&spread.directives)?,
        }
    }
    Ok(())
}

fn directives(list: &DirectiveList) -> Result<(), Vec<ServerError>> {
    list.iter().try_for_each(|directive| arguments(&directive.arguments))
}

fn arguments(list: &[Node<Argument>]) -> Result<(), Vec<ServerError>> {
    list.iter().try_for_each(|argument| value(&argument.value))
}

fn value(given: &Value) -> Result<(), Vec<ServerError>> {
    match given {
        Value::List(items) => items.iter().try_for_each(|item| value(item)),
        Value::Object(fields) => {
            let mut names = HashSet::new();
            for (name, field) in fields {
                if !names.insert(name) {
                    let message = format!("the input field \"{name}\" is given twice");
                    return Err(vec![coded(message, &[], Code::ValidationFailed)]);
                }
                value(field)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
