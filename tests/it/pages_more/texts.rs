//! Texts of whoever runs the hub.

use std::fs;
use std::path::Path;

use allmende::http::{Front, FrontError, FrontPlaces, Limits, TrustedProxies, router_with};
use tokio_util::sync::CancellationToken;

use super::read;
use crate::support::TestApp;

const NOTICE: &str = "An alle, die diesen Hub betreiben:";

fn front(directory: &Path) -> Result<Front, FrontError> {
    Front::read(&FrontPlaces { texts: Some(directory.to_owned()), ..FrontPlaces::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn own_texts_take_the_place_of_usual_ones() {
    let app = TestApp::start().await;
    for path in ["/imprint", "/privacy", "/accessibility"] {
        assert!(read(&app, path).await.text.contains(NOTICE), "{path}");
    }
    assert!(!read(&app, "/plain-language").await.text.contains(NOTICE));

    let directory = tempfile::tempdir().expect("a directory");
    let text = "Landkreis <b>Musterkreis</b>\n\n# Anschrift\n\nMusterweg 1";
    fs::write(directory.path().join("imprint.de.txt"), text).expect("a file");
    fs::write(directory.path().join("README.md"), "For us.").expect("a file");
    let front = front(directory.path()).expect("sound texts");
    let (limits, proxies) = (Limits::default(), TrustedProxies::default());
    let api = app.app.api().clone();
    let router = router_with(api, limits, proxies, front, CancellationToken::new());
    let app = TestApp { router, ..app };
    let imprint = read(&app, "/imprint").await;
    assert!(!imprint.text.contains(NOTICE), "{}", imprint.text);
    assert!(imprint.text.contains("<h2>Anschrift</h2>"), "{}", imprint.text);
    assert!(!imprint.text.contains("<b>"), "a text holds no markup: {}", imprint.text);
    // Who reads English gets it in German, and is told so.
    let english = read(&app, "/imprint?lang=en").await;
    assert!(english.text.contains("<html lang=\"en\">") && english.text.contains(" lang=\"de\">"));
    assert!(english.text.contains("Musterweg 1"), "{}", english.text);
    assert!(read(&app, "/privacy").await.text.contains(NOTICE));
}

#[test]
fn what_is_wrong_with_a_text_is_said_at_the_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let told = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).expect("a file");
        let told = front(directory.path()).expect_err("a wrong text").to_string();
        fs::remove_file(path).expect("it is there");
        assert!(told.starts_with("texts: ") && told.contains(name), "{told}");
        told
    };
    assert!(told("imprint.txt", "x").contains("imprint, privacy, accessibility"));
    assert!(told("privacy.de.txt", " \n").contains("is empty"));
    assert!(told("privacy.en.txt", &"x".repeat(200_001)).contains("longer than"));
    assert!(front(directory.path()).is_ok(), "without any text the usual ones stay");
    let nowhere = front(&directory.path().join("nowhere")).expect_err("no directory").to_string();
    assert!(nowhere.contains("cannot be read"), "{nowhere}");
}
