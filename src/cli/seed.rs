//! The example content, as it lies in `seed/`, inside the program.

use include_dir::{Dir, include_dir};

use crate::service::{ImportError, Seed};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/seed");

/// All files of the example content.
///
/// # Errors
/// A file that is no sound TOML; found by the tests of this program.
pub fn content() -> Result<Seed, ImportError> {
    let mut seed = Seed::default();
    read(&FILES, &mut seed)?;
    Ok(seed)
}

fn read(directory: &Dir<'_>, seed: &mut Seed) -> Result<(), ImportError> {
    let mut files: Vec<_> = directory
        .files()
        .filter(|file| file.path().extension().is_some_and(|kind| kind == "toml"))
        .collect();
    files.sort_by_key(|file| file.path());
    for file in files {
        seed.read(&file.path().display().to_string(), file.contents_utf8().unwrap_or_default())?;
    }
    directory.dirs().try_for_each(|directory| read(directory, seed))
}
