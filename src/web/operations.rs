//! The documents that pages ask the API, as everybody can use them: `schema/operations`.

/// An operation of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    /// Its name within the document.
    pub(crate) name: &'static str,
    /// The document, with the fragments that it uses.
    pub(crate) document: &'static str,
}

macro_rules! document {
    ($($file:literal),*) => {
        concat!($(include_str!(concat!("../../schema/operations/", $file, ".graphql"))),*)
    };
}

const START: &str = document!("start_page", "solution_card");
const SEARCH: &str = document!("search_solutions", "solution_card");
const SOLUTION: &str = document!("solution", "solution_card", "cards");
const MUNICIPALITY: &str = document!("municipality", "solution_card", "cards");
const LISTS: &str = document!("lists", "cards");
const QUESTIONS: &str = document!("questions");
const WATCHING: &str = document!("watches");
const VERSIONING: &str = document!("versions");
const DESK: &str = document!("work");
const WRITING: &str = document!("work_solution", "cards");
const PUBLISHING: &str = document!("publish_solution", "solution_card");
const RECORDS: &str = document!("work_records");
const REVIEWING: &str = document!("review_solution");
const KEEPING: &str = document!("work_processes");
const PROCESSES: &str = document!("processes");
const ASKING: &str = document!("question", "cards");

const fn operation(name: &'static str, document: &'static str) -> Operation {
    Operation { name, document }
}

pub(crate) const START_PAGE: Operation = operation("StartPage", START);
pub(crate) const SEARCH_SOLUTIONS: Operation = operation("SearchSolutions", SEARCH);
pub(crate) const LIKENESS_REASONS: Operation = operation("LikenessReasons", SEARCH);
pub(crate) const SOLUTION_PAGE: Operation = operation("SolutionPage", SOLUTION);
pub(crate) const MUNICIPALITY_PAGE: Operation = operation("MunicipalityPage", MUNICIPALITY);
pub(crate) const COMPARE_MUNICIPALITIES: Operation =
    operation("CompareMunicipalities", MUNICIPALITY);
pub(crate) const MUNICIPALITIES: Operation = operation("Municipalities", MUNICIPALITY);
pub(crate) const CONTACTS: Operation = operation("Contacts", LISTS);
pub(crate) const DOCUMENTS: Operation = operation("Documents", LISTS);
pub(crate) const QUESTION_LIST: Operation = operation("Questions", QUESTIONS);
pub(crate) const WATCHES: Operation = operation("Watches", WATCHING);
pub(crate) const PREVIEW_WATCH: Operation = operation("PreviewWatch", WATCHING);
pub(crate) const SAVE_WATCH: Operation = operation("SaveWatch", WATCHING);
pub(crate) const PAUSE_WATCH: Operation = operation("PauseWatch", WATCHING);
pub(crate) const RESUME_WATCH: Operation = operation("ResumeWatch", WATCHING);
pub(crate) const DELETE_WATCH: Operation = operation("DeleteWatch", WATCHING);
pub(crate) const NAMES: Operation = operation("Names", WATCHING);
pub(crate) const SOLUTION_VERSIONS: Operation = operation("SolutionVersions", VERSIONING);
pub(crate) const VERSION_DIFFERENCES: Operation = operation("VersionDifferences", VERSIONING);

pub(crate) const WORK: Operation = operation("Work", DESK);
pub(crate) const WORK_SOLUTION: Operation = operation("WorkSolution", WRITING);
pub(crate) const WORK_CHOICES: Operation = operation("WorkChoices", WRITING);
pub(crate) const CREATE_SOLUTION: Operation = operation("CreateSolution", PUBLISHING);
pub(crate) const UPDATE_SOLUTION: Operation = operation("UpdateSolution", PUBLISHING);
pub(crate) const PUBLISH_SOLUTION: Operation = operation("PublishSolution", PUBLISHING);
pub(crate) const SUBMIT_SOLUTION: Operation = operation("SubmitSolution", REVIEWING);
pub(crate) const WITHDRAW_SOLUTION: Operation = operation("WithdrawSolution", REVIEWING);
pub(crate) const START_SOLUTION_REVIEW: Operation = operation("StartSolutionReview", REVIEWING);
pub(crate) const APPROVE_SOLUTION: Operation = operation("ApproveSolution", REVIEWING);
pub(crate) const REQUEST_SOLUTION_CHANGES: Operation =
    operation("RequestSolutionChanges", REVIEWING);
