//! What a document asks for, held against limits before anything runs.
//!
//! Two looks. The first, at the text alone, counts selections with their fragments written out and
//! ends documents that grow without bounds; each fragment is looked at once. The second knows the
//! schema and the variables and counts how many fields the answer may have: the entries of a page
//! multiply what is asked of each.

use std::collections::HashMap;

use apollo_compiler::ast::{self, Definition, Document};
use apollo_compiler::executable::{Argument, Field, Operation, Selection, SelectionSet};
use apollo_compiler::response::JsonMap;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::ServerError;

use super::Code;
use super::check::coded;

/// How deep a document may be nested. Introspection by common tools takes 13.
const DEEPEST: u64 = 15;
/// How many selections a document may have, fragments written out.
const MOST_SELECTIONS: u64 = 2_000;
/// How many fields an answer may have.
const MOST_FIELDS: u64 = 50_000;
/// Entries of a page if none are asked for.
const USUAL_PAGE: u64 = 20;
/// How many entries short lists inside a record are taken to have.
const SHORT_LIST: u64 = 3;
/// Lists inside a record that are longer, and how many entries they are taken to have.
const LONG_LISTS: [(&str, u64); 7] = [
    ("answers", 20),
    ("routedTo", 30),
    ("alsoInterested", 20),
    ("measures", 20),
    ("attempts", 10),
    ("watches", 50),
    ("webhooks", 10),
];
/// How many records a record is taken to link to in one list; of those that lead back to their
/// own kind, a solution's related ones, the domain allows no more.
const LINKED_RECORDS: u64 = 10;

/// Size and depth of a selection set.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    selections: u64,
    depth: u64,
}

/// Checks a document that may not even be valid.
///
/// # Errors
/// It is too deep or too large.
pub(super) fn check_extent(document: &Document) -> Result<(), Vec<ServerError>> {
    let fragment = |definition: &Definition| match definition {
        Definition::FragmentDefinition(it) => Some((it.name.clone(), it.selection_set.clone())),
        _ => None,
    };
    let fragments: HashMap<Name, Vec<ast::Selection>> =
        document.definitions.iter().filter_map(fragment).collect();
    let mut known = HashMap::new();
    for definition in &document.definitions {
        let selections = match definition {
            Definition::OperationDefinition(operation) => &operation.selection_set,
            Definition::FragmentDefinition(fragment) => &fragment.selection_set,
            _ => continue,
        };
        let extent = extent(selections, &fragments, &mut known);
        if extent.depth > DEEPEST {
            return refused(format!("the document is nested deeper than {DEEPEST} levels"));
        }
        if extent.selections > MOST_SELECTIONS {
            return refused(format!("the document has more than {MOST_SELECTIONS} selections"));
        }
    }
    Ok(())
}

fn extent(
    selections: &[ast::Selection],
    fragments: &HashMap<Name, Vec<ast::Selection>>,
    known: &mut HashMap<Name, Extent>,
) -> Extent {
    let mut whole = Extent::default();
    for selection in selections {
        let (part, level) = match selection {
            ast::Selection::Field(field) => {
                (extent(field.selection_set.as_deref().unwrap_or_default(), fragments, known), 1)
            }
            ast::Selection::InlineFragment(inline) => {
                (extent(&inline.selection_set, fragments, known), 0)
            }
            ast::Selection::FragmentSpread(spread) => {
                (fragment(&spread.fragment_name, fragments, known), 0)
            }
        };
        whole.selections = whole.selections.saturating_add(part.selections).saturating_add(1);
        whole.depth = whole.depth.max(part.depth.saturating_add(level));
    }
    whole
}

fn fragment(
    name: &Name,
    fragments: &HashMap<Name, Vec<ast::Selection>>,
    known: &mut HashMap<Name, Extent>,
) -> Extent {
    if let Some(extent) = known.get(name) {
        return *extent;
    }
    // A fragment inside itself counts nothing here; validation refuses it.
    known.insert(name.clone(), Extent::default());
    let extent = fragments
        .get(name)
        .map(|selections| extent(selections, fragments, known))
        .unwrap_or_default();
    known.insert(name.clone(), extent);
    extent
}

/// Checks how many fields the answer to a valid operation may have, with these values of all its
/// variables.
///
/// # Errors
/// There are too many.
pub(super) fn check_fields(
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &JsonMap,
) -> Result<(), Vec<ServerError>> {
    let mut counter = Counter { schema, document, variables, known: HashMap::new() };
    let fields = counter.set(&operation.selection_set, 1);
    if fields > MOST_FIELDS {
        return refused(format!(
            "the answer might have {fields} fields, more than {MOST_FIELDS}: ask for smaller pages or fewer fields"
        ));
    }
    Ok(())
}

/// Fields that look through the whole index or compare with all municipalities, and what that work
/// counts, in fields.
const SEARCHES: [&str; 9] = [
    "search",
    "similar",
    "suggest",
    "facets",
    "didYouMean",
    "peers",
    "problemPeers",
    "contrasts",
    "watchPreview",
];
const WORK_OF_SEARCH: u64 = 100;
/// What it counts to compare one municipality with another, or to find its place among all.
const WORK_OF_COMPARISON: u64 = 20;

