use super::support::*;
use crate::{Cursor, CursorError, Error, Number, Order, OrderBy, Page, Query};

#[test]
fn text_round_trips_in_every_order() {
    let (index, _writer, _) = random_world(3, 80);
    for order in orders() {
        for hit in index.search(&Query { order, ..text("Bus") }).unwrap().hits {
            let written = hit.cursor.to_string();
            assert!(
                written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            );
            assert_eq!(written.parse::<Cursor>().unwrap(), hit.cursor);
        }
    }
}

#[test]
fn broken_text_is_refused() {
    let (index, _writer) = index_of(vec![titled("a", "Ärzte")]);
    let good = index.search(&Query::default()).unwrap().hits[0].cursor.to_string();
    let cut = good.get(..good.len() / 2).unwrap();
    for broken in ["", "x", "!!!", "####", cut, "AAAA", &"A".repeat(10_000), "ü"] {
        assert_eq!(broken.parse::<Cursor>(), Err(CursorError::Malformed), "{broken}");
    }
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    let (index, _writer) = index_of(vec![titled("a", "Ärzte"), titled("b", "Bus")]);
    for made in orders() {
        let cursor = index.search(&Query { order: made, ..Query::default() }).unwrap().hits[0]
            .cursor
            .clone();
        for order in orders()
            .into_iter()
            .chain([Order { by: OrderBy::Number(Number::Quality), descending: true }])
        {
            let page = Page { after: Some(cursor.clone()), ..Page::default() };
            let result = index.search(&Query { order, page, ..Query::default() });
            if order == made {
                assert!(result.is_ok());
            } else {
                assert!(
                    matches!(result, Err(Error::Cursor(CursorError::OtherOrder))),
                    "{made:?} {order:?}"
                );
            }
        }
    }
}
