//! A SurrealDB server as a real process, which several hubs share.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::Instant;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server, on RocksDB in a directory.
pub struct Database {
    child: Child,
    program: PathBuf,
    directory: PathBuf,
    address: SocketAddr,
}

/// A test that fails leaves no process behind.
impl Drop for Database {
    fn drop(&mut self) {
        // It may have ended already.
        let _gone = self.child.kill().and_then(|()| self.child.wait());
    }
}

impl Database {
    /// Starts a server; nothing, and a word about it, where none was built.
    pub fn start(directory: &Path) -> Option<Self> {
        let program = program()?;
        let directory = directory.join("database");
        // Free a moment ago; the server takes no port 0.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
        let address = address.expect("a port");
        let child = run(&program, &directory, address);
        Some(Self { child, program, directory, address })
    }

    /// How a hub is told of it.
    pub fn settings(&self) -> [String; 6] {
        [
            "--database".to_owned(),
            format!("ws://{}", self.address),
            "--database-user".to_owned(),
            "root".to_owned(),
            "--database-password".to_owned(),
            "root".to_owned(),
        ]
    }

    /// Ends the server without any warning.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("a process of ours");
    }

    /// Starts it again where it was.
    pub fn restart(&mut self) {
        self.child = run(&self.program, &self.directory, self.address);
    }

    /// Stops it in its tracks: connections stay, and nothing answers.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().expect("kill runs");
        assert!(sent.success());
    }
}

/// The server that `tests/database/build.sh` builds.
fn program() -> Option<PathBuf> {
    let home =
        || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/allmende-database"));
    let cache = std::env::var_os("ALLMENDE_TEST_DATABASE_CACHE").map(PathBuf::from);
    let program = cache.or_else(home)?.join("release/allmende-test-database");
    if program.exists() {
        return Some(program);
    }
    println!("skipped: there is no {}; tests/database/build.sh builds it", program.display());
    None
}

fn run(program: &Path, directory: &Path, address: SocketAddr) -> Child {
    std::fs::create_dir_all(directory).expect("a directory");
    let mut options = std::fs::OpenOptions::new();
    let log = options.create(true).append(true).open(directory.with_extension("log"));
    let log = log.expect("a log file");
    let child = Command::new(program)
        .args(["start", "--no-banner", "--log", "warn", "--user", "root", "--pass", "root"])
        .args(["--bind", &address.to_string()])
        .arg(format!("rocksdb://{}?sync=every", directory.display()))
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a file"))
        .stderr(log)
        .spawn()
        .expect("the server runs");
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(address).is_err() {
        assert!(Instant::now() < until, "the server does not listen");
        std::thread::yield_now();
    }
    child
}
