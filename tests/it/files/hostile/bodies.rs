//! Bodies that do not keep to what HTTP asks, or to what anybody has time for.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use super::Sender;

fn connect(sender: &Sender, framing: &str) -> TcpStream {
    let host = sender.hub.url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(host).expect("a connection");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket");
    let head = format!(
        "PUT /documents/{}/file?name=a.txt HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n{framing}\r\n\r\n",
        sender.document, sender.token
    );
    socket.write_all(head.as_bytes()).expect("open");
    socket
}

/// The status of the answer; none if the connection was closed without one.
pub fn status(socket: &mut TcpStream) -> Option<u16> {
    let mut head = [0; 12];
    socket.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head).ok()?.split(' ').nth(1)?.parse().ok()
}

/// Sends chunks of a megabyte until there is an answer, at most so many. Gives the status and how
/// many were sent.
pub async fn endless(sender: &Sender, most: usize) -> (Option<u16>, usize) {
    let mut socket = connect(sender, "Transfer-Encoding: chunked");
    let mut reading = socket.try_clone().expect("a socket");
    let (tell, told) = mpsc::channel();
    let reader = std::thread::spawn(move || tell.send(status(&mut reading)));
    let chunk = [b"100000\r\n".to_vec(), vec![b'a'; 1 << 20], b"\r\n".to_vec()].concat();
    let mut sent = 0;
    while sent < most && socket.write_all(&chunk).is_ok() {
        sent += 1;
    }
    let status = told.recv_timeout(Duration::from_secs(20)).expect("an end");
    reader.join().expect("no panic").expect("somebody listens");
    (status, sent)
}

/// A body that begins and then pauses.
pub fn slow(sender: &Sender) -> TcpStream {
    let mut socket = connect(sender, "Content-Length: 100");
    socket.write_all(b"Anfang").expect("open");
    socket
}

/// A body of one byte every tenth of a second; the status with which it ends.
pub fn trickle(sender: &Sender) -> Option<u16> {
    let mut socket = connect(sender, "Content-Length: 1000");
    let mut writing = socket.try_clone().expect("a socket");
    let writer = std::thread::spawn(move || {
        for _ in 0..1_000 {
            if writing.write_all(b"a").is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let status = status(&mut socket);
    socket.shutdown(std::net::Shutdown::Both).expect("open");
    writer.join().expect("no panic");
    status
}

/// A body that is promised to have one length and has another, and then ends.
pub fn claims(sender: &Sender, promised: usize, length: usize) -> Option<u16> {
    let mut socket = connect(sender, &format!("Content-Length: {promised}"));
    socket.write_all(&vec![b'a'; length]).expect("open");
    socket.shutdown(std::net::Shutdown::Write).expect("open");
    status(&mut socket)
}
