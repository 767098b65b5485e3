//! The program.

use std::process::ExitCode;

use allmende::cli::Cli;
use clap::Parser;

/// The allocator: much faster than the usual one with many small pieces on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// SurrealDB's executor nests deeply; without optimisation it needs more than the usual 2 MiB.
const STACK: usize = 16 * 1024 * 1024;

fn main() -> ExitCode {
    // A file of a stranger is read before this process has anything else to lose.
    let called = Cli::parse();
    if let Some(read) = called.extraction() {
        return read.map_or_else(|error| failed(&error), |()| ExitCode::SUCCESS);
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(async { tokio::spawn(allmende::cli::run(called)).await }),
        Err(error) => return failed(&error),
    };
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => failed(&error),
        Err(error) => failed(&error),
    }
}

/// One line that says what to do, on standard error.
fn failed(error: &dyn std::error::Error) -> ExitCode {
    use std::io::Write;
    // If nobody reads standard error, the exit code has to do.
    let _unread = writeln!(std::io::stderr(), "allmende: {error}").is_err();
    ExitCode::FAILURE
}
