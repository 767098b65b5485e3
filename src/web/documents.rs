//! The documents of `schema/operations`, one definition after the other, as developers see and try them.
//!
//! Definitions are divided by an empty line, and hold none: a test keeps it that way.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/schema/operations");

/// What a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// It reads.
    Query,
    /// It writes.
    Mutation,
    /// It listens.
    Subscription,
    /// Others use it.
    Fragment,
}

/// A definition of a document.
#[derive(Debug)]
pub(crate) struct Definition {
    /// What it is.
    pub(crate) sort: Sort,
    /// Its name.
    pub(crate) name: &'static str,
    /// Its text, with the comment above it.
    pub(crate) text: &'static str,
}

static ALL: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let mut files: Vec<_> = FILES.files().collect();
    files.sort_by_key(|file| file.path());
    let texts = files.into_iter().filter_map(|file| file.contents_utf8());
    texts.flat_map(|text| text.split("\n\n")).filter_map(Definition::read).collect()
});

/// All definitions of a sort.
pub(crate) fn of(sort: Sort) -> impl Iterator<Item = &'static Definition> {
    ALL.iter().filter(move |it| it.sort == sort)
}

/// The operation of this name.
pub(crate) fn operation(name: &str) -> Option<&'static Definition> {
    ALL.iter().find(|it| it.name == name && it.sort != Sort::Fragment)
}

/// The name at the beginning of a text.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

impl Definition {
    fn read(piece: &'static str) -> Option<Self> {
        let text = piece.trim();
        let head = text.lines().find(|line| !line.starts_with('#'))?;
        let (sort, rest) = head.split_once(' ')?;
        let sort = match sort {
            "query" => Sort::Query,
            "mutation" => Sort::Mutation,
            "subscription" => Sort::Subscription,
            "fragment" => Sort::Fragment,
            _ => return None,
        };
        Some(Self { sort, name: word(rest), text })
    }

    /// What it is for, if somebody has said so above it.
    pub(crate) fn about(&self) -> String {
        let lines = self.text.lines().take_while(|line| line.starts_with('#'));
        lines.map(|line| line.trim_start_matches(['#', ' '])).collect::<Vec<_>>().join(" ")
    }

    /// The fragments that it spreads.
    fn fragments(&self) -> impl Iterator<Item = &'static Self> {
        let names = self.text.split("...").skip(1).map(word);
        names.filter_map(|name| of(Sort::Fragment).find(|it| it.name == name))
    }

    /// Its text with all fragments that it needs: what a client sends.
    pub(crate) fn whole(&'static self) -> String {
        let mut needed = vec![self];
        let mut place = 0;
        while let Some(definition) = needed.get(place).copied() {
            for fragment in definition.fragments() {
                if !needed.iter().any(|it| it.name == fragment.name) {
                    needed.push(fragment);
                }
            }
            place += 1;
        }
        needed.iter().map(|it| it.text).collect::<Vec<_>>().join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_whole() {
        let heads: usize = FILES
            .files()
            .filter_map(|file| file.contents_utf8())
            .flat_map(str::lines)
            .filter(|line| {
                let sorts = ["query ", "mutation ", "subscription ", "fragment "];
                sorts.iter().any(|sort| line.starts_with(sort))
            })
            .count();
        assert_eq!(ALL.len(), heads);
        for definition in ALL.iter() {
            let count = |mark: char| definition.text.matches(mark).count();
            assert_eq!(count('{'), count('}'), "{}", definition.name);
            assert!(count('{') > 0 && !definition.name.is_empty(), "{}", definition.text);
        }
    }

    #[test]
    fn a_definition_brings_what_it_needs_once() {
        let page = operation("SolutionPage").map(Definition::whole).unwrap_or_default();
        for part in ["query SolutionPage(", "fragment SolutionCard on", "fragment ContactCard on"] {
            assert_eq!(page.matches(part).count(), 1, "{part}");
        }
        assert!(!page.contains("query StartPage"));
        assert!(operation("SolutionCard").is_none() && operation("Nothing").is_none());
    }

    #[test]
    fn comments_say_what_it_is_for() {
        let about = operation("SolutionPage").map(Definition::about);
        assert_eq!(about.as_deref(), Some("The page of one solution."));
    }
}
