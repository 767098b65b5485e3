//! Holds all rows against the rules, then writes them.

use std::collections::{BTreeSet, HashSet};

use super::kept::keep_untold;
use super::known::key;
use super::read::{Named, municipality, read};
use super::{BadRow, Row, Sheet, SheetError, SheetOrder, SheetOutcome};
use crate::domain::{
    Language, NodeId, Patch, Problem, Solution, SolutionChange, SolutionId, Viewer,
};
use crate::live::Progress;
use crate::service::import::draft::Drafted;
use crate::service::import::{Imported, Outcome};
use crate::service::{Error, Services};
use crate::store::Record;

/// A row with what the hub knows of it already.
struct Planned {
    line: usize,
    raw: String,
    id: SolutionId,
    found: Option<Solution>,
    change: SolutionChange,
    /// What it refers to in the same file, which may be new itself.
    related: Patch<Vec<SolutionId>>,
}

impl Services {
    /// Takes solutions of a file in. They begin as drafts, and go out if that is ordered.
    ///
    /// # Errors
    /// Rows are wrong: then nothing was written, unless they are to be left out; or a use case failed.
    pub async fn import_sheet(
        &self,
        sheet: Sheet,
        order: &SheetOrder,
        progress: &mut dyn Progress,
    ) -> Result<SheetOutcome, SheetError> {
        let edited = self.store.edited().await?;
        let Sheet { rows, mut bad, head } = sheet;
        let is_table = head.is_some();
        let planned = Box::pin(self.planned(rows, is_table, order, &mut bad)).await?;
        bad.sort_by_key(|(bad, _)| bad.line);
        let left_out = left_out(&bad, head.as_deref());
        let bad: Vec<BadRow> = bad.into_iter().map(|(bad, _)| bad).collect();
        if !bad.is_empty() && !order.partial {
            return Err(SheetError::Bad(bad));
        }
        progress.expect(planned.len());
        let mut imported = Imported::default();
        for row in &planned {
            let outcome = if order.dry_run {
                self.would_become(row, order.publish, &edited)
            } else {
                Box::pin(self.take_in(row, order.publish, &edited)).await
            };
            let outcome = outcome.map_err(|error| SheetError::Row { line: row.line, error })?;
            imported.add(outcome);
            progress.advance(Solution::TABLE, 1);
        }
        if !order.dry_run {
            for row in planned.iter().filter(|row| matches!(row.related, Patch::Set(_))) {
                let related = Box::pin(self.relate_rows(row, &edited)).await;
                related.map_err(|error| SheetError::Row { line: row.line, error })?;
            }
        }
        Ok(SheetOutcome { imported, bad, left_out })
    }

