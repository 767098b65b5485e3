//! What an import of municipalities takes of memory: `import_memory FILE DIRECTORY` takes a register
//! in and prints how far the program's own heap grew. What RocksDB keeps for itself is not counted:
//! it has a fixed size, whatever is written.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use allmende::app::{Silent, system_clock, system_ids};
use allmende::service::{Register, import_register};
use allmende::store::{Location, Store};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let usage = "usage: import_memory FILE DIRECTORY";
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or(usage)?;
    let directory = PathBuf::from(arguments.next().ok_or(usage)?);
    let store = Store::open(&Location::Directory(directory)).await?;
    let clock = system_clock();
    let ids = system_ids(clock.clone());
    let idle = HEAP.current_usage_as_mb();
    HEAP.reset_peak_usage();
    let register = Register::read(&std::fs::read(file)?)?;
    let read = HEAP.peak_usage_as_mb() - idle;
    HEAP.reset_peak_usage();
    let done = import_register(&store, &clock, &ids, register, false, &mut Silent).await?;
    let written = HEAP.peak_usage_as_mb() - idle;
    let mut output = std::io::stdout().lock();
    writeln!(
        output,
        "{} records created; beyond {idle:.1} MB at rest, reading took {read:.1} MB and writing {written:.1} MB",
        done.imported.created
    )?;
    Ok(output.flush()?)
}
