use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn settings(allow_private: bool) -> ClientSettings {
    let second = Duration::from_secs(1);
    let user_agent = "Allmende".to_owned();
    ClientSettings { user_agent, allow_private, connect: second, answer: second }
}

fn client(allow_private: bool) -> Client {
    Client::new(&settings(allow_private)).expect("a client")
}

/// A client to which a name means these addresses, one after the other at each look; and how often it
/// has looked.
fn rebound(allow_private: bool, addresses: &[&str]) -> (Client, Arc<AtomicUsize>) {
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = looks.clone();
    let mut addresses: Vec<SocketAddr> =
        addresses.iter().rev().map(|it| it.parse().expect("an address")).collect();
    let last = addresses.first().copied().expect("one");
    let addresses = Mutex::new(std::mem::take(&mut addresses));
    let look_up: LookUp = Arc::new(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        let next = addresses.lock().expect("no panic").pop().unwrap_or(last);
        Box::pin(async move { Ok(vec![next]) })
    });
    (Client::resolving(&settings(allow_private), look_up).expect("a client"), looks)
}

/// A server that answers each connection with one text, whatever it is asked; the texts of requests.
async fn server(answer: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut bytes = vec![0; 8_192];
            let read = connection.read(&mut bytes).await.unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
            heard.lock().expect("no panic").push(text);
            // Who was asked by mistake gets an error, and that is fine.
            let _gone = connection.write_all(answer.as_bytes()).await.is_err();
        }
    });
    (address, asked)
}

#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let client = client(false);
    for url in [
        "http://127.0.0.1:9/",
        "http://2130706433:9/",
        "http://0x7f.1:9/",
        "http://[::1]:9/",
        "http://[::ffff:127.0.0.1]:9/",
        "http://localhost:9/",
        "http://hub.localhost.:9/",
        "http://[::ffff:10.0.0.1]:9/",
        "http://0177.0.0.1:9/",
        "http://169.254.169.254/latest/meta-data/",
    ] {
        let url = Url::parse(url).expect("an address");
        assert_eq!(client.ask(Method::HEAD, &url).await, Err(Failure::Private), "{url}");
    }
}

#[tokio::test]
async fn a_closed_port_is_no_private_address_when_those_are_allowed() {
    let url = Url::parse("http://127.0.0.1:9/").expect("an address");
    assert_eq!(client(true).ask(Method::HEAD, &url).await, Err(Failure::Connection));
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_a_moment_later_helps_nobody() {
    let (inside, asked) = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let inside = inside.to_string();
    // The first look finds a public address; nobody listens there, or not within a second.
    let (client, looks) = rebound(false, &["1.1.1.1:1", &inside]);
    let url = Url::parse(&format!("http://rebound.example.org:{}/", port(&inside))).expect("a URL");
    let first = client.post(&url, &[], "a".to_owned()).await;
    assert!(matches!(first, Err(Failure::Connection | Failure::Timeout)), "{first:?}");
    assert_eq!(looks.load(Ordering::SeqCst), 1, "what was looked at is what is connected to");
    assert_eq!(client.post(&url, &[], "a".to_owned()).await, Err(Failure::Private));
    assert_eq!(looks.load(Ordering::SeqCst), 2);
    assert_eq!(asked.lock().expect("no panic").len(), 0, "nobody inside was asked");
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().expect("a port")
}

#[tokio::test]
async fn a_post_brings_body_and_headers_and_reads_no_further_than_the_head_of_the_answer() {
    let answer = "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\nretry-after: 17\r\n\
        content-length: 1000000000\r\n\r\nthe rest never comes";
    let (address, asked) = server(answer).await;
    let url = Url::parse(&format!("http://{address}/hook")).expect("a URL");
    let headers = [("webhook-id", "Delivery:1".to_owned())];
    let answer = client(true).post(&url, &headers, "ein Körper".to_owned()).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.status, answer.retry_after.as_deref()), (302, Some("17")));
    let asked = asked.lock().expect("no panic");
    assert_eq!(asked.len(), 1, "no redirect is followed");
    let text = asked[0].to_lowercase();
    for part in ["post /hook http/1.1", "webhook-id: delivery:1", "user-agent: allmende"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.ends_with("ein körper"), "{text}");
}

#[tokio::test]
async fn who_speaks_no_tls_or_hangs_up_is_told_from_who_is_away() {
    let (address, _) = server("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let url = Url::parse(&format!("https://{address}/")).expect("a URL");
    assert_eq!(client(true).post(&url, &[], String::new()).await, Err(Failure::Tls));
    let (address, _) = server("").await;
    let url = Url::parse(&format!("http://{address}/")).expect("a URL");
    assert_eq!(client(true).post(&url, &[], String::new()).await, Err(Failure::Connection));
}
