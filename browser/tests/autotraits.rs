//! What multi-threaded tests need: values that are `Send`, and futures that are.

use tower_browser::{Blocked, Body, Exchange, Fetch, Page, Seen};

fn is_send_and_sync<T: Send + Sync + Unpin>() {}
fn is_send<T: Send>(_: T) {}

#[test]
fn values_and_futures_are_send() {
    is_send_and_sync::<Page>();
    is_send_and_sync::<Fetch>();
    is_send_and_sync::<Seen>();
    is_send_and_sync::<Blocked>();
    is_send_and_sync::<Exchange>();
    is_send_and_sync::<Body>();
    let (mut page, mut app) = (Page::new("https://app.example.com"), axum::Router::new());
    is_send(page.fetch(&mut app, Fetch::get("/")));
    // What `?` of a test function needs.
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<Blocked>();
    assert!(size_of::<Blocked>() == size_of::<usize>());
}

#[cfg(feature = "connection")]
#[test]
fn sockets_are_send() {
    let (mut page, mut app) = (Page::new("https://app.example.com"), axum::Router::new());
    is_send(page.web_socket(&mut app, "wss://x/"));
}
