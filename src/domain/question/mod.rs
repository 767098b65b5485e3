//! What a municipality wants to know of others: asked, sent to those who may know, answered, kept.

mod answer;
mod record;
mod steps;

pub use answer::{Answer, AnswerChange};
pub use record::{Addressee, Question, QuestionChange, QuestionStatus};

#[cfg(test)]
mod tests;
