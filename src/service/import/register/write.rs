//! Writes what a register changes, many records at a time.

use super::super::Imported;
use super::plan::{Known, Plan, plan};
use super::{Register, RegisterError, Rejected};
use crate::domain::{Actor, Clock, Event, EventKind, Ids, Municipality, NodeId, Profile, Subject};
use crate::live::Progress;
use crate::store::{Change, Record, Store};

/// So many records are written in one transaction.
const AT_ONCE: usize = 250;

/// What became of a register, and what of it was not taken in.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many records were touched.
    pub imported: Imported,
    /// Rows that were left out.
    pub rejected: Vec<Rejected>,
    /// Areas without inhabitants that belong to no municipality.
    pub uninhabited: usize,
    /// Columns that nothing was taken from.
    pub ignored: Vec<String>,
}

/// Takes a register in. With `partial`, rows that are wrong are left out; otherwise one of them is
/// enough, and nothing is written.
///
/// # Errors
/// Rows are wrong, or what the database says; what was written by then stays, and the same
/// import again goes on.
pub async fn import(
    store: &Store,
    clock: &Clock,
    ids: &Ids,
    register: Register,
    partial: bool,
    progress: &mut dyn Progress,
) -> Result<Outcome, RegisterError> {
    let known = Known::new(
        store.all::<Municipality>().await?,
        store.all::<Profile>().await?,
        store.edited().await?,
    );
    let Register { entries, mut rejected, uninhabited, ignored, .. } = register;
    let mut plan = plan(entries, known, || ids.fresh(), clock.now());
    rejected.append(&mut plan.rejected);
    rejected.sort_by_key(|rejected| rejected.line);
    if !rejected.is_empty() && !partial {
        return Err(RegisterError::Rejected(rejected));
    }
    let imported = Imported {
        created: plan.new.len() + plan.new_profiles.len(),
        changed: plan.changed.len() + plan.changed_profiles.len(),
        unchanged: plan.unchanged,
        left: plan.left,
    };
    progress.expect(imported.created + imported.changed);
    write(store, clock, plan, progress).await?;
    Ok(Outcome { imported, rejected, uninhabited, ignored })
}

/// Puts another reference in place of the one before; it holds from the next start on.
///
/// # Errors
/// What the database says.
pub async fn import_reference(store: &Store, text: &str) -> Result<(), RegisterError> {
    Ok(store.set_reference(text).await?)
}

async fn write(
    store: &Store,
    clock: &Clock,
    plan: Plan,
    progress: &mut dyn Progress,
) -> Result<(), RegisterError> {
    let at = clock.now();
    let event = |kind, subject: NodeId, of: &crate::domain::MunicipalityId, title| Event {
        seq: 0,
        kind,
        subject: Subject(subject),
        municipalities: vec![of.clone()],
        public: true,
        actor: Actor::Operator,
        at,
        title,
        erases: false,
    };
    let of_place =
        |kind, it: &Municipality| event(kind, it.id.clone().into(), &it.id, Some(it.name.clone()));
    let of_profile = |kind, it: &Profile| event(kind, it.id.clone().into(), &it.municipality, None);
    let made = |it: &_| of_place(EventKind::MunicipalityCreated, it);
    create_all(store, plan.new, made, progress).await?;
    let renamed = |it: &_| of_place(EventKind::MunicipalityUpdated, it);
    replace_all(store, plan.changed, renamed, progress).await?;
    let published = |it: &_| of_profile(EventKind::ProfilePublished, it);
    create_all(store, plan.new_profiles, published, progress).await?;
    let updated = |it: &_| of_profile(EventKind::ProfileUpdated, it);
    replace_all(store, plan.changed_profiles, updated, progress).await
}

async fn create_all<R: Record>(
    store: &Store,
    records: Vec<R>,
    event: impl Fn(&R) -> Event,
    progress: &mut dyn Progress,
) -> Result<(), RegisterError> {
    for chunk in chunks(records) {
        let mut change = Change::default();
        chunk.iter().try_for_each(|record| change.insert(record))?;
        let events: Vec<Event> = chunk.iter().map(&event).collect();
        store.commit_all(change, &events).await?;
        progress.advance(R::TABLE, chunk.len());
    }
    Ok(())
}

async fn replace_all<R: Record>(
    store: &Store,
    records: Vec<R>,
    event: impl Fn(&R) -> Event,
    progress: &mut dyn Progress,
) -> Result<(), RegisterError> {
    for chunk in chunks(records) {
        let change = chunk.iter().try_fold(Change::default(), Change::replace)?;
        let events: Vec<Event> = chunk.iter().map(&event).collect();
        store.commit_all(change, &events).await?;
        progress.advance(R::TABLE, chunk.len());
    }
    Ok(())
}

/// The records in parts that are written in one transaction each; what is written is let go of.
fn chunks<R>(records: Vec<R>) -> impl Iterator<Item = Vec<R>> {
    let mut records = records.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<R> = records.by_ref().take(AT_ONCE).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}
