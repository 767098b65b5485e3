//! What the process may use that reads a stranger's file.

use std::io;

use rlimit::Resource;

/// The most memory, in bytes of address space. A file of 50 MiB needs about three times its size.
pub const MEMORY: u64 = 768 * 1024 * 1024;
/// The most time of the processor, in seconds.
pub const PROCESSOR_SECONDS: u64 = 10;
/// The most open files: the three that it is started with, and a few that libraries may want.
const OPEN_FILES: u64 = 16;

/// Limits this process for good. It writes no file and leaves no image of its memory behind.
pub(super) fn confine() -> io::Result<()> {
    let limits = [
        (Resource::AS, MEMORY),
        (Resource::CPU, PROCESSOR_SECONDS),
        (Resource::FSIZE, 0),
        (Resource::CORE, 0),
        (Resource::NOFILE, OPEN_FILES),
    ];
    limits.into_iter().try_for_each(|(resource, most)| resource.set(most, most))
}
