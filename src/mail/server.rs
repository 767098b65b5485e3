//! The mail server: how it is reached, and one letter handed over step by step, so that it is known
//! what was refused: the address, the letter, or the hub.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use url::Url;

use super::{Failure, told};

/// What servers say about an address that does not take mail: no such mailbox, moved, full, not
/// allowed, refused. All else that they refuse for good is between them and the hub.
const ABOUT_THE_ADDRESS: [&str; 6] = ["550", "551", "552", "553", "554", "556"];

/// How the mail server is reached. Cheap enough to clone.
#[derive(Clone)]
pub(super) struct Server {
    host: String,
    port: u16,
    encryption: Encryption,
    /// What the hub calls itself there.
    name: ClientId,
    credentials: Option<Credentials>,
    /// How long the connection may take.
    timeout: Duration,
}

/// From when on nobody can listen.
#[derive(Clone)]
enum Encryption {
    /// Never.
    None,
    /// As soon as the server has said that it can.
    IfOffered(TlsParameters),
    /// As soon as the server has greeted, or not at all.
    AfterGreeting(TlsParameters),
    /// From the start.
    Always(TlsParameters),
}

impl Server {
    /// Reads the address of a server.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn new(address: &str, timeout: Duration) -> Result<Self, String> {
        let url: Url = address.parse().map_err(|error: url::ParseError| error.to_string())?;
        let host = url.host_str().ok_or("there is no host")?.to_owned();
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let parameters = || TlsParameters::new(host.clone()).map_err(|error| told(&error));
        let (usual_port, encryption) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (SMTP_PORT, Encryption::None),
            ("smtp", Some("required")) => {
                (SUBMISSION_PORT, Encryption::AfterGreeting(parameters()?))
            }
            ("smtp", Some("opportunistic")) => {
                (SUBMISSION_PORT, Encryption::IfOffered(parameters()?))
            }
            ("smtps", _) => (SUBMISSIONS_PORT, Encryption::Always(parameters()?)),
            _ => return Err("neither smtp nor smtps, or an unknown word for tls".to_owned()),
        };
        let name = url.path().trim_matches('/');
        let name = match name.is_empty() {
            true => ClientId::default(),
            false => ClientId::Domain(name.to_owned()),
        };
        let broken = || "user or password cannot be read".to_owned();
        let credentials = url.password().map(|password| {
            let user = decoded(url.username()).ok_or_else(broken)?;
            Ok::<_, String>(Credentials::new(user, decoded(password).ok_or_else(broken)?))
        });
        let (port, credentials) = (url.port().unwrap_or(usual_port), credentials.transpose()?);
        Ok(Self { host, port, encryption, name, credentials, timeout })
    }

    /// A connection that takes letters.
    ///
    /// # Errors
    /// The server is not there, or does not let the hub in.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let at_once = match &self.encryption {
            Encryption::Always(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let place = (self.host.as_str(), self.port);
        let connecting = AsyncSmtpConnection::connect_tokio1(
            place,
            Some(self.timeout),
            &self.name,
            at_once,
            None,
        );
        let mut connection = connecting.await?;
        match &self.encryption {
            Encryption::IfOffered(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.name).await?;
            }
            Encryption::AfterGreeting(parameters) => {
                connection.starttls(parameters.clone(), &self.name).await?;
            }
            Encryption::None | Encryption::IfOffered(_) | Encryption::Always(_) => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// Hands a letter over. Only what is said of the recipient says something of the address.
///
/// # Errors
/// It was not taken.
pub(super) async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    (from, to): (&Address, &Address),
    letter: &[u8],
) -> Result<(), Failure> {
    let mut parameters = Vec::new();
    // The hub's own address may be written with other letters; nobody else's is.
    let sender: &str = from.as_ref();
    if !sender.is_ascii() {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !letter.is_ascii() {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let sender = connection.command(Mail::new(Some(from.clone()), parameters)).await;
    sender.map_err(|error| Failure::Server(told(&error)))?;
    let recipient = connection.command(Rcpt::new(to.clone(), Vec::new())).await;
    recipient.map_err(|error| of_address(&error))?;
    let ready = connection.command(Data).await;
    ready.map_err(|error| of_letter(&error))?;
    let taken = connection.message(letter).await;
    taken.map(|_| ()).map_err(|error| of_letter(&error))
}

/// What it means that a recipient is not taken.
fn of_address(error: &Error) -> Failure {
    let status = error.status().map(|code| code.to_string()).unwrap_or_default();
    if error.is_permanent() && ABOUT_THE_ADDRESS.contains(&status.as_str()) {
        Failure::Refused(status)
    } else if error.is_transient() {
        Failure::NotNow(status)
    } else {
        Failure::Server(told(error))
    }
}

/// What it means that a letter is not taken whose recipient was.
fn of_letter(error: &Error) -> Failure {
    if error.is_permanent() { Failure::Unfit(told(error)) } else { Failure::Server(told(error)) }
}

/// A text with `%40` and its like for letters that mean something else in an address.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = match (first, more) {
            (b'%', [high, low, more @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                more
            }
            _ => {
                bytes.push(*first);
                more
            }
        };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_server_says_how_it_is_reached() {
        crate::outbound::choose_cryptography();
        let server = |address: &str| Server::new(address, Duration::from_secs(1));
        let check = |address: &str, port: u16, encryption: fn(&Encryption) -> bool| {
            let server = server(address).unwrap_or_else(|error| panic!("{address}: {error}"));
            assert_eq!((server.host.as_str(), server.port), ("mail.example.org", port));
            assert!(encryption(&server.encryption), "{address}");
        };
        check("smtp://mail.example.org", 25, |it| matches!(it, Encryption::None));
        check("smtp://mail.example.org:2525", 2525, |it| matches!(it, Encryption::None));
        check("smtp://mail.example.org?tls=required", 587, |it| {
            matches!(it, Encryption::AfterGreeting(_))
        });
        check("smtp://mail.example.org?tls=opportunistic", 587, |it| {
            matches!(it, Encryption::IfOffered(_))
        });
        check("smtps://u:p@mail.example.org", 465, |it| matches!(it, Encryption::Always(_)));
        for broken in ["mail.example.org", "http://mail.example.org", "smtp://a.de?tls=maybe"] {
            assert!(server(broken).is_err(), "{broken}");
        }
        let known = server("smtp://hub%40example.org:a+b&%C3%A4@mail.example.org");
        let expected = Credentials::new("hub@example.org".to_owned(), "a+b&ä".to_owned());
        assert!(known.ok().and_then(|it| it.credentials) == Some(expected));
        assert!(server("smtp://hub:%ff@mail.example.org").is_err());
    }
}
