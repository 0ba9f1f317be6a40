//! Rows: a value that is nearly right is not only shown, the text says what is wrong with it.

use super::{ACAC, ACAH, ACAM, ACAO, BARE, PAGE, PUT, RIGHT, Server, asked, run};
use crate::{report::Report, text::text};

#[test]
fn values_that_are_nearly_right() {
    let page = |lines| Server { page: (200, lines), ..BARE };
    let preflight = |lines| Server { preflight: (200, lines), ..RIGHT };
    let rows: [(&str, Server, &str); 9] = [
        ("", page(&[(ACAO, "")]), "it is empty"),
        ("", page(&[(ACAO, "\"https://app.example.com\"")]), "quotes are part of the value"),
        ("", page(&[(ACAO, "https://app.example.com/")]), "ends with a slash"),
        ("", page(&[(ACAO, "https://app.example.com:443")]), "without the default port"),
        ("", page(&[(ACAO, "https://app.example.com/app")]), "without a path"),
        ("", page(&[(ACAO, "HTTPS://app.example.com")]), "upper-case letters"),
        ("", page(&[(ACAO, "app.example.com")]), "scheme is missing"),
        ("--credentials", page(&[(ACAO, PAGE), (ACAC, "True")]), "must be in lower case"),
        (PUT, preflight(&[(ACAO, PAGE), (ACAM, "put"), (ACAH, "x-token")]), "case-sensitive"),
    ];
    for (line, server, expected) in rows {
        let (examination, _) = run(asked(line, server)).unwrap();
        let text = text(&Report::of(&examination)).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}
