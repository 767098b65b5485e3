//! A small mail server that does what a test tells it to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the server does with the next letter.
#[derive(Clone, Copy)]
pub enum Does {
    /// Takes it.
    Accept,
    /// Answers the address with this.
    Answer(&'static str),
    /// Takes the address, and answers the letter with this.
    Judge(&'static str),
    /// Answers the greeting with this.
    Greet(&'static str),
    /// Says nothing any more once it has the address.
    Hang,
}

/// A letter that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The address it was for.
    pub to: String,
    /// Head and body.
    pub text: String,
}

/// A running server.
pub struct SmtpServer {
    /// Its address as the hub takes it.
    pub url: String,
    plan: Arc<Mutex<VecDeque<Does>>>,
    taken: watch::Sender<Vec<Taken>>,
    /// How many clients came.
    calls: watch::Sender<usize>,
}

impl SmtpServer {
    /// Starts one that follows a plan, letter by letter, and then takes everything.
    pub async fn start(plan: impl IntoIterator<Item = Does>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let plan: Arc<Mutex<VecDeque<Does>>> = Arc::new(Mutex::new(plan.into_iter().collect()));
        let (taken, calls) = (watch::Sender::new(Vec::new()), watch::Sender::new(0));
        let served = (plan.clone(), taken.clone(), calls.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (plan, taken, calls) = served.clone();
                tokio::spawn(async move {
                    let does = plan.lock().expect("no panic").pop_front().unwrap_or(Does::Accept);
                    // A client that breaks off is no failure of the test.
                    let _gone = serve(client, does, &taken).await.is_err();
                    calls.send_modify(|calls| *calls += 1);
                });
            }
        });
        Self { url: format!("smtp://127.0.0.1:{port}"), plan, taken, calls }
    }

    /// Waits for so many letters.
    pub async fn letters(&self, count: usize) -> Vec<Taken> {
        let mut taken = self.taken.subscribe();
        let there = taken.wait_for(|taken| taken.len() >= count);
        let there = tokio::time::timeout(Duration::from_secs(30), there).await;
        there.expect("a letter in time").expect("the server lives").clone()
    }

    /// Waits until so many clients have come and gone.
    pub async fn called(&self, count: usize) {
        let mut calls = self.calls.subscribe();
        let there = calls.wait_for(|calls| *calls >= count);
        let there = tokio::time::timeout(Duration::from_secs(30), there).await;
        there.expect("a call in time").expect("the server lives");
    }

    /// How many letters were taken so far.
    pub fn count(&self) -> usize {
        self.taken.borrow().len()
    }

    /// How many clients have come and gone.
    pub fn calls(&self) -> usize {
        *self.calls.borrow()
    }

    /// Whether the whole plan was followed.
    pub fn is_done(&self) -> bool {
        self.plan.lock().expect("no panic").is_empty()
    }
}

async fn serve(
    client: TcpStream,
    does: Does,
    taken: &watch::Sender<Vec<Taken>>,
) -> std::io::Result<()> {
    let mut client = BufReader::new(client);
    let mut letter = Taken { to: String::new(), text: String::new() };
    let greeting = if let Does::Greet(words) = does { words } else { "220 test" };
    client.write_all(format!("{greeting}\r\n").as_bytes()).await?;
    loop {
        let mut line = String::new();
        if client.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "RCPT" => {
                letter.to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                match does {
                    Does::Answer(answer) => answer,
                    Does::Hang => {
                        // Until the client has had enough.
                        client.read_line(&mut line).await?;
                        return Ok(());
                    }
                    Does::Accept | Does::Greet(_) | Does::Judge(_) => "250 ok",
                }
            }
            "DATA" => {
                client.write_all(b"354 go on\r\n").await?;
                loop {
                    let mut line = String::new();
                    client.read_line(&mut line).await?;
                    if line == ".\r\n" || line.is_empty() {
                        break;
                    }
                    letter.text.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                if let Does::Judge(answer) = does {
                    answer
                } else {
                    taken.send_modify(|taken| taken.push(letter.clone()));
                    "250 taken"
                }
            }
            "QUIT" => {
                client.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok",
        };
        client.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}
