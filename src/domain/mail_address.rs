//! What a mail address is, for all that the hub ever writes to, answers to or knows people by.

/// The longest part before the `@`, in characters.
const LONGEST_NAME: usize = 64;
/// The longest host, in characters.
const LONGEST_HOST: usize = 253;
/// The longest part of a host between two dots, in characters.
const LONGEST_LABEL: usize = 63;
/// What may stand in a name beside letters and digits.
const IN_NAMES: &str = ".!#$%&'*+-/=?^_`{|}~";

/// Whether a text is a mail address without quotes, comments or lists: what mail programs cannot take
/// for anything else. Hosts with other letters are written as `xn--…`, which every mail server takes.
///
/// The library that sends mail takes whatever is taken here: an address that it refused would be
/// found wrong only once a letter is on its way, when nobody is left to be told.
#[must_use]
pub fn is_mail_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| is_name(name) && is_host(host))
}

fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || IN_NAMES.contains(letter);
    name.len() <= LONGEST_NAME
        && name.chars().all(fits)
        && name.split('.').all(|part| !part.is_empty())
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= LONGEST_HOST && host.contains('.') && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address_and_nothing_else() {
        let long = |count| "a".repeat(count);
        for sound in [
            "amt@neustadt.example.org".to_owned(),
            "o'brien+bus@example.org".to_owned(),
            "a@xn--grn-hoa.example".to_owned(),
            "a@1.example".to_owned(),
            format!("{}@example.org", long(64)),
            format!("a@{}.org", long(63)),
        ] {
            assert!(is_mail_address(&sound), "{sound}");
        }
        for broken in [
            String::new(),
            "amt".to_owned(),
            "@example.org".to_owned(),
            "a@".to_owned(),
            "a@localhost".to_owned(),
            "a@-x.example".to_owned(),
            "a@x-.example".to_owned(),
            "a@.example".to_owned(),
            "a@example.".to_owned(),
            "a@x..example".to_owned(),
            "a@x_y.example".to_owned(),
            "a@grün.example".to_owned(),
            ".a@example.org".to_owned(),
            "a..b@example.org".to_owned(),
            "a@b@example.org".to_owned(),
            "a b@example.org".to_owned(),
            "\"a b\"@example.org".to_owned(),
            "a@[127.0.0.1]".to_owned(),
            "a@example.org, b@example.org".to_owned(),
            "a@example.org\r\nBcc: b@example.org".to_owned(),
            format!("{}@example.org", long(65)),
            format!("a@{}.org", long(64)),
            format!("a@{}.org", vec![long(60); 5].join(".")),
        ] {
            assert!(!is_mail_address(&broken), "{broken}");
        }
    }
}