    /// Reads all rows and holds them against the rules; what is wrong goes to `bad`.
    async fn planned(
        &self,
        rows: Vec<Row>,
        is_table: bool,
        order: &SheetOrder,
        bad: &mut Vec<(BadRow, String)>,
    ) -> Result<Vec<Planned>, SheetError> {
        let tables = self.directory.tables();
        let usual = order.municipality.as_deref().map(|given| municipality(&tables, given));
        let usual = usual.transpose().map_err(SheetError::Municipality)?;
        let mut known = self.known(&rows, &tables, usual.as_ref(), bad).await?;
        let of_file: HashSet<SolutionId> = known.iter().flatten().map(|it| it.id.clone()).collect();
        let mut planned = Vec::with_capacity(rows.len());
        for (position, mut row) in rows.into_iter().enumerate() {
            let mine = known.get(position).and_then(Option::as_ref);
            if mine.is_none() && key(&row).is_some() {
                continue;
            }
            let places = mine.map(|it| it.places.clone()).unwrap_or_default();
            let named = Named::find(self, &row, &places, &known).await?;
            let mine = known.get_mut(position).and_then(|it| it.as_mut());
            let found = mine.as_ref().and_then(|it| it.found.as_ref());
            if let Some(found) = found.filter(|_| is_table) {
                keep_untold(&mut row.fields, found, &self.open_row(found).await?);
            }
            let mut change = match read(&row, &tables, &named, usual.as_ref()) {
                Ok(change) => change,
                Err(problems) => {
                    bad.extend(problems.into_iter().map(|it| (it, row.raw.clone())));
                    continue;
                }
            };
            if found.is_some_and(|found| found.external_key.as_deref() != key(&row)) {
                change.external_key = Patch::Keep;
            }
            let related = std::mem::take(&mut change.related);
            let Some(mine) = mine else { continue };
            let (id, found) = (mine.id.clone(), mine.found.take());
            let Row { line, raw, .. } = row;
            let row = Planned { line, raw, id, found, change, related };
            match Box::pin(self.judge(&row, &of_file, order.publish)).await {
                Ok(()) => planned.push(row),
                Err(Error::Problems(problems)) => {
                    bad.extend(
                        problems.iter().map(|it| (told_problem(row.line, it), row.raw.clone())),
                    );
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(planned)
    }

    /// Whether the rules would take a row.
    async fn judge(
        &self,
        row: &Planned,
        of_file: &HashSet<SolutionId>,
        publish: bool,
    ) -> Result<(), Error> {
        let before = self.draft_of(row);
        let after = before.clone().changed(row.change.clone(), before.updated_at)?;
        // What stands in the same file may still be to come.
        let mut related = row.related.clone();
        if let Patch::Set(related) = &mut related {
            related.retain(|id| !of_file.contains(id));
        }
        let change = SolutionChange { related, ..SolutionChange::default() };
        let after = after.changed(change, before.updated_at)?;
        self.resolve(&Viewer::Operator, row.found.as_ref(), &after).await?;
        let goes_out = publish && after.is_draft();
        if goes_out {
            after.check_publishable()?;
        }
        let is_known = row.found.as_ref().is_some_and(|it| it.contacts == after.contacts);
        if goes_out || (after.lifecycle.is_public() && !is_known) {
            self.check_reachable(&after).await?;
        }
        Ok(())
    }

    /// What a row begins with.
    fn draft_of(&self, row: &Planned) -> Solution {
        row.found.clone().unwrap_or_else(|| {
            let title = match &row.change.title {
                Patch::Set(title) => title.as_str(),
                Patch::Keep | Patch::Clear => "",
            };
            Solution::draft(row.id.clone(), title, self.clock.now())
        })
    }

    fn would_become(
        &self,
        row: &Planned,
        publish: bool,
        edited: &HashSet<NodeId>,
    ) -> Result<Outcome, Error> {
        let Some(found) = &row.found else { return Ok(Outcome::Created) };
        let after = found.clone().changed(row.change.clone(), found.updated_at)?;
        let after = match &row.related {
            Patch::Set(related) => Solution { related: related.clone(), ..after },
            Patch::Clear => Solution { related: Vec::new(), ..after },
            Patch::Keep => after,
        };
        let changes = after != *found;
        let is_theirs = edited.contains(&found.id.clone().into());
        Ok(match (changes, is_theirs) {
            (true, true) => Outcome::Left,
            (true, false) => Outcome::Changed,
            (false, false) if publish && found.is_draft() => Outcome::Changed,
            (false, _) => Outcome::Unchanged,
        })
    }

    async fn take_in(
        &self,
        row: &Planned,
        publish: bool,
        edited: &HashSet<NodeId>,
    ) -> Result<Outcome, Error> {
        let outcome = self.would_become(row, publish, edited)?;
        let viewer = &Viewer::Operator;
        match &row.found {
            None => {
                let draft = self.draft_of(row);
                self.create(viewer, draft, row.change.clone()).await?;
            }
            Some(found) if outcome == Outcome::Changed => {
                let after = found.clone().changed(row.change.clone(), found.updated_at)?;
                if after != *found {
                    self.update_solution(viewer, &row.id, None, row.change.clone()).await?;
                }
            }
            Some(_) => return Ok(outcome),
        }
        if publish && row.found.as_ref().is_none_or(Drafted::is_draft) {
            Solution::go_out(self, viewer, &row.id).await?;
        }
        Ok(outcome)
    }

    /// Links a solution with others, once all of them are there.
    async fn relate_rows(&self, row: &Planned, edited: &HashSet<NodeId>) -> Result<(), Error> {
        let Patch::Set(related) = &row.related else { return Ok(()) };
        let known = self.store.get::<Solution>(&row.id).await?;
        if edited.contains(&row.id.clone().into()) || known.is_none_or(|it| it.related == *related)
        {
            return Ok(());
        }
        let change = SolutionChange { related: row.related.clone(), ..SolutionChange::default() };
        self.update_solution(&Viewer::Operator, &row.id, None, change).await?;
        Ok(())
    }
}

fn told_problem(line: usize, problem: &Problem) -> BadRow {
    let reason = problem.message(Language::English);
    BadRow { line, path: Some(problem.path.join(".")), reason }
}

/// The bad rows as a file of the same sort.
fn left_out(bad: &[(BadRow, String)], head: Option<&str>) -> String {
    if bad.is_empty() {
        return String::new();
    }
    let mut told = BTreeSet::new();
    let rows = bad.iter().filter(|(bad, _)| told.insert(bad.line)).map(|(_, raw)| raw.as_str());
    let lines: Vec<&str> = head.into_iter().chain(rows).collect();
    lines.join("\n") + "\n"
}
