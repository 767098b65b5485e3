//! The pages for developers: what the API is, the documents that pages use, and a place to try them.

use askama::Template;
use serde_json::{Map, Value};

use super::address::Address;
use super::documents::{self, Definition, Sort};
use super::site::Site;

/// Variables with which operations can be tried on any hub.
const EXAMPLES: [(&str, &str); 5] = [
    ("SearchSolutions", r#"{ "search": "Bus", "first": 3 }"#),
    ("Municipalities", r#"{ "search": "", "first": 5 }"#),
    ("Contacts", r#"{ "search": "", "first": 5 }"#),
    ("Documents", r#"{ "search": "", "first": 5 }"#),
    ("Questions", r#"{ "first": 5 }"#),
];

/// What the example of a subscription listens to.
const LIVE: &str = "subscription { solutionPublished { cursor occurredAt solution { title } } }";

/// Where operations are tried.
const RUN: &str = "/developers/run";

/// What the API is.
#[derive(Template)]
#[template(path = "developers.html")]
pub(crate) struct DevelopersPage<'a> {
    pub(crate) site: &'a Site,
    /// Where programs find the API.
    pub(crate) endpoint: String,
}

/// Documents of a sort.
pub(crate) struct Group {
    title: &'static str,
    /// Whether they can be tried on a page.
    runs: bool,
    definitions: Vec<&'static Definition>,
}

impl DevelopersPage<'_> {
    fn live(&self) -> &'static str {
        LIVE
    }

    fn groups(&self) -> Vec<Group> {
        let t = self.site.t();
        let all = [
            (t.queries, Sort::Query),
            (t.mutations, Sort::Mutation),
            (t.subscriptions, Sort::Subscription),
            (t.fragments, Sort::Fragment),
        ];
        let group = |(title, sort)| Group {
            title,
            runs: sort == Sort::Query,
            definitions: documents::of(sort).collect(),
        };
        all.into_iter().map(group).collect()
    }

    /// Where an operation is tried.
    fn run(&self, definition: &Definition) -> String {
        let there = Address::at(RUN).with("operation", definition.name);
        let there = there.with("variables", example(definition.name));
        self.site.carried(there).to_string()
    }
}

/// Variables with which an operation can be tried.
fn example(name: &str) -> &'static str {
    EXAMPLES.iter().find(|(other, _)| *other == name).map_or("{}", |(_, text)| text)
}

/// What somebody wants to try.
#[derive(Debug)]
pub(crate) struct Attempt {
    name: String,
    variables: String,
}

/// What can be asked of the API.
#[derive(Debug)]
pub(crate) struct Question {
    /// The operation's name.
    pub(crate) name: &'static str,
    /// The document.
    pub(crate) document: String,
    /// Its variables.
    pub(crate) variables: Map<String, Value>,
}

/// Why something cannot be tried.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// There is no such operation.
    Unknown,
    /// It is no query.
    Writes,
    /// The variables are no object of JSON: why.
    Variables(String),
}

impl Attempt {
    /// What an address says.
    pub(crate) fn new(name: &str, variables: Option<&str>) -> Self {
        let variables = variables.unwrap_or_else(|| example(name));
        Self { name: name.to_owned(), variables: variables.to_owned() }
    }

    /// The operation that is chosen.
    fn name(&self) -> &str {
        &self.name
    }

    /// The variables as they were typed.
    fn variables(&self) -> &str {
        &self.variables
    }

    /// What is asked; nothing if no operation is chosen yet.
    pub(crate) fn question(&self) -> Option<Result<Question, Obstacle>> {
        (!self.name.is_empty()).then(|| self.read())
    }

    fn read(&self) -> Result<Question, Obstacle> {
        let definition = documents::operation(&self.name).ok_or(Obstacle::Unknown)?;
        if definition.sort != Sort::Query {
            return Err(Obstacle::Writes);
        }
        let text = if self.variables.is_empty() { "{}" } else { &self.variables };
        let variables = serde_json::from_str(text)
            .map_err(|error: serde_json::Error| Obstacle::Variables(error.to_string()))?;
        Ok(Question { name: definition.name, document: definition.whole(), variables })
    }
}

/// Where an operation is tried.
#[derive(Template)]
#[template(path = "run.html")]
pub(crate) struct RunPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) attempt: Attempt,
    /// What is in the way.
    pub(crate) obstacle: Option<Obstacle>,
    /// What was sent, and what came back.
    pub(crate) answer: Option<(String, String)>,
}

impl RunPage<'_> {
    fn queries(&self) -> impl Iterator<Item = &'static Definition> {
        documents::of(Sort::Query)
    }

    /// What is wrong with the choice of operation.
    fn operation_trouble(&self) -> Option<&'static str> {
        let t = self.site.t();
        match self.obstacle {
            Some(Obstacle::Unknown) => Some(t.unknown_operation),
            Some(Obstacle::Writes) => Some(t.only_queries),
            Some(Obstacle::Variables(_)) | None => None,
        }
    }

    /// What is wrong with the variables.
    fn variables_trouble(&self) -> Option<String> {
        match &self.obstacle {
            Some(Obstacle::Variables(reason)) => {
                Some(format!("{} ({reason})", self.site.t().broken_variables))
            }
            _ => None,
        }
    }
}

/// GraphiQL, or how it gets there.
#[derive(Template)]
#[template(path = "graphiql.html")]
pub(crate) struct GraphiqlPage<'a> {
    pub(crate) site: &'a Site,
    /// What names its files.
    pub(crate) build: &'a str,
    /// Whether somebody is signed in who may change something.
    pub(crate) is_known: bool,
}

/// How GraphiQL gets to the hub.
#[derive(Template)]
#[template(path = "no_graphiql.html")]
pub(crate) struct NoGraphiqlPage<'a> {
    pub(crate) site: &'a Site,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obstacle(name: &str, variables: &str) -> Option<Obstacle> {
        Attempt::new(name, Some(variables)).question()?.err()
    }

    #[test]
    fn only_queries_with_an_object_of_variables_are_tried() {
        assert_eq!(obstacle("StartPage", ""), None);
        assert_eq!(obstacle("", "{"), None);
        assert_eq!(obstacle("Nothing", "{}"), Some(Obstacle::Unknown));
        assert_eq!(obstacle("SolutionCard", "{}"), Some(Obstacle::Unknown));
        assert_eq!(obstacle("CreateSolution", "{}"), Some(Obstacle::Writes));
        assert_eq!(obstacle("SolutionPublished", "{}"), Some(Obstacle::Writes));
        for broken in ["{", "[]", "1", "{\"a\":}"] {
            let found = obstacle("StartPage", broken);
            assert!(matches!(found, Some(Obstacle::Variables(_))), "{broken}");
        }
    }

    #[test]
    fn examples_are_of_operations_that_are_there() {
        for (name, variables) in EXAMPLES {
            assert_eq!(obstacle(name, variables), None, "{name}");
        }
    }
}
