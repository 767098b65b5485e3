//! Hashing passwords, which is made to be slow: no more at once than there are cores, however many
//! people sign in.

use std::num::NonZero;
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Error;

/// A hash of nothing that anybody knows: with it, an unknown address takes as long as a wrong
/// password, and nobody learns who has an account.
static DECOY: LazyLock<Option<String>> = LazyLock::new(|| hash("decoy", &[7; 16]).ok());

/// Who hashes passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self::at_once(available_parallelism().map_or(1, NonZero::get))
    }
}

impl Passwords {
    fn at_once(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    /// The hash of a password, in PHC form.
    pub(super) async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Error> {
        self.off_thread(move || hash(&password, &salt))
            .await?
            .map_err(|error| Error::Hash(error.to_string()))
    }

    /// Whether a password is the one that was hashed. Without a hash nothing is, after as long a time.
    pub(super) async fn fits(
        &self,
        password: String,
        known: Option<String>,
    ) -> Result<bool, Error> {
        self.off_thread(move || {
            let hash = known.as_ref().or(DECOY.as_ref());
            let parsed = hash.and_then(|hash| PasswordHash::new(hash).ok());
            let fits = parsed.is_some_and(|hash| {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            });
            fits && known.is_some()
        })
        .await
    }

    /// Works on a thread of its own. The place is given back when the work ends, which it does also
    /// if nobody waits for it any more.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let failed = |error: &dyn std::error::Error| Error::Hash(error.to_string());
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(|error| failed(&error))?;
        let working = spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        working.await.map_err(|error| failed(&error))
    }
}

/// Argon2id with the parameters that its crate recommends (19 MiB, two passes: OWASP's first choice).
fn hash(password: &str, salt: &[u8]) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::encode_b64(salt)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_are_hashed_at_once_than_there_are_places() {
        let (passwords, working) = (Passwords::at_once(1), Arc::new(AtomicUsize::new(0)));
        let mut all = JoinSet::new();
        for _ in 0..3 {
            let (passwords, working) = (passwords.clone(), Arc::clone(&working));
            all.spawn(async move {
                let work = move || {
                    let at_once = working.fetch_add(1, Ordering::SeqCst) + 1;
                    assert!(hash("ein langes Kennwort", &[7; 16]).is_ok());
                    working.fetch_sub(1, Ordering::SeqCst);
                    at_once
                };
                passwords.off_thread(work).await.expect("it is done")
            });
        }
        assert_eq!(all.join_all().await, [1; 3]);
    }

    #[tokio::test]
    async fn only_the_password_that_was_hashed_fits_and_nothing_fits_nothing() {
        let passwords = Passwords::default();
        let known =
            passwords.hash("ein langes Kennwort".to_owned(), [1; 16]).await.expect("a hash");
        let fits = async |password: &str, known: Option<&String>| {
            passwords.fits(password.to_owned(), known.cloned()).await.expect("an answer")
        };
        assert!(fits("ein langes Kennwort", Some(&known)).await);
        assert!(!fits("ein anderes Kennwort", Some(&known)).await);
        assert!(!fits("decoy", None).await);
        assert!(!fits("decoy", Some(&"kein Hash".to_owned())).await);
    }
}
