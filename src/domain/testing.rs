//! Small tools of the domain's tests.

use super::kinds::Label;
use super::problem::Problem;

/// What was found, as `CODE path.in.dots`.
pub(super) fn told<T>(result: Result<T, Vec<Problem>>) -> Vec<String> {
    let problems = result.err().unwrap_or_default();
    let told = |problem: Problem| format!("{} {}", problem.code().name(), problem.path.join("."));
    problems.into_iter().map(told).collect()
}

/// Makes a list longer than allowed out of its own entries.
pub(super) fn repeat<T: Clone>(list: &mut Vec<T>, times: usize) {
    *list = std::iter::repeat_n(list.clone(), times).flatten().collect();
}
