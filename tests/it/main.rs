//! All integration tests, in one binary.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails in the plainest way"
)]
#![expect(unreachable_pub, reason = "nobody is outside of a test binary")]

mod contacts;
mod crash;
mod dump;
mod erasure;
mod files;
mod follow;
mod freshness;
mod index;
mod input;
mod likeness;
mod links;
mod lists;
mod operations;
mod organisations;
mod pages;
mod pages_keeping;
mod pages_more;
mod pages_work;
mod processes;
mod questions;
mod register;
mod reuse;
mod rights;
mod seed;
mod sheets;
mod sockets;
mod solutions;
mod support;
mod tidy;
mod watches;
mod webhooks;
