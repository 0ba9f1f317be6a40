//! The table: one row a scenario, as Markdown.

use std::fmt::Write;

use crate::{
    scenarios::{SHORT_LIST, Scenario, Target, grouped},
    time,
    valgrind::{self, Allocations, PerContender},
};

pub(crate) struct Row<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) instructions: PerContender<u64>,
    allocations: PerContender<Allocations>,
    times: PerContender<f64>,
}

pub(crate) fn measure(scenarios: &[&Scenario]) -> String {
    let counted = valgrind::each(scenarios, |scenario| {
        (valgrind::instructions(scenario), valgrind::allocations(scenario))
    });
    let rows: Vec<Row<'_>> = scenarios
        .iter()
        .zip(counted)
        .map(|(scenario, (instructions, allocations))| Row {
            scenario,
            instructions,
            allocations,
            times: time::ratios(scenario),
        })
        .collect();
    render(&rows)
}

const HEADER: &str = "\
| scenario | instructions: bare | + limit | + this crate | + tower-http | of the limit | target | allocations: bare | limit | this crate | tower-http | time: bare | limit | tower-http |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
";

fn render(rows: &[Row<'_>]) -> String {
    let mut text = HEADER.to_owned();
    for row in rows {
        let [bare, limit, ours, theirs] = row.instructions;
        let added = |figure: Option<u64>| {
            figure.map_or("–".into(), |figure| signed(figure as f64 - bare.unwrap_or(0) as f64))
        };
        let ratio = ours.zip(limit).map(|(ours, limit)| ours as f64 / limit as f64);
        let missed = if met(row.scenario.target, &row.instructions) == Some(false) {
            " **missed**"
        } else {
            ""
        };
        write!(
            text,
            "| {} | {} | {} | {} | {} | {}{missed} | {} |",
            row.scenario.name,
            bare.map_or("–".into(), |bare| signed(bare as f64)),
            added(limit),
            added(ours),
            added(theirs),
            ratio.map_or("–".into(), |ratio| format!("{ratio:.3}")),
            target(row.scenario.target),
        )
        .expect("text");
        for allocations in row.allocations {
            write!(text, " {} |", allocations.map_or("–".into(), allocated)).expect("text");
        }
        for contender in [0, 1, 3] {
            let ratio = row.times[contender];
            let ratio = ratio.map_or("–".into(), |ratio| format!("{ratio:.2}"));
            write!(text, " {ratio} |").expect("text");
        }
        text.push('\n');
    }
    text
}

/// Whether the target is met, if there is one.
pub(crate) fn met(target: Target, figures: &PerContender<u64>) -> Option<bool> {
    let [bare, limit, ours, _] = figures.map(|figure| figure.map(|figure| figure as f64));
    let ours = ours?;
    match target {
        Target::OfLimit(factor) => Some(ours <= factor * limit?),
        Target::PerByte(instructions, length) => {
            Some(ours - bare? <= SHORT_LIST + instructions * length as f64)
        }
        Target::AtMost(count) => Some(ours - bare.unwrap_or(0.0) <= count as f64),
        Target::Free => None,
    }
}

pub(crate) fn target(target: Target) -> String {
    match target {
        Target::OfLimit(factor) => format!("{factor:.2}"),
        Target::PerByte(instructions, _) => format!("{instructions} a byte"),
        Target::AtMost(count) => format!("{count}"),
        Target::Free => "–".into(),
    }
}

fn signed(figure: f64) -> String {
    let grouped = grouped(figure.abs().round() as usize);
    if figure < 0.0 { format!("−{grouped}") } else { grouped }
}

fn allocated(allocations: Allocations) -> String {
    let Allocations { count, bytes } = allocations;
    if count == 0.0 { "0".into() } else { format!("{count} ({})", signed(bytes)) }
}