struct Counter<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    variables: &'a JsonMap,
    known: HashMap<(&'a Name, u64), u64>,
}

impl<'a> Counter<'a> {
    /// The fields of a selection set; `page` is the number of entries if it is a connection's.
    fn set(&mut self, set: &'a SelectionSet, page: u64) -> u64 {
        set.selections.iter().fold(0, |sum: u64, selection| {
            sum.saturating_add(match selection {
                Selection::Field(field) => self.field(field, page),
                Selection::InlineFragment(inline) => self.set(&inline.selection_set, page),
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name, page),
            })
        })
    }

    fn field(&mut self, field: &'a Node<Field>, page: u64) -> u64 {
        let name = field.name.as_str();
        let Some(set) = &field.selection_set else {
            return if name == "rank" { WORK_OF_COMPARISON } else { 1 };
        };
        let work = match name {
            _ if SEARCHES.contains(&name) => WORK_OF_SEARCH,
            // The likeness of an edge is known already, that to any municipality is not.
            "likeness" if !field.arguments.is_empty() => WORK_OF_COMPARISON,
            _ => 1,
        };
        let entries = match field.name.as_str() {
            "edges" => page,
            "nodes" => self.given(field, "ids"),
            _ if !field.definition.ty.is_list() => 1,
            _ if field.definition.argument_by_name("first").is_some() => self.page(field),
            list if let Some((_, entries)) = LONG_LISTS.iter().find(|(name, _)| *name == list) => {
                *entries
            }
            _ if self.is_record(field) => LINKED_RECORDS,
            _ => SHORT_LIST,
        };
        let own_page =
            if field.definition.argument_by_name("first").is_some() { self.page(field) } else { 1 };
        entries.saturating_mul(self.set(set, own_page)).saturating_add(work)
    }

    /// Whether a field leads to something with a global id, from where one can go on.
    fn is_record(&self, field: &Field) -> bool {
        let object = self.schema.get_object(field.ty().inner_named_type());
        object.is_some_and(|object| object.implements_interfaces.contains("Node"))
    }

    fn fragment(&mut self, name: &'a Name, page: u64) -> u64 {
        if let Some(fields) = self.known.get(&(name, page)) {
            return *fields;
        }
        let fields = self
            .document
            .fragments
            .get(name)
            .map_or(0, |fragment| self.set(&fragment.selection_set, page));
        self.known.insert((name, page), fields);
        fields
    }

    /// The number of entries that a connection is asked for.
    fn page(&self, field: &Field) -> u64 {
        let asked = |name| {
            let value = self.argument(field, name)?;
            Some(value.as_u64().unwrap_or(USUAL_PAGE).max(1))
        };
        asked("first").or_else(|| asked("last")).unwrap_or(USUAL_PAGE)
    }

    /// The number of values in a list argument.
    fn given(&self, field: &Field, name: &str) -> u64 {
        let values = self.argument(field, name).and_then(|value| value.as_array().map(Vec::len));
        values.and_then(|values| u64::try_from(values).ok()).unwrap_or(1)
    }

    /// The value of an argument, with variables put in; null counts as absent.
    fn argument(&self, field: &Field, name: &str) -> Option<serde_json::Value> {
        let argument: &Node<Argument> =
            field.arguments.iter().find(|argument| argument.name == name)?;
        let value = match argument.value.as_ref() {
            ast::Value::Variable(variable) => {
                serde_json::to_value(self.variables.get(variable.as_str())?).ok()?
            }
            ast::Value::Int(int) => int.try_to_i32().ok().map(serde_json::Value::from)?,
            ast::Value::List(items) => serde_json::Value::from(vec![(); items.len()]),
            _ => return None,
        };
        Some(value).filter(|value| !value.is_null())
    }
}

fn refused(message: String) -> Result<(), Vec<ServerError>> {
    Err(vec![coded(message, &[], Code::TooComplex)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent_of(text: &str) -> Result<(), Vec<ServerError>> {
        check_extent(&Document::parse(text, "test.graphql").expect("sound syntax"))
    }

    /// A query of fragments that each hold the next one twice: 2^n selections.
    fn doubling(levels: usize) -> String {
        let fragment = |n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}\n", n + 1);
        let fragments: String = (0..levels).map(fragment).collect();
        format!("query {{ ...f0 }}\n{fragments} fragment f{levels} on Query {{ __typename }}")
    }

    #[test]
    fn fragments_that_double_are_refused_at_once_however_many_they_are() {
        assert!(extent_of(&doubling(5)).is_ok());
        assert!(extent_of(&doubling(20)).is_err());
        assert!(extent_of(&doubling(2_000)).is_err());
    }

    #[test]
    fn a_fragment_inside_itself_ends() {
        assert!(
            extent_of("query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }")
                .is_ok()
        );
    }

    #[test]
    fn depth_counts_through_fragments() {
        let deep = format!("query {{ {} }}", "a { ".repeat(20) + "b" + &" }".repeat(20));
        assert!(extent_of(&deep).is_err());
        assert!(extent_of("query { ...a } fragment a on Query { a { b { c } } }").is_ok());
    }
}
