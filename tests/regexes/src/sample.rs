//! Origins that Rust's reading of an expression likely matches, and some that are near to those.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

use crate::random::Random;

/// What hosts of an application's scheme may consist of: more than hosts of `https`.
const HOST: &[u8] = b"abkszABKZ0189._~-";

/// Longer texts say nothing new, and make Python backtrack for long.
const LONGEST: usize = 80;

/// Origins that no expression has to be asked for.
const ALWAYS: [&str; 6] = [
    "null",
    "file://",
    "https://a.example",
    "http://localhost:3000",
    "x://a",
    "https://[::1]:8000",
];

/// What an expression is compared on, before Python adds its own.
pub fn origins(random: &mut Random, regex: &str, count: usize) -> Vec<String> {
    // Without Unicode, as the crate reads it.
    let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(regex).ok();
    let mut origins: Vec<String> = vec![random.pick(&ALWAYS).to_owned()];
    for _ in 0..count {
        let mut text = Vec::new();
        match &parsed {
            Some(parsed) => sample(parsed, random, &mut text),
            None => text.extend_from_slice(b"x://ab"),
        }
        if let Ok(text) = String::from_utf8(text) {
            origins.push(changed(random, text));
        }
    }
    origins
}

/// Half of them as they are.
pub fn changed(random: &mut Random, mut text: String) -> String {
    if !text.is_ascii() || text.len() > LONGEST || random.once_in(2) {
        return text;
    }
    let host = text.find("://").map_or(0, |colon| colon + 3);
    let at = host + random.below(text.len() - host + 1);
    match random.below(5) {
        0 => text.insert(at, letter(random)),
        1 if at < text.len() => drop(text.remove(at)),
        2 if at < text.len() => text.replace_range(at..=at, &letter(random).to_string()),
        3 => text += random.pick(&[":80", ":1", ":65535", ".b", "."]),
        _ => {
            text.truncate(host);
            (0..1 + random.below(6)).for_each(|_| text.push(letter(random)));
        }
    }
    text
}

fn letter(random: &mut Random) -> char {
    char::from(random.pick(HOST))
}

fn sample(hir: &Hir, random: &mut Random, text: &mut Vec<u8>) {
    if text.len() > LONGEST {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.extend_from_slice(&literal.0),
        HirKind::Class(class) => text.push(member(class, random)),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX).min(repetition.min.saturating_add(3));
            let times =
                repetition.min as usize + random.below((most - repetition.min + 1) as usize);
            (0..times.min(LONGEST)).for_each(|_| sample(&repetition.sub, random, text));
        }
        HirKind::Capture(capture) => sample(&capture.sub, random, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| sample(part, random, text)),
        HirKind::Alternation(parts) => {
            let part = &parts[random.below(parts.len())];
            sample(part, random, text);
        }
    }
}

/// One that a host has, if there is any.
fn member(class: &Class, random: &mut Random) -> u8 {
    let ranges: Vec<(u8, u8)> = match class {
        Class::Bytes(class) => {
            class.ranges().iter().map(|range| (range.start(), range.end())).collect()
        }
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .filter_map(|range| {
                Some((u8::try_from(range.start()).ok()?, u8::try_from(range.end()).unwrap_or(127)))
            })
            .collect(),
    };
    let is_member = |byte: &u8| ranges.iter().any(|(low, high)| (low..=high).contains(&byte));
    let of_host: Vec<u8> = HOST.iter().copied().filter(is_member).collect();
    match (of_host.is_empty(), ranges.first()) {
        (false, _) => random.pick(&of_host),
        (true, Some((low, _))) => *low,
        (true, None) => b'-',
    }
}
