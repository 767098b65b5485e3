//! Allmende: a GraphQL hub on which municipalities share what works.
//!
//! One way in, one journal, many views. See ARCHITECTURE.md for the picture.

#![recursion_limit = "256"]

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod extract;
pub mod files;
pub mod graphql;
pub mod http;
pub mod live;
pub mod mail;
pub mod outbound;
pub mod service;
pub mod store;
mod web;
