//! A difference made small.

use crate::{
    python::{Answer, Python},
    reading::Reading,
};

/// An expression, and an origin; without one where Python refuses the expression.
#[derive(Clone)]
pub struct Difference {
    pub regex: String,
    pub origin: Option<String>,
}

/// Takes characters out of both as long as they differ.
pub fn shrink(python: &mut Python, mut found: Difference) -> Difference {
    loop {
        let shorter = without_a_part(&found.regex)
            .map(|regex| Difference { regex, ..found.clone() })
            .chain(
                found
                    .origin
                    .iter()
                    .flat_map(|origin| without_a_part(origin))
                    .map(|origin| Difference { origin: Some(origin), ..found.clone() }),
            )
            .find(|shorter| differs(python, shorter));
        match shorter {
            Some(shorter) => found = shorter,
            None => return found,
        }
    }
}

fn differs(python: &mut Python, Difference { regex, origin }: &Difference) -> bool {
    let reading = Reading::of(regex);
    if matches!(reading, Reading::Refused | Reading::Large) {
        return false;
    }
    let origins: Vec<String> = origin.iter().cloned().collect();
    python.ask(regex.trim(), &origins, 0, 0);
    match python.answer() {
        Answer::Matches(theirs) => theirs
            .iter()
            .any(|(origin, theirs)| reading.matches(origin).is_some_and(|ours| ours != *theirs)),
        Answer::Refused => origin.is_none(),
        Answer::Slow => false,
    }
}

fn without_a_part(text: &str) -> impl Iterator<Item = String> + use<> {
    let characters: Vec<char> = text.chars().collect();
    let lengths = (0..).map(|power| characters.len() >> power).take_while(|length| *length > 0);
    let parts: Vec<(usize, usize)> = lengths
        .flat_map(|length| (0..=characters.len() - length).map(move |start| (start, length)))
        .collect();
    parts.into_iter().map(move |(start, length)| {
        characters[..start].iter().chain(&characters[start + length..]).collect()
    })
}
