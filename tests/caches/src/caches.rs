//! nginx and Varnish as processes: each one, with a port for every server behind it.

use std::{
    env,
    fmt::Write,
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{self, Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{net::TcpStream, time::sleep};

use crate::Error;

/// Whether a cache answered from its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    Yes,
    No,
}

pub struct Caches {
    nginx_ports: Vec<u16>,
    varnish_ports: Vec<u16>,
    // Dropped in this order: the processes end before their folder goes.
    _processes: [Ended; 2],
    _folder: Folder,
}

impl Caches {
    /// Starts both in front of the servers on these ports.
    pub async fn start(servers: &[u16]) -> Result<Self, Error> {
        let folder = Folder::new()?;
        let (nginx_ports, varnish_ports) = free_ports(servers.len())?;

        let configuration = folder.0.join("nginx.conf");
        fs::write(&configuration, nginx_configuration(servers, &nginx_ports))?;
        let mut nginx = Command::new("nginx");
        nginx.arg("-p").arg(&folder.0).arg("-c").arg(&configuration).args(["-e", "stderr"]);

        let program = folder.0.join("cache.vcl");
        fs::write(&program, varnish_program(servers))?;
        let mut varnish = Command::new("varnishd");
        varnish.args(["-F", "-j", "none", "-s", "malloc,64m"]);
        varnish.arg("-n").arg(folder.0.join("varnish")).arg("-f").arg(&program);
        for (index, port) in varnish_ports.iter().enumerate() {
            varnish.arg("-a").arg(format!("to{index}=127.0.0.1:{port}"));
        }

        let messages = folder.0.join("messages");
        let log = fs::File::create(&messages)?;
        let processes = [Ended::start(nginx, log.try_clone()?)?, Ended::start(varnish, log)?];
        for port in nginx_ports.iter().chain(&varnish_ports) {
            if !listens(*port).await {
                let messages = fs::read_to_string(&messages)?;
                return Err(format!("nginx or varnishd does not listen:\n{messages}").into());
            }
        }
        Ok(Self { nginx_ports, varnish_ports, _processes: processes, _folder: folder })
    }

    pub fn nginx_port(&self, server: usize) -> u16 {
        self.nginx_ports[server]
    }

    pub fn varnish_port(&self, server: usize) -> u16 {
        self.varnish_ports[server]
    }
}

/// As tutorials have it, but `proxy_cache_valid any` keeps refusals too, which is harder.
fn nginx_configuration(servers: &[u16], ports: &[u16]) -> String {
    let mut text = String::from(
        "daemon off;
master_process off;
pid nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    proxy_cache_path cache keys_zone=zone:1m;
    proxy_cache zone;
    proxy_cache_valid any 10m;
    proxy_set_header Host $http_host;
    add_header X-Cache $upstream_cache_status always;
",
    );
    for (server, port) in servers.iter().zip(ports) {
        let _ = writeln!(
            text,
            "    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://127.0.0.1:{server}; }}
    }}"
        );
    }
    text + "}\n"
}

/// The built-in program with refusals kept, too, and a backend for each port.
fn varnish_program(servers: &[u16]) -> String {
    let mut text = String::from("vcl 4.1;\n");
    for (index, server) in servers.iter().enumerate() {
        let _ = writeln!(
            text,
            "backend server{index} {{ .host = \"127.0.0.1\"; .port = \"{server}\"; }}"
        );
    }
    text.push_str("sub vcl_recv {\n");
    for index in 0..servers.len() {
        let _ = writeln!(
            text,
            "    if (local.socket == \"to{index}\") {{ set req.backend_hint = server{index}; }}"
        );
    }
    text + "}
sub vcl_hash { hash_data(local.socket); }
sub vcl_backend_response {
    if (beresp.status == 403 && !bereq.uncacheable) {
        set beresp.ttl = 10m;
        return (deliver);
    }
}
sub vcl_deliver {
    if (obj.hits > 0) { set resp.http.X-Cache = \"HIT\"; } else { set resp.http.X-Cache = \"MISS\"; }
}
"
}

/// Ports that are free now. All are held until the last is found, so that they differ.
fn free_ports(count: usize) -> Result<(Vec<u16>, Vec<u16>), Error> {
    let held =
        (0..2 * count).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<Result<Vec<_>, _>>()?;
    let mut ports =
        held.iter().map(|held| Ok(held.local_addr()?.port())).collect::<Result<Vec<_>, Error>>()?;
    let second = ports.split_off(count);
    Ok((ports, second))
}

async fn listens(port: u16) -> bool {
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if Instant::now() > until {
            return false;
        }
        sleep(Duration::from_millis(50)).await;
    }
    true
}

/// A process that is ended when this is dropped.
struct Ended(Child);

impl Ended {
    fn start(mut command: Command, log: fs::File) -> Result<Self, Error> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        Ok(Self(child.map_err(|error| format!("{program}: {error}"))?))
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        // Asked to end, Varnish also ends its own child.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}

/// A new folder, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Error> {
        let folder = env::temp_dir().join(format!("tower-cors-caches-{}", process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
