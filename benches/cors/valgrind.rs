//! Exact figures: instructions by callgrind, allocations by DHAT, each from this program run again beneath valgrind.

use std::{env, fs, hint::black_box, path::PathBuf, process::Command, thread};

use crate::{
    scenarios::{Contender, Scenario},
    subject::Subject,
};

/// For each contender in turn, as far as it has the scenario.
pub(crate) type PerContender<T> = [Option<T>; 4];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Allocations {
    pub(crate) count: f64,
    pub(crate) bytes: f64,
}

/// The first requests fill caches and the allocator's lists; the last one counts, less what an empty window costs.
///
/// One request a window: were many made beforehand and freed within, the allocator's dealings with their memory would
/// drown the rest.
const WINDOWS: [usize; 6] = [1, 1, 1, 0, 1, 1];

/// What a child of this program is asked to do: the first argument it gets.
pub(crate) const INSTRUCTIONS: &str = "--count-instructions";
pub(crate) const ALLOCATIONS: &str = "--count-allocations";

/// Runs in the child, under callgrind, which writes one profile for each return of `instruction_window`.
pub(crate) fn run_for_instructions(scenario: &Scenario) {
    // All are built before one is measured, and none is dropped, so that each meets the same heap.
    let mut subjects = Contender::ALL.map(|contender| ready(scenario, contender));
    for subject in subjects.iter_mut().flatten() {
        for count in WINDOWS {
            subject.prepare(count);
            instruction_window(&mut **subject);
        }
    }
}

/// Runs in the child, under DHAT, which counts what is allocated beneath each of [`ALLOCATION_WINDOWS`].
pub(crate) fn run_for_allocations(scenario: &Scenario) {
    for (contender, (_, window)) in Contender::ALL.into_iter().zip(ALLOCATION_WINDOWS) {
        if let Some(mut subject) = ready(scenario, contender) {
            subject.prepare(REQUESTS);
            window(&mut *subject);
        }
    }
}

const REQUESTS: usize = 8;

fn ready(scenario: &Scenario, contender: Contender) -> Option<Box<dyn Subject>> {
    let mut subject = scenario.subject(contender)?;
    subject.verify();
    Some(subject)
}

/// What follows the call keeps it from being a jump, of which callgrind would not see the return.
#[inline(never)]
fn instruction_window(subject: &mut dyn Subject) {
    subject.run();
    black_box("instructions");
}

type Window = fn(&mut dyn Subject);

/// By these names the call stacks tell whose allocation it is.
const ALLOCATION_WINDOWS: [(&str, Window); 4] = [
    ("bare_window", bare_window),
    ("limit_window", limit_window),
    ("our_window", our_window),
    ("their_window", their_window),
];

macro_rules! allocation_windows {
    ($($name:ident)+) => {
        $(
            #[inline(never)]
            fn $name(subject: &mut dyn Subject) {
                subject.run();
                // Functions that do the same would be merged.
                black_box(stringify!($name));
            }
        )+
    };
}

allocation_windows!(bare_window limit_window our_window their_window);

/// Instructions for one request.
pub(crate) fn instructions(scenario: &Scenario) -> PerContender<u64> {
    let out = OutFile::new();
    valgrind(
        &[
            "--tool=callgrind",
            "--collect-atstart=no",
            // Of two options with one and the same pattern valgrind 3.19 heeds the first alone.
            "--toggle-collect=*::instruction_window*",
            "--dump-after=cors::valgrind::instruction_window*",
            &format!("--callgrind-out-file={}", out.0.display()),
        ],
        &[INSTRUCTIONS, &scenario.name],
    );
    let mut part = 0;
    Contender::ALL.map(|contender| {
        scenario.subject(contender)?;
        let totals = WINDOWS.map(|_| {
            part += 1;
            out.total(part)
        });
        let [.., empty, one, again] = totals;
        if one != again {
            eprintln!("  {}, {contender:?}: {one} instructions, then {again}", scenario.name);
        }
        Some(again - empty)
    })
}

