//! Follows links, and says which of them lead nowhere.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::progress::Bar;
use super::{CliError, say, start_briefly};
use crate::config::Config;
use crate::domain::{Label, Language, LinkStatus};
use crate::outbound::{Client, ClientSettings, Prober};
use crate::service::{CheckedLink, LinkReport};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Only links of the records of this municipality, by its name in URLs.
    #[arg(long)]
    municipality: Option<String>,
    /// Only links of this solution and its documents, by its id or its name in URLs.
    #[arg(long)]
    solution: Option<String>,
    /// Print everything as one JSON object.
    #[arg(long)]
    json: bool,
    /// End with exit code 1 if a link is broken.
    #[arg(long)]
    fail: bool,
    /// Follow links to addresses that are not on the public network, too.
    #[arg(long)]
    allow_private: bool,
    /// The page that tells those who look into their logs whose program this is; best the hub's own.
    #[arg(long, env = "ALLMENDE_CONTACT_URL")]
    contact_url: Option<url::Url>,
    /// The pause behind a request to the same host.
    #[arg(long, default_value = "1s", value_parser = humantime::parse_duration)]
    pause: Duration,
    /// How long an answer may take to begin.
    #[arg(long, default_value = "20s", value_parser = humantime::parse_duration)]
    timeout: Duration,
}

impl Arguments {
    fn client(&self) -> ClientSettings {
        let version = env!("CARGO_PKG_VERSION");
        let contact = self.contact_url.as_ref().map(|url| format!("; +{url}")).unwrap_or_default();
        ClientSettings {
            user_agent: format!("Allmende/{version} (link check{contact})"),
            allow_private: self.allow_private,
            connect: CONNECT.min(self.timeout),
            answer: self.timeout,
        }
    }
}

pub(super) async fn check(config: Config, arguments: &Arguments) -> Result<(), CliError> {
    let prober = Prober::new(Client::new(&arguments.client())?, arguments.pause);
    let app = start_briefly(config).await?;
    let services = app.services().clone();
    let service = |error: crate::service::Error| CliError::Service(error.to_string());
    let (municipality, solution) =
        (arguments.municipality.as_deref(), arguments.solution.as_deref());
    let checked = async {
        let selection = services.select_links(municipality, solution).await.map_err(service)?;
        let selection = selection.map_err(CliError::Service)?;
        let bar = &mut Bar::new("links");
        Box::pin(services.check_links(&selection, &prober, bar)).await.map_err(service)
    };
    let checked = Box::pin(checked).await;
    app.stop().await;
    let Some(report) = checked? else {
        return Err(CliError::Service("another check of the links is at work".to_owned()));
    };
    if arguments.json {
        print_json(&report)?;
    } else {
        tell(&report)?;
    }
    match report.with(LinkStatus::Broken).count() {
        broken if broken > 0 && arguments.fail => Err(CliError::Broken(broken)),
        _ => Ok(()),
    }
}

fn shown_by(link: &CheckedLink) -> Vec<String> {
    link.shown_by.iter().map(ToString::to_string).collect()
}

fn print_json(report: &LinkReport) -> Result<(), CliError> {
    let link = |link: &CheckedLink| {
        let check = &link.check;
        json!({
            "url": check.url,
            "status": check.status.name(),
            "answer": check.answer,
            "trouble": check.trouble.map(Label::name),
            "movedTo": check.moved_to,
            "failingSince": check.failing_since,
            "brokenSince": check.broken_since(),
            "checkedAt": check.checked_at,
            "shownBy": shown_by(link),
        })
    };
    let count =
        |status: &LinkStatus| (status.name().to_owned(), report.with(*status).count().into());
    let counts: serde_json::Map<_, _> = LinkStatus::ALL.iter().map(count).collect();
    let links: Vec<_> = report.links.iter().map(link).collect();
    say(&json!({ "counts": counts, "links": links }).to_string())
}

fn tell(report: &LinkReport) -> Result<(), CliError> {
    for status in
        [LinkStatus::Broken, LinkStatus::Unreachable, LinkStatus::Moved, LinkStatus::Refused]
    {
        for link in report.with(status) {
            let check = &link.check;
            let trouble = check.trouble.map(|it| it.label(Language::English).to_owned());
            let moved = check.moved_to.as_ref().map(|to| format!("now at {to}"));
            let told = trouble.or(moved).unwrap_or_default();
            let shown_by = shown_by(link).join(" ");
            say(&format!("{}\t{}\t{told}\t{shown_by}", status.name(), check.url))?;
        }
    }
    let count = |status: &LinkStatus| format!("{} {}", report.with(*status).count(), status.name());
    let counts: Vec<_> = LinkStatus::ALL.iter().map(count).collect();
    say(&format!("{} links: {}", report.links.len(), counts.join(", ")))
}
