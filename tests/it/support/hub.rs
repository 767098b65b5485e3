//! A hub as a real process.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A running `allmende serve`.
pub struct Hub {
    child: Child,
    output: BufReader<ChildStdout>,
    /// Where it listens.
    pub url: String,
    http: reqwest::Client,
}

/// The program with its directory, free of settings from around.
pub fn allmende(directory: &Path) -> Command {
    settled(Command::new(env!("CARGO_BIN_EXE_allmende")), directory)
}

/// The same, but no file can grow beyond this many kilobytes: to whoever writes, a full disk.
fn allmende_within(directory: &Path, kilobytes: u32) -> Command {
    let mut command = Command::new("sh");
    let limits = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kilobytes * 2);
    command.args(["-c", &limits, env!("CARGO_BIN_EXE_allmende")]);
    settled(command, directory)
}

fn settled(mut command: Command, directory: &Path) -> Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ALLMENDE_")) {
        command.env_remove(name);
    }
    command.arg("--data-directory").arg(directory.join("data")).current_dir(directory);
    command
}

/// A test that fails leaves no process behind.
impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended already.
        let _gone = self.child.kill().and_then(|()| self.child.wait());
    }
}

impl Hub {
    /// Starts a hub on a free port and waits until it listens.
    pub fn start(directory: &Path) -> Self {
        Self::start_with(directory, &[])
    }

    /// Starts a hub with these settings.
    pub fn start_with(directory: &Path, settings: &[&str]) -> Self {
        let mut command = allmende(directory);
        command.args(settings);
        Self::run_command(directory, command)
    }

    /// Starts a hub whose files cannot grow beyond this many kilobytes.
    pub fn start_within(directory: &Path, kilobytes: u32) -> Self {
        Self::run_command(directory, allmende_within(directory, kilobytes))
    }

    fn run_command(directory: &Path, mut command: Command) -> Self {
        command.args(["--listen", "127.0.0.1:0", "--log-format", "json", "serve"]);
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(directory.join("log"))
            .expect("a log file");
        let mut child =
            command.stdout(Stdio::piped()).stderr(log).spawn().expect("the program runs");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        while !line.starts_with("listening on ") {
            line.clear();
            let read = output.read_line(&mut line).expect("text");
            let log = || std::fs::read_to_string(directory.join("log")).unwrap_or_default();
            assert!(read > 0, "the hub ended before it listened: {}", log());
        }
        let url = line.trim_start_matches("listening on ").trim().to_owned();
        Self { child, output, url, http: reqwest::Client::new() }
    }

    /// What the hubs of a directory have logged.
    pub fn log(directory: &Path) -> String {
        std::fs::read_to_string(directory.join("log")).expect("a log file")
    }

    /// Runs a document; an error if the connection broke.
    pub async fn run(
        &self,
        token: &str,
        query: &str,
        variables: &Value,
    ) -> Result<Value, reqwest::Error> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = self
            .http
            .post(format!("{}/graphql", self.url))
            .header("content-type", "application/json");
        let answer = request.bearer_auth(token).body(body).send().await?.text().await?;
        Ok(serde_json::from_str(&answer).expect("an answer is JSON"))
    }

    /// The most memory that the hub has used so far, in megabytes.
    pub fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kilobytes / 1_024
    }

    /// Ends the hub without any warning, as a power failure would.
    pub fn kill(mut self) {
        // It may have been killed already.
        let _gone = self.child.kill();
        self.child.wait().expect("a process of ours");
    }

    /// Ends the hub without any warning while others still hold it.
    pub fn kill_shared(&self) {
        let pid = self.child.id().to_string();
        let killed = Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs");
        assert!(killed.success());
    }

    /// Asks the hub to end, and gives its exit code.
    pub fn terminate(self) -> i32 {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success());
        self.end()
    }

    /// Waits until the hub has ended by itself, and gives its exit code.
    pub fn end(mut self) -> i32 {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("text");
        self.child.wait().expect("a process of ours").code().expect("it ended by itself")
    }
}
