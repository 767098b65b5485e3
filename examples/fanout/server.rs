//! What a server takes of the machine.

use std::fs;

use crate::Failure;

/// Ticks of the processor's clock in a second, the same on every Linux.
const TICKS: f64 = 100.0;

/// What a process has taken.
pub(crate) struct Usage {
    /// Memory now.
    pub(crate) kilobytes: u64,
    /// Processor time since its start.
    pub(crate) seconds: f64,
}

/// What a process has taken so far, as Linux tells it.
pub(crate) fn usage(pid: u32) -> Result<Usage, Failure> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = resident.ok_or("no VmRSS")?.trim().trim_end_matches(" kB").parse()?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit_once(')').ok_or("no name in stat")?.1;
    // Time in the program and in the system are the 14th and 15th field of the whole line.
    let times = after_name.split_whitespace().skip(11).take(2);
    let ticks = times.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(Usage { kilobytes, seconds: ticks / TICKS })
}
