//! Pages that links in letters lead to. Programs that look at mail open such links too, so nothing
//! happens before somebody has pressed the button.

use crate::domain::{Language, LinkPurpose, escaped};

/// What somebody reads who followed a link.
struct Said {
    title: &'static str,
    text: &'static str,
}

const fn asked(purpose: LinkPurpose, language: Language) -> Said {
    match (purpose, language) {
        (LinkPurpose::Confirm, Language::German) => Said {
            title: "Mails bestätigen",
            text: "Allmende schreibt an Ihre Adresse, wenn es etwas Neues gibt. Abbestellen können Sie jederzeit mit einem Klick.",
        },
        (LinkPurpose::Confirm, Language::English) => Said {
            title: "Confirm mail",
            text: "Allmende writes to your address when there is something new. You can unsubscribe at any time with one click.",
        },
        (LinkPurpose::Unsubscribe, Language::German) => Said {
            title: "Abbestellen",
            text: "Danach kommt keine weitere Mail dieser Beobachtung.",
        },
        (LinkPurpose::Unsubscribe, Language::English) => {
            Said { title: "Unsubscribe", text: "After that, no more mail of this watch will come." }
        }
    }
}

const fn done(purpose: LinkPurpose, language: Language) -> Said {
    match (purpose, language) {
        (LinkPurpose::Confirm, Language::German) => {
            Said { title: "Bestätigt", text: "Von jetzt an bekommen Sie Mails." }
        }
        (LinkPurpose::Confirm, Language::English) => {
            Said { title: "Confirmed", text: "From now on you will get mail." }
        }
        (LinkPurpose::Unsubscribe, Language::German) => {
            Said { title: "Abbestellt", text: "Es kommt keine weitere Mail dieser Beobachtung." }
        }
        (LinkPurpose::Unsubscribe, Language::English) => {
            Said { title: "Unsubscribed", text: "No more mail of this watch will come." }
        }
    }
}

const fn unknown(language: Language) -> Said {
    match language {
        Language::German => Said {
            title: "Dieser Link gilt nicht (mehr)",
            text: "Vielleicht ist er älter als sieben Tage, oder er wurde nicht vollständig kopiert.",
        },
        Language::English => Said {
            title: "This link is not valid (any more)",
            text: "It may be older than seven days, or it was not copied completely.",
        },
    }
}

/// The page that asks whether that is wanted for which the link is. The form goes to where the page
/// came from.
pub(crate) fn question(purpose: LinkPurpose, language: Language) -> String {
    let said = asked(purpose, language);
    let form = format!("<form method=\"post\"><button>{}</button></form>\n", said.title);
    page(&said, language, &form)
}

/// The page that says that it is done.
pub(crate) fn outcome(purpose: LinkPurpose, language: Language) -> String {
    page(&done(purpose, language), language, "")
}

/// The page for a link that the hub has not written, or that is too old.
pub(crate) fn no_such_link(language: Language) -> String {
    page(&unknown(language), language, "")
}

fn page(said: &Said, language: Language, form: &str) -> String {
    let lang = match language {
        Language::German => "de",
        Language::English => "en",
    };
    let (title, text) = (escaped(said.title), escaped(said.text));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title} – Allmende</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <p>{text}</p>\n{form}</main>\n</body>\n</html>\n"
    )
}