pub(crate) const REJECT_SOLUTION: Operation = operation("RejectSolution", REVIEWING);
pub(crate) const CONFIRM_SOLUTION: Operation = operation("ConfirmSolution", REVIEWING);
pub(crate) const ARCHIVE_SOLUTION: Operation = operation("ArchiveSolution", REVIEWING);
pub(crate) const WORK_DOCUMENT: Operation = operation("WorkDocument", RECORDS);
pub(crate) const CREATE_CONTACT: Operation = operation("CreateContact", RECORDS);
pub(crate) const PUBLISH_CONTACT: Operation = operation("PublishContact", RECORDS);
pub(crate) const CREATE_DOCUMENT: Operation = operation("CreateDocument", RECORDS);
pub(crate) const PUBLISH_DOCUMENT: Operation = operation("PublishDocument", RECORDS);
pub(crate) const ASK_QUESTION: Operation = operation("AskQuestion", QUESTIONS);
pub(crate) const WORK_CONTACT: Operation = operation("WorkContact", RECORDS);
pub(crate) const UPDATE_CONTACT: Operation = operation("UpdateContact", RECORDS);
pub(crate) const CONFIRM_CONTACT: Operation = operation("ConfirmContact", RECORDS);

pub(crate) const WORK_PROCESSES: Operation = operation("WorkProcesses", KEEPING);
pub(crate) const WORK_PROCESS: Operation = operation("WorkProcess", KEEPING);
pub(crate) const CREATE_STRATEGY_PROCESS: Operation = operation("CreateStrategyProcess", KEEPING);
pub(crate) const UPDATE_STRATEGY_PROCESS: Operation = operation("UpdateStrategyProcess", KEEPING);
pub(crate) const PUBLISH_STRATEGY_PROCESS: Operation = operation("PublishStrategyProcess", KEEPING);
pub(crate) const ARCHIVE_STRATEGY_PROCESS: Operation = operation("ArchiveStrategyProcess", KEEPING);
pub(crate) const SET_PROCESS_STEP: Operation = operation("SetProcessStep", PROCESSES);
pub(crate) const REMOVE_PROCESS_STEP: Operation = operation("RemoveProcessStep", KEEPING);
pub(crate) const ADD_MEASURE: Operation = operation("AddMeasure", KEEPING);
pub(crate) const UPDATE_MEASURE: Operation = operation("UpdateMeasure", KEEPING);
pub(crate) const REMOVE_MEASURE: Operation = operation("RemoveMeasure", KEEPING);
pub(crate) const DRAFT_SOLUTION_FROM_MEASURE: Operation =
    operation("DraftSolutionFromMeasure", PROCESSES);
pub(crate) const QUESTION_PAGE: Operation = operation("QuestionPage", ASKING);
pub(crate) const CITABLE_SOLUTIONS: Operation = operation("CitableSolutions", ASKING);
pub(crate) const ANSWER_QUESTION: Operation = operation("AnswerQuestion", QUESTIONS);
pub(crate) const WITHDRAW_ANSWER: Operation = operation("WithdrawAnswer", ASKING);
pub(crate) const ACCEPT_ANSWER: Operation = operation("AcceptAnswer", ASKING);
pub(crate) const JOIN_QUESTION: Operation = operation("JoinQuestion", ASKING);
pub(crate) const LEAVE_QUESTION: Operation = operation("LeaveQuestion", ASKING);
pub(crate) const CLOSE_QUESTION: Operation = operation("CloseQuestion", ASKING);
pub(crate) const WITHDRAW_QUESTION: Operation = operation("WithdrawQuestion", ASKING);
