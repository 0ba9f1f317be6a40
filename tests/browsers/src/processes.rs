//! Processes that the harness starts: their lines are read, and none outlives it.

use std::{
    collections::HashMap,
    env, fs, io,
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, wait};

use crate::{Error, log::Log};

/// Ends every process below this one when it is dropped: a panic does it, too.
///
/// Drivers start browsers, browsers start helpers, and some of them leave their parent. As the
/// subreaper this process stays the ancestor of all of them, so that whatever descends from it is
/// what it started, and is ended by its pid.
pub struct EndAll;

impl EndAll {
    pub fn new() -> Result<Self, Error> {
        set_child_subreaper(Some(getpid())).map_err(|error| format!("prctl: {error}"))?;
        Ok(Self)
    }
}

impl Drop for EndAll {
    fn drop(&mut self) {
        end(getpid());
        // Those that were adopted, so that no dead process stays behind either.
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
    }
}

/// A process whose standard output is read line by line. Dropped, it and its descendants end.
pub struct Process {
    child: std::process::Child,
    lines: mpsc::Receiver<String>,
    program: String,
}

impl Process {
    /// Starts a program. Its standard input stays open as long as this value lives.
    pub fn start(command: &mut Command) -> Result<Self, Error> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let output = child.stdout.take().expect("standard output is piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in io::BufRead::lines(io::BufReader::new(output)).map_while(Result::ok) {
                // Nobody may be listening any more; the pipe is emptied all the same.
                let _ = sender.send(line);
            }
        });
        Ok(Self { child, lines, program })
    }

    /// What follows `text` in the first line that holds it.
    pub fn line_after(&self, text: &str) -> Result<String, Error> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).map_err(|_| {
                format!("{} ended or was silent before it said {text:?}", self.program)
            })?;
            if let Some((_, rest)) = line.split_once(text) {
                return Ok(rest.to_owned());
            }
        }
    }

    /// The first number that follows `text`: a port.
    pub fn port_after(&self, text: &str) -> Result<u16, Error> {
        let rest = self.line_after(text)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().map_err(|_| format!("{}: no port in {rest:?}", self.program).into())
    }

    /// Writes each further line that begins with `prefix` to a log, without the prefix.
    pub fn log_lines(&mut self, prefix: &'static str, log: Log) {
        let lines = std::mem::replace(&mut self.lines, mpsc::channel().1);
        thread::spawn(move || {
            for line in lines {
                if let Some(line) = line.strip_prefix(prefix) {
                    log.add(line.to_owned());
                }
            }
        });
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) {
            let below = descendants(pid);
            let _ = kill_process(pid, Signal::TERM);
            let until = Instant::now() + Duration::from_secs(3);
            while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
                thread::sleep(Duration::from_millis(20));
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
            end_these(|| below.iter().copied().filter(|pid| is_alive(*pid)).collect());
        }
    }
}

fn end(root: Pid) {
    end_these(|| descendants(root));
}

/// Asks, waits for up to two seconds, then kills.
fn end_these(alive: impl Fn() -> Vec<Pid>) {
    for pid in alive() {
        let _ = kill_process(pid, Signal::TERM);
    }
    let until = Instant::now() + Duration::from_secs(2);
    while Instant::now() < until {
        if alive().is_empty() {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    for pid in alive() {
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// The living processes below one, which is not among them.
fn descendants(root: Pid) -> Vec<Pid> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok())
            && let Some((_, parent)) = state_and_parent(pid)
        {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = vec![root.as_raw_nonzero().get()];
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        found.extend(children.remove(pid).unwrap_or_default());
        next += 1;
    }
    found.into_iter().skip(1).filter_map(Pid::from_raw).filter(|pid| is_alive(*pid)).collect()
}

fn is_alive(pid: Pid) -> bool {
    // A zombie has ended; only its parent has not asked yet.
    state_and_parent(pid.as_raw_nonzero().get()).is_some_and(|(state, _)| state != 'Z')
}

fn state_and_parent(pid: i32) -> Option<(char, i32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Where a program is.
pub fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|path| path.join(program))
        .find(|path| path.is_file())
}

/// A folder that is removed when it is dropped, which is after the processes that write to it end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Result<Self, Error> {
        let taken = |path: &PathBuf| matches!(fs::create_dir(path), Err(error) if error.kind() == io::ErrorKind::AlreadyExists);
        // A run that was killed may have had this very pid.
        let path = (0..100)
            .map(|number| format!("tower-cors-browsers-{}-{number}", std::process::id()))
            .map(|name| env::temp_dir().join(name))
            .find(|path| !taken(path))
            .filter(|path| path.is_dir());
        Ok(Self(path.ok_or("no folder can be made for temporary files")?))
    }

    /// An empty folder in this one.
    pub fn subfolder(&self, name: &str) -> Result<PathBuf, Error> {
        let taken = fs::read_dir(&self.0)?.count();
        let path = self.0.join(format!("{name}-{taken}"));
        fs::create_dir(&path)?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