/// Allocations for one request.
pub(crate) fn allocations(scenario: &Scenario) -> PerContender<Allocations> {
    let out = OutFile::new();
    valgrind(
        &["--tool=dhat", "--num-callers=200", &format!("--dhat-out-file={}", out.0.display())],
        &[ALLOCATIONS, &scenario.name],
    );
    let text = fs::read_to_string(&out.0).expect("DHAT's output");
    let profile: serde_json::Value = serde_json::from_str(&text).expect("DHAT's output");
    let list = |value: &'static str| profile[value].as_array().expect("a list");
    let (frames, points) = (list("ftbl"), list("pps"));
    let mut contenders = Contender::ALL.into_iter();
    ALLOCATION_WINDOWS.map(|(window, _)| {
        scenario.subject(contenders.next().expect("a contender"))?;
        let in_window = |point: &&serde_json::Value| {
            point["fs"].as_array().expect("a stack").iter().any(|frame| {
                let index = frame.as_u64().expect("an index") as usize;
                frames[index].as_str().is_some_and(|frame| frame.contains(window))
            })
        };
        let (blocks, bytes) =
            points.iter().filter(in_window).fold((0, 0), |(blocks, bytes), point| {
                let figure = |name: &str| point[name].as_u64().expect("a figure");
                (blocks + figure("tbk"), bytes + figure("tb"))
            });
        let each = |sum: u64| sum as f64 / REQUESTS as f64;
        Some(Allocations { count: each(blocks), bytes: each(bytes) })
    })
}

/// Runs `measure` for each scenario, two at a time, and says how far it is.
pub(crate) fn each<'a, T: Send>(
    scenarios: &[&'a Scenario],
    measure: impl Fn(&'a Scenario) -> T + Sync,
) -> Vec<T> {
    let (left, right): (Vec<_>, Vec<_>) =
        scenarios.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    let run = |half: Vec<(usize, &&'a Scenario)>| -> Vec<(usize, T)> {
        half.into_iter()
            .map(|(index, scenario)| {
                eprintln!("  {}/{} {}", index + 1, scenarios.len(), scenario.name);
                (index, measure(scenario))
            })
            .collect()
    };
    let mut done = thread::scope(|scope| {
        let left = scope.spawn(|| run(left));
        let mut done = run(right);
        done.extend(left.join().expect("the other half"));
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, figure)| figure).collect()
}

fn valgrind(options: &[&str], arguments: &[&str]) {
    let program = env::current_exe().expect("the path of this program");
    let output = Command::new("valgrind")
        .args(options)
        .arg(program)
        .args(arguments)
        // glibc's allocator now and then sorts what was freed, at the cost of whoever comes next. This keeps small
        // memory out of it, so that a row's figures do not hang on the rows' history.
        .env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=4096:glibc.malloc.mxfast=0")
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            eprintln!(
                "cannot run valgrind ({error}): install it, on Debian with `apt-get install valgrind`"
            );
            std::process::exit(2);
        }
    };
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        eprintln!("valgrind {} {arguments:?} failed", options[0]);
        std::process::exit(1);
    }
}

/// A file for valgrind to write, and its numbered siblings, gone at the end.
struct OutFile(PathBuf);

impl OutFile {
    fn new() -> OutFile {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("valgrind-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        OutFile(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// What callgrind counted in its numbered profile `part`.
    fn total(&self, part: usize) -> u64 {
        let path = self.numbered(part);
        let text = fs::read_to_string(&path).expect("callgrind's profile of a window");
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        total.and_then(|total| total.trim().parse().ok()).expect("callgrind's total")
    }

    fn numbered(&self, part: usize) -> PathBuf {
        PathBuf::from(format!("{}.{part}", self.0.display()))
    }
}

impl Drop for OutFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
        for part in 1..=WINDOWS.len() * Contender::ALL.len() {
            let _ = fs::remove_file(self.numbered(part));
        }
    }
}
