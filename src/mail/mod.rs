//! Sending mail: one letter at a time, to a server that the operator names.
//!
//! Knows nothing of what the letters are about, and keeps nothing: who needs a letter to arrive
//! keeps it and tries again.

mod server;

use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{Address, Message};
use server::{Server, hand_over};
use tokio::time::timeout;

/// Handing over a letter as a whole may take so many times as long as its connection.
const WHOLE: u32 = 2;
/// How long the server may take for each of its answers, if nothing else is configured.
pub const USUAL_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the server may take to say good-bye: the letter is taken or not by then.
const FAREWELL: Duration = Duration::from_secs(2);

/// How mail is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// The server: `smtps://…`, or `smtp://…` with `?tls=required`.
    pub server: String,
    /// From whom: an address, or `Name <address>`.
    pub from: String,
    /// How long the server may take for each of its answers.
    pub timeout: Duration,
}

/// The address of the server may hold a password.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("from", &self.from).finish_non_exhaustive()
    }
}

/// Why mail cannot be sent with some settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address of the server.
    #[error("smtp-url: {0}; write smtps://user:password@host, or smtp://host?tls=required")]
    Server(String),
    /// The sender.
    #[error("mail-from: {0}; write an address, or \"Name <address>\"")]
    From(String),
}

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    server: Server,
    from: Mailbox,
    /// How long handing over a letter may take.
    patience: Duration,
}

/// What is sent.
#[derive(Clone)]
pub struct Letter {
    /// Tells it from all others; the same letter that is sent twice has the same.
    pub id: String,
    /// To which address.
    pub to: String,
    /// Who gets the answer: a name, if there is one, and an address.
    pub reply_to: Option<(Option<String>, String)>,
    /// What it is about, in a line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same with links that can be clicked, if there is more to it than text.
    pub html: Option<String>,
    /// Where its reader gets no more of its kind, with one click and without signing in.
    pub unsubscribe: Option<String>,
    /// Whether nobody wrote it: no machine should answer it.
    pub automatic: bool,
    /// When it was written.
    pub date: DateTime<Utc>,
}

/// Why a letter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The address takes no mail, and it makes no sense to try again.
    #[error("the address was refused: {0}")]
    Refused(String),
    /// The server does not take mail for the address now.
    #[error("the mail server says: not now: {0}")]
    NotNow(String),
    /// The letter itself cannot be written, or is not wanted, and it makes no sense to try again. This
    /// says nothing of the address.
    #[error("the letter cannot be sent as it is: {0}")]
    Unfit(String),
    /// There was no answer, or one that has nothing to do with this letter.
    #[error("the mail server cannot be worked with: {0}")]
    Server(String),
}

impl Mailer {
    /// A mailer with these settings. Nobody is called yet.
    ///
    /// # Errors
    /// The address of the server, or the sender, cannot be read.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        crate::outbound::choose_cryptography();
        let from = settings.from.parse::<Mailbox>();
        let from = from.map_err(|error| SettingsError::From(error.to_string()))?;
        let server = Server::new(&settings.server, settings.timeout);
        let server = server.map_err(SettingsError::Server)?;
        Ok(Self { server, from, patience: settings.timeout * WHOLE })
    }

    /// Hands a letter over to the server.
    ///
    /// # Errors
    /// It was not taken.
    pub async fn send(&self, letter: &Letter) -> Result<(), Failure> {
        let (to, message) = self.message(letter).map_err(Failure::Unfit)?;
        let message = message.formatted();
        let work = async {
            let connecting = self.server.connect().await;
            let mut connection = connecting.map_err(|error| Failure::Server(told(&error)))?;
            let addresses = (&self.from.email, &to);
            let handed = hand_over(&mut connection, addresses, &message).await;
            Ok::<_, Failure>((connection, handed))
        };
        // The library waits for a connection no longer than that, but for an answer as long as it takes.
        let Ok(done) = timeout(self.patience, work).await else {
            return Err(Failure::Server("no answer in time".to_owned()));
        };
        let (mut connection, handed) = done?;
        let _late = timeout(FAREWELL, connection.abort()).await.is_err();
        handed
    }

    /// To whom a letter goes, and what goes over the wire; names and subjects are one line and
    /// encoded, so that nothing of them is taken for more.
    fn message(&self, letter: &Letter) -> Result<(Address, Message), String> {
        let address = |text: &str| text.parse::<Address>().map_err(|error| error.to_string());
        let (to, host) = (address(&letter.to)?, self.from.email.domain());
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(one_line(&letter.subject))
            .message_id(Some(format!("<{}@{host}>", letter.id)))
            .date(SystemTime::from(letter.date));
        if let Some((name, reply_to)) = &letter.reply_to {
            builder =
                builder.reply_to(Mailbox::new(name.as_deref().map(one_line), address(reply_to)?));
        }
        if letter.automatic {
            builder = builder.raw_header(header("Auto-Submitted", "auto-generated")?);
        }
        if let Some(address) = &letter.unsubscribe {
            // RFC 8058: mail programs show a button that sends a POST there.
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{}>", one_line(address)))?)
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
        }
        let message = match &letter.html {
            Some(html) => builder
                .multipart(MultiPart::alternative_plain_html(letter.text.clone(), html.clone())),
            None => builder.header(ContentType::TEXT_PLAIN).body(letter.text.clone()),
        };
        Ok((to, message.map_err(|error| error.to_string())?))
    }
}

