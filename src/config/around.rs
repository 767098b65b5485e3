//! What the hub knows of the world around it: its own address, proxies, an identity provider.

use url::Url;

use super::{ConfigError, Settings};
use crate::app::Around;
use crate::domain::{PublicUrl, RoleMap, is_private};
use crate::http::TrustedProxies;
use crate::outbound::ProviderSettings;
use crate::service::CourierSettings;

/// What is asked for beside `openid`, if nothing else is configured.
const USUAL_SCOPES: &str = "email";
/// Where the provider sends browsers back to.
const CALLBACK: &str = "/session/oidc/callback";

fn wrong(key: &'static str, reason: impl std::fmt::Display) -> ConfigError {
    ConfigError::Value { key, reason: reason.to_string() }
}

/// What a setting says, unless it says nothing.
fn said(setting: Option<&String>) -> Option<&str> {
    setting.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl Settings {
    pub(super) fn trusted_proxies(&self) -> Result<TrustedProxies, ConfigError> {
        let Some(texts) = &self.trusted_proxies else { return Ok(TrustedProxies::default()) };
        let texts = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        TrustedProxies::new(texts).map_err(|error| wrong("trusted-proxies", error))
    }

    pub(super) fn around(&self) -> Result<Around, ConfigError> {
        let public_url = said(self.public_url.as_ref()).map(str::parse::<PublicUrl>);
        let public_url = public_url.transpose().map_err(|error| wrong("public-url", error))?;
        let provider = self.provider(public_url.as_ref())?;
        let to_private = self.webhooks_to_private.unwrap_or_default();
        let webhooks = CourierSettings { to_private, ..CourierSettings::default() };
        Ok(Around { public_url, provider, mail: self.mail()?, webhooks })
    }

    fn provider(
        &self,
        public_url: Option<&PublicUrl>,
    ) -> Result<Option<ProviderSettings>, ConfigError> {
        let Some(issuer) = said(self.oidc_issuer.as_ref()) else { return self.no_provider() };
        let sound =
            issuer.parse::<Url>().is_ok_and(|url| is_private(&url) && url.query().is_none());
        if !sound {
            let reason = format!(
                "\"{issuer}\" is no address of an identity provider: write https://…, or http://… on this machine"
            );
            return Err(wrong("oidc-issuer", reason));
        }
        let missing = "missing, although oidc-issuer is given";
        let client_id = said(self.oidc_client_id.as_ref());
        let client_id = client_id.ok_or_else(|| wrong("oidc-client-id", missing))?.to_owned();
        let public_url = public_url.ok_or_else(|| {
            wrong("public-url", format!("{missing}: the provider sends browsers back there"))
        })?;
        let scopes = self.oidc_scopes.as_deref().unwrap_or(USUAL_SCOPES).split_whitespace();
        Ok(Some(ProviderSettings {
            issuer: issuer.to_owned(),
            client_id,
            client_secret: said(self.oidc_client_secret.as_ref()).map(str::to_owned),
            scopes: scopes.filter(|scope| *scope != "openid").map(str::to_owned).collect(),
            redirect: public_url.page(CALLBACK),
            roles: self.roles()?,
        }))
    }

    /// Without a provider, what is said of one is a mistake.
    fn no_provider(&self) -> Result<Option<ProviderSettings>, ConfigError> {
        let others = [
            self.oidc_client_id.is_some(),
            self.oidc_client_secret.is_some(),
            self.oidc_scopes.is_some(),
            self.oidc_roles_claim.is_some(),
            self.oidc_roles.is_some(),
        ];
        if others.contains(&true) {
            return Err(wrong("oidc-issuer", "missing, although other oidc- settings are given"));
        }
        Ok(None)
    }

    fn roles(&self) -> Result<Option<RoleMap>, ConfigError> {
        let lines = self.oidc_roles.iter().flatten().map(|line| line.trim());
        let rules = lines.filter(|line| !line.is_empty()).map(str::parse).collect::<Result<_, _>>();
        let rules: Vec<_> = rules.map_err(|error| wrong("oidc-roles", error))?;
        match said(self.oidc_roles_claim.as_ref()) {
            Some(_) if rules.is_empty() => {
                Err(wrong("oidc-roles", "missing, although oidc-roles-claim is given"))
            }
            Some(claim) => Ok(Some(RoleMap { claim: claim.to_owned(), rules })),
            None if rules.is_empty() => Ok(None),
            None => Err(wrong("oidc-roles-claim", "missing, although oidc-roles are given")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Result<Around, ConfigError> {
        let settings: Settings = toml::from_str(text).expect("sound TOML");
        settings.resolve().map(|config| config.places.around)
    }

    const PROVIDER: &str = "
        public-url = 'https://allmende.example.org/'
        oidc-issuer = 'https://idp.example.org/realms/kreis'
        oidc-client-id = 'allmende'
    ";

    #[test]
    fn a_provider_needs_little() {
        let provider = resolved(PROVIDER).expect("sound").provider.expect("a provider");
        assert_eq!(provider.redirect, "https://allmende.example.org/session/oidc/callback");
        assert_eq!((provider.client_secret, provider.roles), (None, None));
        assert_eq!(provider.scopes, ["email"]);
    }

    #[test]
    fn claims_and_lines_make_roles_and_scopes_are_split() {
        let text = format!(
            "{PROVIDER}
            oidc-client-secret = 'geheim'
            oidc-scopes = 'openid email roles'
            oidc-roles-claim = 'realm_access.roles'
            oidc-roles = ['allmende-admin = admin', 'allmende-editor:* = editor@*']"
        );
        let provider = resolved(&text).expect("sound").provider.expect("a provider");
        assert_eq!(provider.scopes, ["email", "roles"]);
        assert_eq!(provider.roles.as_ref().map(|roles| roles.rules.len()), Some(2));
        assert!(!format!("{provider:?}").contains("geheim"));
    }

    #[test]
    fn an_error_names_the_key() {
        let check = |text: &str, key: &str| {
            let error = resolved(text).expect_err("a wrong value").to_string();
            assert!(error.starts_with(&format!("{key}: ")), "{error}");
        };
        let with = |line: &str| format!("{PROVIDER}\n{line}");
        check("public-url = 'allmende.example.org'", "public-url");
        check("trusted-proxies = ['proxy']", "trusted-proxies");
        check("oidc-client-id = 'allmende'", "oidc-issuer");
        check("oidc-issuer = 'http://idp.example.org'", "oidc-issuer");
        check("oidc-issuer = 'https://idp.example.org'", "oidc-client-id");
        let no_url = "oidc-issuer = 'https://idp.example.org'\noidc-client-id = 'allmende'";
        check(no_url, "public-url");
        check(&with("oidc-roles = ['a = admin']"), "oidc-roles-claim");
        check(&with("oidc-roles-claim = 'groups'"), "oidc-roles");
        check(&with("oidc-roles-claim = 'groups'\noidc-roles = ['a = chef']"), "oidc-roles");
        check(&with("oidc-roles-claim = 'groups'\noidc-roles = ['a = editor']"), "oidc-roles");
    }
}
