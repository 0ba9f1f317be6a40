//! The chart: cost against the number of origins, and against the length of what an attacker sends.

use std::fmt::Write;

use crate::{
    scenarios::{Scenario, hostile_lists, hostile_origins, many_origins, size},
    valgrind::{self, PerContender},
};

const COUNTS: [usize; 9] = [1, 3, 10, 30, 100, 1_000, 3_000, 10_000, 100_000];
const LENGTHS: [usize; 7] = [64, 256, 1 << 10, 4 << 10, 8 << 10, 32 << 10, 64 << 10];

/// All that the chart is made of.
pub(crate) fn scenarios() -> Vec<Scenario> {
    let [counts, lengths] = points();
    counts.into_iter().chain(lengths).map(|(_, scenario)| scenario).collect()
}

/// With each scenario its place on the axis.
fn points() -> [Vec<(usize, Scenario)>; 2] {
    let hit = |count| {
        let [hit, _] = many_origins(count);
        (count, hit)
    };
    let hostile = |length| {
        let [.., regex] = hostile_origins(length);
        let [commas, _, _, _, allowed] = hostile_lists(length);
        [regex, commas, allowed].map(|scenario| (length, scenario))
    };
    [COUNTS.map(hit).into(), LENGTHS.map(hostile).into_iter().flatten().collect()]
}

pub(crate) fn draw() -> String {
    let [counts, lengths] = points().map(|points| {
        let scenarios: Vec<&Scenario> = points.iter().map(|(_, scenario)| scenario).collect();
        let figures = valgrind::each(&scenarios, valgrind::instructions);
        let places = points.iter().map(|(place, _)| *place as f64);
        places.zip(figures).collect::<Vec<_>>()
    });
    let mut svg = String::from(HEAD);
    let series = |points: &[(f64, PerContender<u64>)], contender: usize| -> Vec<(f64, f64)> {
        points.iter().map(|(place, figures)| (*place, added(figures, contender))).collect()
    };
    panel(
        &mut svg,
        0.0,
        "allowed origins",
        &COUNTS.map(|count| (count as f64, count_label(count)))[..],
        &[
            ("theirs", "tower-http", series(&counts, 3)),
            ("ours", "tower-cors", series(&counts, 2)),
            ("limit", "by hand", series(&counts, 1)),
        ],
    );
    let third = |which: usize| -> Vec<(f64, PerContender<u64>)> {
        lengths.iter().skip(which).step_by(3).copied().collect()
    };
    panel(
        &mut svg,
        PANEL,
        "bytes that an attacker sends",
        &LENGTHS.map(|length| (length as f64, length_label(length)))[..],
        &[
            ("theirs", "tower-http: Origin, regex", series(&third(0), 3)),
            ("ours", "allowed names", series(&third(2), 2)),
            ("ours", "commas", series(&third(1), 2)),
            ("ours", "Origin, regex", series(&third(0), 2)),
            ("limit", "", series(&third(2), 1)),
            ("limit", "", series(&third(1), 1)),
            ("limit", "", series(&third(0), 1)),
        ],
    );
    svg += "</svg>\n";
    svg
}

/// On the powers of ten.
fn count_label(count: usize) -> String {
    match count {
        1 | 10 | 100 => count.to_string(),
        1_000 | 10_000 | 100_000 => format!("{} k", count / 1_000),
        _ => String::new(),
    }
}

/// On every eighth length.
fn length_label(length: usize) -> String {
    if length.ilog2() % 3 == 1 || length == LENGTHS[0] { size(length) } else { String::new() }
}

/// Instructions beyond the bare service.
fn added(figures: &PerContender<u64>, contender: usize) -> f64 {
    let [bare, ..] = figures;
    let figure = figures[contender].expect("a figure");
    figure.saturating_sub(bare.expect("the bare service's figure")).max(1) as f64
}

const PANEL: f64 = 390.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 34.0;
const WIDTH: f64 = 215.0;
const HEIGHT: f64 = 190.0;

const HEAD: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 830 270" font-family="system-ui, sans-serif" font-size="11">
<title>Instructions that the layer adds to a request</title>
<style>
text { fill: #57606a }
.grid { stroke: #d0d7de; stroke-width: .5 }
polyline { fill: none; stroke-width: 2 }
.ours { stroke: #0969da } text.ours { fill: #0969da; stroke: none }
.theirs { stroke: #bc4c00 } text.theirs { fill: #bc4c00; stroke: none }
.limit { stroke: #6e7781; stroke-dasharray: 2 3 } text.limit { fill: #6e7781; stroke: none }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1 }
.grid { stroke: #3d444d }
.ours { stroke: #4493f8 } text.ours { fill: #4493f8 }
.theirs { stroke: #f0883e } text.theirs { fill: #f0883e }
}
</style>
"##;

type Series<'a> = (&'a str, &'a str, Vec<(f64, f64)>);

/// Both axes are logarithmic; up goes from 100 to ten million.
fn panel(svg: &mut String, x: f64, title: &str, ticks: &[(f64, String)], series: &[Series<'_>]) {
    let (first, last) = (ticks[0].0, ticks[ticks.len() - 1].0);
    let across = |place: f64| x + LEFT + WIDTH * (place / first).ln() / (last / first).ln();
    let up = |cost: f64| TOP + HEIGHT * (1.0 - (cost.log10() - 2.0) / 5.0);
    let mut line = |text: std::fmt::Arguments<'_>| writeln!(svg, "{text}").expect("text");
    line(format_args!(
        r#"<text x="{:.0}" y="16" font-weight="600">Instructions added to a request</text>"#,
        x + LEFT
    ));
    for power in 2..=7 {
        let y = up(10f64.powi(power));
        let label = ["100", "1 k", "10 k", "100 k", "1 M", "10 M"][power as usize - 2];
        line(format_args!(
            r#"<path class="grid" d="M{:.0} {y:.1}h{WIDTH}"/><text x="{:.0}" y="{:.1}" text-anchor="end">{label}</text>"#,
            x + LEFT,
            x + LEFT - 5.0,
            y + 4.0,
        ));
    }
    for (place, label) in ticks.iter().filter(|(_, label)| !label.is_empty()) {
        line(format_args!(
            r#"<text x="{:.0}" y="{:.0}" text-anchor="middle">{label}</text>"#,
            across(*place),
            TOP + HEIGHT + 16.0,
        ));
    }
    line(format_args!(
        r#"<text x="{:.0}" y="{:.0}" text-anchor="middle">{title}</text>"#,
        x + LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 34.0,
    ));
    let mut free = f64::INFINITY;
    let mut names: Vec<_> = series
        .iter()
        .filter(|(_, name, _)| !name.is_empty())
        .map(|(class, name, points)| (up(points[points.len() - 1].1), class, name))
        .collect();
    for (class, _, points) in series {
        let mut path = String::new();
        for (place, cost) in points {
            write!(path, "{:.1},{:.1} ", across(*place), up(*cost)).expect("text");
        }
        line(format_args!(r#"<polyline class="{class}" points="{}"/>"#, path.trim_end()));
    }
    // From the lowest up, each name at the end of its line but clear of the one beneath.
    names.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (y, class, name) in names {
        free = (free - 13.0).min(y + 4.0);
        line(format_args!(
            r#"<text class="{class}" x="{:.0}" y="{free:.1}">{name}</text>"#,
            x + LEFT + WIDTH + 5.0,
        ));
    }
}
