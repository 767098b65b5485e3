//! Text of HTML pages. Tags are read one after the other and no tree is built, so that neither
//! depth nor order of a page can do harm.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::pages::Pages;
use super::{MOST_TEXT, plain};
use crate::domain::TextFailure;

/// Elements whose content is no text.
const UNREAD: [&str; 7] = ["script", "style", "xmp", "iframe", "noembed", "noframes", "textarea"];
/// Elements that stand within a line.
const INLINE: [&str; 29] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u",
    "var", "wbr",
];

/// Reads all of it as one piece.
#[expect(clippy::unnecessary_wraps, reason = "one of several readers")]
pub(super) fn read(bytes: &[u8], pages: &mut Pages) -> Result<(), TextFailure> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(plain::decoded(bytes, plain::declared(bytes))));
    let tokenizer = Tokenizer::new(Words::default(), TokenizerOpts::default());
    // It pauses only for scripts that are to be run, which this sink never asks for.
    let _done = tokenizer.feed(&input);
    tokenizer.end();
    pages.push(&tokenizer.sink.text.take());
    Ok(())
}

/// Gathers what people read.
#[derive(Default)]
struct Words {
    text: RefCell<String>,
    /// Whether what comes is the content of an element that is not read.
    unread: Cell<bool>,
}

impl Words {
    fn add(&self, words: &str) {
        let mut text = self.text.borrow_mut();
        // More than this is cut anyway; what is cleaned away must not count.
        if !self.unread.get() && text.len() < MOST_TEXT * 4 {
            text.push_str(words);
        }
    }

    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        if self.unread.replace(false) && tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        let is = |names: &[&str]| names.iter().any(|name| &*tag.name == *name);
        if !is(&INLINE) {
            self.add("\n");
        }
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        self.unread.set(is(&UNREAD));
        match tag.name.as_ref() {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ if self.unread.get() => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }
}

impl TokenSink for Words {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(words) => {
                self.add(&words);
                TokenSinkResult::Continue
            }
            Token::TagToken(tag) => self.tag(&tag),
            _ => TokenSinkResult::Continue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reading;
    use super::*;

    fn text(html: &str) -> String {
        let mut pages = Pages::default();
        read(html.as_bytes(), &mut pages).expect("text");
        match pages.into_reading() {
            Reading::Text { mut pieces, .. } => pieces.pop().expect("one piece"),
            Reading::Failed(failure) => panic!("{failure:?}"),
        }
    }

    #[test]
    fn words_are_read_and_scripts_are_not() {
        let check = |html, expected| assert_eq!(text(html), expected, "{html}");
        check(
            "<title>Dorf&amp;Laden</title><p>Ein <b>Bür</b>gerbus</p>",
            "Dorf&Laden\n\nEin Bürgerbus",
        );
        check("<script>var a = '<p>nein</p>';</script><td>1</td><td>2</td>", "1\n\n2");
        check("<style>p { color: red }</style>Text<!-- nein -->", "Text");
        check("<script>nie zu Ende", "");
    }

    #[test]
    fn depth_does_no_harm() {
        let deep = format!("{}Grund{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(text(&deep), "Grund");
    }
}