/// A header that the library has no type for.
fn header(name: &'static str, value: &str) -> Result<HeaderValue, String> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|error| error.to_string())?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

/// A text without line breaks and what else controls: the library panics over them in names.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// What went wrong, without the answer of the server, which may repeat addresses.
fn told(error: &smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("it answered {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None if error.is_tls() => "no trusted encrypted connection".to_owned(),
        None if error.is_response() => "an answer that is none".to_owned(),
        None if error.is_client() => "it does not offer what is needed".to_owned(),
        None => "no connection".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::is_mail_address;

    fn settings(server: &str, from: &str) -> Settings {
        Settings { server: server.to_owned(), from: from.to_owned(), timeout: USUAL_TIMEOUT }
    }

    #[test]
    fn settings_are_checked_before_the_first_letter() {
        let check = |server: &str, from: &str| Mailer::new(&settings(server, from)).is_ok();
        assert!(check("smtps://user:secret@mail.example.org", "hub@example.org"));
        assert!(check("smtp://mail.example.org?tls=required", "Allmende <hub@example.org>"));
        assert!(!check("http://mail.example.org", "hub@example.org"));
        assert!(!check("smtp://mail.example.org", "nobody"));
        let told = format!("{:?}", settings("smtps://user:secret@mail.example.org", "a@b.de"));
        assert!(!told.contains("secret"), "{told}");
    }

    #[test]
    fn every_address_that_the_hub_takes_can_be_written_to() {
        let mailer = Mailer::new(&settings("smtp://localhost", "hub@example.org"));
        let mailer = mailer.expect("sound settings");
        let mut names = vec!["a".to_owned(), "a".repeat(64), "a".repeat(65), "a.b".to_owned()];
        names.extend([".a", "a.", "a..b", "ä", "a b", "\"a\"", "-", "a\n", ""].map(str::to_owned));
        names.extend((' '..='~').map(|letter| format!("a{letter}b")));
        let label = |count: usize| "b".repeat(count);
        let mut hosts = vec![format!("{}.de", label(63)), format!("{}.de", label(64))];
        hosts.extend([250, 251, 254].map(|count| {
            let labels = vec![label(49); 5].join(".");
            format!("{labels}.{}", label(count - labels.len() - 1))
        }));
        hosts.extend(
            [
                "x.de",
                "localhost",
                "-x.de",
                "x-.de",
                "x.-de",
                "x--y.de",
                "x_y.de",
                "x.d",
                "1.2.3.4",
                "1.de",
                "xn--grn-hoa.de",
                "xn--.de",
                "xn--a.de",
                "grün.de",
                "[127.0.0.1]",
                "x..de",
                ".de",
                "de.",
                "x.de.",
                "x.9",
                "",
            ]
            .map(str::to_owned),
        );
        let mut taken = 0;
        for (name, host) in names.iter().flat_map(|name| hosts.iter().map(move |host| (name, host)))
        {
            let address = format!("{name}@{host}");
            if is_mail_address(&address) {
                taken += 1;
                let letter = Letter {
                    id: "01J".to_owned(),
                    to: address.clone(),
                    reply_to: Some((None, address.clone())),
                    subject: String::new(),
                    text: String::new(),
                    html: None,
                    unsubscribe: None,
                    automatic: false,
                    date: DateTime::UNIX_EPOCH,
                };
                assert!(mailer.message(&letter).is_ok(), "{address}");
            }
        }
        assert!(taken > 500, "{taken} are too few to say something");
    }

    #[test]
    fn a_letter_is_one_letter_whatever_stands_in_it() {
        let mailer = Mailer::new(&settings("smtp://localhost", "hub@example.org"));
        let letter = Letter {
            id: "01J".to_owned(),
            to: "amt@example.org".to_owned(),
            reply_to: Some((Some("Ä\r\nBcc: x@y.de".to_owned()), "kim@example.org".to_owned())),
            subject: "Über\r\nBcc: x@y.de".to_owned(),
            text: "Grüße\n.\nnoch mehr".to_owned(),
            html: Some("<p>Grüße</p>".to_owned()),
            unsubscribe: Some("https://hub.example.org/x\r\nBcc: x@y.de".to_owned()),
            automatic: true,
            date: DateTime::UNIX_EPOCH,
        };
        let (_, message) = mailer.expect("sound settings").message(&letter).expect("a letter");
        let written = String::from_utf8(message.formatted()).expect("text");
        let (head, _) = written.split_once("\r\n\r\n").expect("head and body");
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
        assert!(head.contains("Message-ID: <01J@example.org>"), "{head}");
        assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
        assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
        assert!(head.contains("Content-Type: multipart/alternative"), "{head}");
    }
}
