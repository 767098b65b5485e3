//! The domain of Allmende alone: to measure it needs no database, which takes half an hour to build.

#[path = "../../../src/domain/mod.rs"]
pub mod domain;

use domain::likeness::{Distance, Feature, Figures, Level, Reference, Scaled, Table, Weights};

/// All German towns and municipalities of the reference that comes with the program.
pub struct Germany {
    /// Their official keys.
    pub keys: Vec<String>,
    /// Their figures.
    pub figures: Vec<Figures>,
    /// The same on their scales.
    pub scaled: Vec<Scaled>,
    /// The same in columns.
    pub table: Table,
}

impl Germany {
    /// Reads them.
    #[must_use]
    pub fn read() -> Self {
        let reference = Reference::shipped().level(Level::Municipality);
        let mut germany = Self {
            keys: Vec::new(),
            figures: Vec::new(),
            scaled: Vec::new(),
            table: Table::default(),
        };
        for (key, figures) in reference.places() {
            let scaled = Scaled::new(figures, reference.scales());
            germany.table.push(&scaled);
            germany.scaled.push(scaled);
            germany.keys.push(key.clone());
            germany.figures.push(*figures);
        }
        germany
    }

    /// The nearest rows of a row, itself left out and whatever is not wanted.
    #[must_use]
    pub fn nearest(
        &self,
        row: usize,
        weights: &Weights,
        count: usize,
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let Some(focus) = self.scaled.get(row) else { return Vec::new() };
        let wanted = |other: usize, _: Distance| other != row && wanted(other);
        let page = &domain::likeness::Window::first(count);
        let found =
            domain::likeness::nearest(&self.table, &self.keys, focus, weights, wanted, page);
        found.found.iter().map(|it| it.row).collect()
    }

    /// A figure of a row.
    #[must_use]
    pub fn figure(&self, row: usize, feature: Feature) -> Option<f32> {
        self.figures.get(row)?.get(feature)
    }
}
