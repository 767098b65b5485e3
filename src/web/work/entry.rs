//! Forms of records that need only one page: contacts, questions, documents.

use askama::Template;

use super::edit::Lists;
use crate::domain::{ContactVisibility, DocumentKind, Language, Willingness};
use crate::web::address::Address;
use crate::web::form::{Field, Form, Group, Kind, Options, Said, Values, closed, field, group};
use crate::web::operations::{self, Operation};
use crate::web::site::Site;

/// A sort of record that one page can make.
pub(crate) struct Sort {
    /// Its name in addresses.
    pub(crate) name: &'static str,
    pub(crate) title: Said,
    pub(crate) lead: Said,
    pub(crate) groups: &'static [Group],
    pub(crate) create: Operation,
    /// Whether it is brought out as soon as it is made.
    pub(crate) comes_out: bool,
    /// Below which address its page is.
    pub(crate) room: &'static str,
    /// What stands in the form at first.
    usual: &'static [(&'static str, &'static str)],
}

const OWNER: Field =
    field("municipality", |w| w.for_whom, Kind::Choice(Options::Listed("municipalities"))).needed();

const OWNERS: &[Field] = &[OWNER];

const CONTACT: &[Field] = &[
    field("role", |w| w.contact_role, Kind::Line).hinted(|w| w.contact_role_hint).needed(),
    field("office", |w| w.office, Kind::Line),
    field("email", |w| w.email, Kind::Mail).hinted(|w| w.email_hint),
    field("phone", |w| w.phone, Kind::Phone),
    field(
        "visibility",
        |w| w.visibility,
        Kind::Choice(Options::Closed(closed::<ContactVisibility>)),
    )
    .needed(),
    field("willing", |w| w.willing, Kind::Choices(Options::Closed(closed::<Willingness>))),
    field("reviewBy", |w| w.review_by, Kind::Day),
];

const PERSON: &[Field] = &[
    field("person", |w| w.person, Kind::Line).hinted(|w| w.person_hint),
    field("consentAt", |w| w.consent_at, Kind::Day),
    field("addressIsPersonal", |w| w.address_is_personal, Kind::Flag),
];

const QUESTION: &[Field] = &[
    OWNER,
    field("title", |w| w.question_title, Kind::Line).needed(),
    field("text", |w| w.question_text, Kind::Text).hinted(|w| w.question_text_hint).needed(),
    field("topics", |w| w.topics, Kind::Choices(Options::Listed("topics"))),
];

const DOCUMENT: &[Field] = &[
    OWNER,
    field("title", |w| w.document_title, Kind::Line).needed(),
    field("kind", |w| w.document_kind, Kind::Choice(Options::Closed(closed::<DocumentKind>)))
        .needed(),
    field("url", |w| w.url, Kind::Web).hinted(|w| w.document_url_hint),
    field("description", |w| w.description, Kind::Text),
    field("publishedOn", |w| w.came_out, Kind::Date),
    field("version", |w| w.document_version, Kind::Line),
    field("licence", |w| w.licence, Kind::Line),
];

const NEW_CONTACT: &[Group] = &[
    group(|w| w.whose, OWNERS),
    group(|w| w.contact_of_role, CONTACT),
    group(|w| w.contact_of_person, PERSON),
];

const NEW_QUESTION: &[Group] = &[group(|w| w.your_question, QUESTION)];
const NEW_DOCUMENT: &[Group] = &[group(|w| w.about_document, DOCUMENT)];

/// What can be changed of a contact.
pub(crate) const CONTACT_TEXT: &[Group] =
    &[group(|w| w.contact_of_role, CONTACT), group(|w| w.contact_of_person, PERSON)];

static SORTS: [Sort; 3] = [
    Sort {
        name: "contacts",
        title: |w| w.new_contact,
        lead: |w| w.new_contact_lead,
        groups: NEW_CONTACT,
        create: operations::CREATE_CONTACT,
        comes_out: true,
        room: "/work/contacts",
        usual: &[("visibility", "PUBLIC")],
    },
    Sort {
        name: "questions",
        title: |w| w.new_question,
        lead: |w| w.new_question_lead,
        groups: NEW_QUESTION,
        create: operations::ASK_QUESTION,
        comes_out: false,
        room: "/questions",
        usual: &[],
    },
    Sort {
        name: "documents",
        title: |w| w.new_document,
        lead: |w| w.new_document_lead,
        groups: NEW_DOCUMENT,
        create: operations::CREATE_DOCUMENT,
        comes_out: false,
        room: "/work/documents",
        usual: &[],
    },
];

impl Sort {
    /// The sort whose form is at this address.
    pub(crate) fn at(address: &Address) -> Option<&'static Self> {
        SORTS.iter().find(|sort| address.is_at(&sort.path()))
    }

    /// What stands in the form at first.
    pub(crate) fn fresh(&self, lists: &Lists) -> Values {
        let mut values = Values::default();
        for (path, value) in self.usual {
            values.push(path, *value);
        }
        if let Some(place) = lists.only_place() {
            values.push("municipality", place);
        }
        values
    }

    /// The form with what somebody typed.
    pub(crate) fn form(&self, lists: &Lists, values: Values, language: Language) -> Form {
        Form {
            groups: self.groups,
            values,
            theirs: None,
            troubles: Vec::new(),
            choices: lists.choices(&[]),
            language,
            grows: None,
        }
    }

    /// Where the form is.
    pub(crate) fn path(&self) -> String {
        format!("/work/{}/new", self.name)
    }
}

/// The page with the form of such a record.
#[derive(Template)]
#[template(path = "entry.html")]
pub(crate) struct EntryPage<'a> {
    pub(crate) site: &'a Site,
    pub(crate) sort: &'static Sort,
    pub(crate) form: Form,
    /// Whether somebody writes for a municipality.
    pub(crate) writes: bool,
}

impl EntryPage<'_> {
    fn title(&self) -> &'static str {
        (self.sort.title)(self.site.w())
    }

    fn lead(&self) -> &'static str {
        (self.sort.lead)(self.site.w())
    }

    fn action(&self) -> String {
        self.site.link(&self.sort.path())
    }

    /// What the button says.
    fn button(&self) -> &'static str {
        let w = self.site.w();
        if self.sort.comes_out { w.save_and_publish } else { self.title() }
    }
}
