//! Pages of those who keep a strategy process, and of those who ask and answer.

mod parts;
mod processes;
mod questions;
