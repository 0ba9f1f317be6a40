//! What passes `enforce_origin` and `allow_hosts`, and why: the rows.
//!
//! | column | says |
//! | --- | --- |
//! | request | method and target; `ws` is a `GET` with `Upgrade: websocket` |
//! | Origin | `-` for none; `&` between two lines |
//! | Sec-Fetch | Site, Mode and Dest; `-` for none, `&` between two lines |
//! | Host | `-` for none; `&` between two lines |
//! | listed | by `allow_hosts`; `-` for none |
//! | WSA | under `WebSockets`, `StateChanging`, `AllRequests`: `+` passes, `-` is refused with 403, `h` with 400 |
//!
//! The policy allows `https://app.example`, `https://*.app.example` and `tauri://localhost`. The request's
//! own host is `own.example`.

pub(crate) const TABLE: &str = r"
# Which requests are checked
GET /                          | https://evil.example                     | - - -                                 | own.example              | -                | ++- | a request that changes nothing
HEAD /                         | https://evil.example                     | - - -                                 | own.example              | -                | ++- | the same
OPTIONS /                      | https://evil.example                     | - - -                                 | own.example              | -                | ++- | an OPTIONS that is no preflight
POST /                         | https://evil.example                     | - - -                                 | own.example              | -                | +-- | it may change something
PUT /                          | https://evil.example                     | - - -                                 | own.example              | -                | +-- | the same
PATCH /                        | https://evil.example                     | - - -                                 | own.example              | -                | +-- | the same
DELETE /                       | https://evil.example                     | - - -                                 | own.example              | -                | +-- | the same
QUERY /                        | https://evil.example                     | - - -                                 | own.example              | -                | +-- | safe by its definition, but not one of the three
TRACE /                        | https://evil.example                     | - - -                                 | own.example              | -                | +-- | the same
PROPFIND /                     | https://evil.example                     | - - -                                 | own.example              | -                | +-- | a method of an application
get /                          | https://evil.example                     | - - -                                 | own.example              | -                | +-- | methods are case-sensitive: this is not GET
ws /                           | https://evil.example                     | - - -                                 | own.example              | -                | --- | a handshake
ws-upper-case /                | https://evil.example                     | - - -                                 | own.example              | -                | --- | `Upgrade: WebSocket`
ws-in-a-list /                 | https://evil.example                     | - - -                                 | own.example              | -                | --- | `Upgrade: h2c, websocket`
ws-in-two-lines /              | https://evil.example                     | - - -                                 | own.example              | -                | --- | two Upgrade lines are one list
ws2 /                          | https://evil.example                     | - - -                                 | own.example              | -                | ++- | `Upgrade: websocket2` is another protocol
ws-by-post /                   | https://evil.example                     | - - -                                 | own.example              | -                | +-- | a handshake is a GET
CONNECT own.example:443        | https://evil.example                     | - - -                                 | own.example              | -                | +-- | a tunnel is no handshake
CONNECT https://own.example/   | https://evil.example                     | - - -                                 | -                        | -                | --- | extended CONNECT (RFC 8441) is one
CONNECT http://own.example/    | https://evil.example                     | - - -                                 | -                        | -                | --- | the same over cleartext HTTP/2
CONNECT https://own.example/   | https://app.example                      | - - -                                 | -                        | -                | +++ | of a listed origin
CONNECT https://own.example/   | https://own.example                      | - - -                                 | -                        | -                | +++ | of its own host
CONNECT https://own.example/   | -                                        | - - -                                 | -                        | -                | +++ | no page sent it

# Navigations, which AllRequests spares
GET /                          | -                                        | cross-site navigate document          | own.example              | -                | +++ | a link on another site
GET /                          | -                                        | same-site navigate document           | own.example              | -                | +++ | a link on a sibling site
GET /                          | -                                        | none navigate document                | own.example              | -                | +++ | the address bar
GET /                          | -                                        | cross-site navigate empty             | own.example              | -                | +++ | through a service worker
GET /                          | -                                        | cross-site navigate -                 | own.example              | -                | +++ | no destination says that it is embedded
GET /                          | https://evil.example                     | cross-site navigate document          | own.example              | -                | +++ | an Origin changes nothing of that
GET /                          | null                                     | cross-site navigate document          | own.example              | -                | +++ | the same
GET /                          | -                                        | cross-site navigate iframe            | own.example              | -                | ++- | embedded
GET /                          | -                                        | cross-site navigate frame             | own.example              | -                | ++- | embedded
GET /                          | -                                        | cross-site navigate object            | own.example              | -                | ++- | embedded
GET /                          | -                                        | cross-site navigate embed             | own.example              | -                | ++- | embedded
GET /                          | -                                        | cross-site navigate fencedframe       | own.example              | -                | ++- | embedded
GET /                          | -                                        | same-origin navigate iframe           | own.example              | -                | +++ | one's own frame
GET /                          | -                                        | cross-site navigate document&iframe   | own.example              | -                | ++- | two destinations are none
GET /                          | -                                        | cross-site navigate&navigate document | own.example              | -                | ++- | two modes are none
GET /                          | -                                        | cross-site Navigate document          | own.example              | -                | ++- | no browser writes it so
GET /                          | -                                        | cross-site no-cors image              | own.example              | -                | ++- | an image
GET /                          | -                                        | cross-site no-cors script             | own.example              | -                | ++- | a script
GET /                          | https://evil.example                     | cross-site cors empty                 | own.example              | -                | ++- | a fetch
GET /                          | -                                        | cross-site websocket -                | own.example              | -                | ++- | a mode is no handshake
HEAD /                         | -                                        | cross-site navigate document          | own.example              | -                | ++- | no browser navigates by HEAD
OPTIONS /                      | -                                        | cross-site navigate document          | own.example              | -                | ++- | nor by OPTIONS
POST /                         | https://evil.example                     | cross-site navigate document          | own.example              | -                | +-- | a form of another site
POST /                         | -                                        | cross-site navigate document          | own.example              | -                | +-- | one without Origin
POST /                         | null                                     | cross-site navigate document          | own.example              | -                | +-- | one of a sandboxed frame
ws /                           | https://evil.example                     | cross-site navigate document          | own.example              | -                | --- | a handshake is never a navigation

# 1. An Origin that the policy allows
POST /                         | https://app.example                      | - - -                                 | own.example              | -                | +++ | listed
ws /                           | https://app.example                      | - - -                                 | own.example              | -                | +++ | listed
POST /                         | https://app.example                      | cross-site cors empty                 | own.example              | -                | +++ | the list decides before Sec-Fetch-Site
POST /                         | https://app.example                      | cross-site&cross-site cors empty      | own.example              | -                | +++ | whatever that says
ws /                           | https://app.example                      | cross-site websocket websocket        | own.example              | -                | +++ | Firefox's and WebKit's handshake
POST /                         | https://app.example                      | - - -                                 | -                        | -                | +++ | no Host is needed
POST /                         | https://app.example                      | - - -                                 | a&b                      | -                | +++ | nor a sound one
POST /                         | https://a.b.app.example                  | same-site cors empty                  | own.example              | -                | +++ | matched by a pattern
POST /                         | tauri://localhost                        | cross-site cors empty                 | own.example              | -                | +++ | any scheme can be listed
ws /                           | tauri://localhost                        | - - -                                 | own.example              | -                | +++ | the same
POST /                         | http://app.example                       | - - -                                 | own.example              | -                | +-- | another scheme
POST /                         | https://app.example:8443                 | - - -                                 | own.example              | -                | +-- | another port
POST /                         | https://APP.example                      | - - -                                 | own.example              | -                | +-- | no browser writes it so
POST /                         | https://app.example/                     | - - -                                 | own.example              | -                | +-- | an origin has no path
POST /                         | https://app.example.                     | - - -                                 | own.example              | -                | +-- | another host
POST /                         | https://app.example.evil.example         | - - -                                 | own.example              | -                | +-- | another domain
POST /                         | https://.app.example                     | - - -                                 | own.example              | -                | +-- | an empty label
POST /                         | https://app.example&https://app.example  | - - -                                 | own.example              | -                | +-- | two lines are malformed (difference D3)
POST /                         | https://app.example&https://evil.example | - - -                                 | own.example              | -                | +-- | the same

# 2. Sec-Fetch-Site, which no script can set
POST /                         | -                                        | same-origin cors empty                | own.example              | -                | +++ | a page of its own
POST /                         | -                                        | none cors empty                       | own.example              | -                | +++ | an extension, or a person
POST /                         | -                                        | same-site cors empty                  | own.example              | -                | +-- | a sibling site is another origin
POST /                         | -                                        | cross-site cors empty                 | own.example              | -                | +-- | another site
GET /                          | -                                        | same-site no-cors image               | own.example              | -                | ++- | a sibling site's image
POST /                         | -                                        | same-origin - -                       | own.example              | -                | +++ | the site alone decides
POST /                         | -                                        | Same-Origin cors empty                | own.example              | -                | +-- | unknown
POST /                         | -                                        | same-origin, cors empty               | own.example              | -                | +-- | unknown
POST /                         | -                                        | same-origin;x cors empty              | own.example              | -                | +-- | unknown
POST /                         | -                                        | trusted cors empty                    | own.example              | -                | +-- | unknown
POST /                         | -                                        | () cors empty                         | own.example              | -                | +-- | empty
POST /                         | -                                        | ÿ cors empty                          | own.example              | -                | +-- | no text
POST /                         | -                                        | same-origin&same-origin cors empty    | own.example              | -                | +-- | two lines
POST /                         | -                                        | cross-site&same-origin cors empty     | own.example              | -                | +-- | two lines
POST /                         | https://own.example                      | same-origin cors empty                | own.example              | -                | +++ | its own Origin beside it
POST /                         | http://own.example                       | same-origin cors empty                | own.example              | -                | +++ | the header is the proof, so http is as good
POST /                         | http://own.example:8080                  | same-origin cors empty                | own.example:8080         | -                | +++ | with a port
POST /                         | wss://own.example                        | same-origin cors empty                | own.example              | -                | +++ | every web scheme has a host
POST /                         | https://own.example                      | none cors empty                       | own.example              | -                | +++ | the same for `none`
POST /                         | https://own.example                      | same-site cors empty                  | own.example              | -                | +-- | the header decides
POST /                         | https://own.example                      | cross-site cors empty                 | own.example              | -                | +-- | the header decides
POST /                         | http://127.0.0.1:3000                    | cross-site cors empty                 | 127.0.0.1:3000           | -                | +-- | the header decides
POST /                         | https://evil.example                     | same-origin navigate document         | own.example              | -                | +-- | WebKit: a form through the site's service worker
POST /                         | https://evil.example                     | none cors empty                       | own.example              | -                | +-- | no browser sends that
POST /                         | https://own.example:8443                 | same-origin cors empty                | own.example              | -                | +-- | another port
POST /                         | https://own.example                      | same-origin cors empty                | own.example:80           | -                | +-- | the port of http
POST /                         | https://own.example                      | same-origin cors empty                | -                        | -                | +-- | nothing to compare with
POST /                         | https://own.example                      | same-origin cors empty                | own.example&own.example  | -                | +-- | two Host lines are none
POST /                         | https://own.example                      | same-origin cors empty                | own.example/             | -                | +-- | a malformed Host is none
POST /                         | -                                        | same-origin cors empty                | own.example&x            | -                | +++ | nothing to compare
POST /                         | -                                        | same-origin cors empty                | -                        | -                | +++ | nothing to compare
POST /                         | null                                     | same-origin cors empty                | own.example              | -                | +++ | Referrer-Policy: no-referrer
POST /                         | null                                     | none cors empty                       | own.example              | -                | +++ | the same
POST /                         | null                                     | same-origin navigate document         | own.example              | -                | +++ | a form under that policy
POST /                         | null                                     | same-origin navigate empty            | own.example              | -                | +-- | passed on by a service worker
POST /                         | null                                     | none navigate empty                   | own.example              | -                | +-- | the same
POST /                         | null                                     | same-origin cors document             | own.example              | -                | +++ | no navigation
POST /                         | null                                     | cross-site cors empty                 | own.example              | -                | +-- | a sandboxed frame
POST /                         | tauri://own.example                      | same-origin cors empty                | own.example              | -                | +-- | schemes of applications have no host to compare
POST /                         | ftp://own.example                        | same-origin cors empty                | own.example              | -                | +-- | nor has ftp
POST /                         | file://                                  | same-origin cors empty                | own.example              | -                | +-- | nor have files
POST /                         | own.example                              | same-origin cors empty                | own.example              | -                | +-- | malformed
POST /                         | ()                                       | same-origin cors empty                | own.example              | -                | +-- | malformed
POST /                         | https://own.example&https://own.example  | same-origin cors empty                | own.example              | -                | +-- | two lines are malformed
ws /                           | https://own.example                      | same-origin websocket websocket       | own.example              | -                | +++ | Firefox's and WebKit's own handshake
ws /                           | https://evil.example                     | cross-site websocket websocket        | own.example              | -                | --- | another site's
ws /                           | https://sibling.own.example              | same-site websocket websocket         | own.example              | -                | --- | a sibling site's
ws /                           | null                                     | cross-site websocket websocket        | own.example              | -                | --- | a sandboxed frame's

# 3. No Sec-Fetch-Site: no Origin
POST /                         | -                                        | - - -                                 | own.example              | -                | +++ | no browser, or a page's own GET
ws /                           | -                                        | - - -                                 | own.example              | -                | +++ | no browser
GET /                          | -                                        | - - -                                 | evil.example             | -                | +++ | a rebound page's GET: only allow_hosts stops it
POST /                         | -                                        | - cors empty                          | own.example              | -                | +++ | the other two headers say nothing
POST /                         | -                                        | - - -                                 | a&b                      | -                | +++ | nothing to compare

# 3. No Sec-Fetch-Site: https and wss prove the host by its certificate
POST /                         | https://own.example                      | - - -                                 | own.example              | -                | +++ | its own host
ws /                           | https://own.example                      | - - -                                 | own.example              | -                | +++ | Chromium's handshake
POST /                         | wss://own.example                        | - - -                                 | own.example              | -                | +++ | wss is https
POST /                         | https://own.example                      | - - -                                 | own.example:443          | -                | +++ | the default port
POST /                         | https://own.example:443                  | - - -                                 | own.example              | -                | +++ | the default port
POST /                         | wss://own.example                        | - - -                                 | own.example:443          | -                | +++ | the default port
POST /                         | https://own.example                      | - - -                                 | OWN.Example              | -                | +++ | hosts have no letter case
POST /                         | https://own.example:8443                 | - - -                                 | own.example:8443         | -                | +++ | another port on both sides
POST /                         | https://own.example.                     | - - -                                 | own.example.             | -                | +++ | a trailing dot on both sides
POST /                         | https://my_host.example                  | - - -                                 | my_host.example          | -                | +++ | browsers send underscores
POST /                         | https://[2001:db8::1]                    | - - -                                 | [2001:db8::1]            | -                | +++ | IPv6
POST /                         | https://[2001:db8::1]                    | - - -                                 | [2001:DB8::1]            | -                | +++ | in any letter case
POST /                         | https://own.example                      | - - -                                 | own.example.             | -                | +-- | a trailing dot on one side
POST /                         | https://own.example.                     | - - -                                 | own.example              | -                | +-- | a trailing dot on one side
POST /                         | https://own.example                      | - - -                                 | own.example:80           | -                | +-- | the port of http
POST /                         | https://own.example:80                   | - - -                                 | own.example              | -                | +-- | the port of http
POST /                         | https://own.example                      | - - -                                 | own.example:8443         | -                | +-- | another port
POST /                         | https://own.example:8443                 | - - -                                 | own.example              | -                | +-- | another port
POST /                         | https://[::1]:8443                       | - - -                                 | [::1]                    | -                | +-- | another port
POST /                         | https://[::1]                            | - - -                                 | [0:0:0:0:0:0:0:1]        | -                | +-- | browsers write addresses in one way
POST /                         | https://sibling.own.example              | - - -                                 | own.example              | -                | +-- | a sibling
POST /                         | https://evil.example                     | - - -                                 | own.example              | -                | +-- | a stranger
POST /                         | https://own.example                      | - - -                                 | ()                       | -                | +-- | an empty Host
POST /                         | https://own.example                      | - - -                                 | own.example:             | -                | +-- | an empty port
POST /                         | https://own.example                      | - - -                                 | own.example:0443         | -                | +-- | no port
POST /                         | https://own.example                      | - - -                                 | own.example:65979        | -                | +-- | no port, 443 only modulo 65536
POST /                         | https://own.example                      | - - -                                 | x@own.example            | -                | +-- | user information
POST /                         | https://own.example                      | - - -                                 | own.example, own.example | -                | +-- | a list
POST /                         | https://own.example                      | - - -                                 | own.example&own.example  | -                | +-- | two Host lines are none
POST /                         | https://own.example                      | - - -                                 | evil.example&own.example | -                | +-- | two Host lines are none
POST /                         | https://own.example                      | - - -                                 | -                        | -                | +-- | no Host
POST /                         | https://own.exampleÿ                     | - - -                                 | own.exampleÿ             | -                | +-- | no text

# 3. No Sec-Fetch-Site: http and ws prove nothing of a name that can be rebound
POST /                         | http://own.example                       | - - -                                 | own.example              | -                | +-- | the name may be rebound
POST /                         | http://evil.example:8000                 | - - -                                 | evil.example:8000        | -                | +-- | a rebound page
ws /                           | http://evil.example:8000                 | - - -                                 | evil.example:8000        | -                | --- | its WebSocket
ws /                           | ws://own.example                         | - - -                                 | own.example              | -                | --- | ws is http
POST /                         | http://own.example                       | - - -                                 | own.example              | own.example      | +++ | listed, so nobody else's
ws /                           | ws://own.example                         | - - -                                 | own.example:80           | own.example      | +++ | listed
POST /                         | http://own.example:8000                  | - - -                                 | own.example:8000         | own.example      | +++ | listed at any port
POST /                         | http://own.example:8000                  | - - -                                 | own.example:8000         | own.example:8000 | +++ | listed at that port
POST /                         | http://a.own.example                     | - - -                                 | a.own.example            | *.own.example    | +++ | listed by a closed pattern
POST /                         | http://own.example                       | - - -                                 | own.example              | *                | +-- | `*` is open, and lists nothing
POST /                         | http://evil.vercel.app                   | - - -                                 | evil.vercel.app          | *.vercel.app     | +-- | anybody has a name there
POST /                         | http://own.example                       | - - -                                 | own.example              | *,own.example    | +++ | listed beside an open pattern
POST /                         | http://evil.example                      | - - -                                 | own.example              | own.example      | +-- | listed, and another origin
POST /                         | http://own.example:81                    | - - -                                 | own.example              | own.example      | +-- | another port
POST /                         | http://localhost                         | - - -                                 | localhost                | -                | +++ | never rebound
POST /                         | http://localhost:3000                    | - - -                                 | localhost:3000           | -                | +++ | never rebound
POST /                         | http://localhost.:3000                   | - - -                                 | localhost.:3000          | -                | +++ | never rebound
POST /                         | http://app.localhost:3000                | - - -                                 | app.localhost:3000       | -                | +++ | never rebound
POST /                         | http://127.0.0.1:3000                    | - - -                                 | 127.0.0.1:3000           | -                | +++ | an address
POST /                         | http://192.168.0.20                      | - - -                                 | 192.168.0.20             | -                | +++ | an address
POST /                         | http://[::1]:3000                        | - - -                                 | [::1]:3000               | -                | +++ | an address
ws /                           | ws://[::1]                               | - - -                                 | [::1]                    | -                | +++ | an address
POST /                         | http://localhost:3000                    | - - -                                 | localhost:3001           | -                | +-- | another port
POST /                         | http://localhost:3000                    | - - -                                 | 127.0.0.1:3000           | -                | +-- | the same machine is another origin
POST /                         | http://localhost.evil.example            | - - -                                 | localhost.evil.example   | -                | +-- | a name
POST /                         | http://evillocalhost                     | - - -                                 | evillocalhost            | -                | +-- | a name
POST /                         | http://127.0.0.1.evil.example            | - - -                                 | 127.0.0.1.evil.example   | -                | +-- | a name
POST /                         | http://127.1                             | - - -                                 | 127.1                    | -                | +-- | browsers write addresses in one way

# 3. No Sec-Fetch-Site: no host to compare
ws /                           | null                                     | - - -                                 | own.example              | -                | --- | a sandboxed frame
POST /                         | null                                     | - - -                                 | null                     | -                | +-- | a Host of that name
POST /                         | capacitor://localhost                    | - - -                                 | localhost                | -                | +-- | an application's scheme
ws /                           | ionic://localhost                        | - - -                                 | localhost                | localhost        | --- | the same, listed as host
POST /                         | ftp://own.example                        | - - -                                 | own.example:21           | own.example      | +-- | ftp sends no requests
POST /                         | file://                                  | - - -                                 | own.example              | -                | +-- | files
POST /                         | chrome-extension://abcdefgh              | - - -                                 | abcdefgh                 | -                | +-- | an extension
POST /                         | ()                                       | - - -                                 | ()                       | -                | +-- | an empty Origin is one
POST /                         | own.example                              | - - -                                 | own.example              | own.example      | +-- | malformed
POST /                         | https://own.example/                     | - - -                                 | own.example              | own.example      | +-- | malformed
POST /                         | https://own.example&https://own.example  | - - -                                 | own.example              | own.example      | +-- | two lines are malformed

# The URI's authority: HTTP/2, HTTP/3, absolute targets
POST https://own.example/      | https://own.example                      | - - -                                 | -                        | -                | +++ | `:authority`
POST https://own.example/      | https://own.example                      | - - -                                 | evil.example             | -                | +++ | the URI counts
POST https://own.example/      | https://evil.example                     | - - -                                 | evil.example             | -                | +-- | the URI counts
POST https://own.example/      | https://own.example                      | - - -                                 | a&b                      | -                | +++ | the URI counts
POST https://own.example:443/  | https://own.example                      | - - -                                 | -                        | -                | +++ | the default port
POST https://OWN.example/      | https://own.example                      | - - -                                 | -                        | -                | +++ | hosts have no letter case
POST https://own.example:8443/ | https://own.example                      | - - -                                 | -                        | -                | +-- | another port
POST https://u@own.example/    | https://own.example                      | - - -                                 | own.example              | -                | +-- | user information
POST http://own.example/       | https://own.example                      | - - -                                 | -                        | -                | +++ | its scheme is the proxy's: behind TLS it is http
POST http://own.example/       | http://own.example                       | - - -                                 | -                        | -                | +-- | the name may be rebound
POST http://[::1]:3000/        | http://[::1]:3000                        | - - -                                 | -                        | -                | +++ | an address
ws http://own.example/         | https://own.example                      | - - -                                 | -                        | -                | +++ | an absolute target of HTTP/1.1
POST https://own.example/      | https://own.example                      | same-origin cors empty                | -                        | -                | +++ | beside Sec-Fetch-Site
POST https://own.example/      | https://evil.example                     | same-origin cors empty                | evil.example             | -                | +-- | the URI counts

# allow_hosts, before everything else
GET /                          | -                                        | - - -                                 | own.example              | own.example      | +++ | listed
GET /                          | -                                        | - - -                                 | evil.example:8000        | own.example      | hhh | a rebound page's GET
GET /                          | -                                        | - - -                                 | -                        | own.example      | hhh | no Host
POST /                         | https://app.example                      | cross-site cors empty                 | evil.example             | own.example      | hhh | even of a listed origin
GET /                          | -                                        | none navigate document                | evil.example             | own.example      | hhh | even a navigation
ws /                           | https://evil.example                     | - - -                                 | evil.example             | own.example      | hhh | the host comes first
GET /                          | -                                        | - - -                                 | own.example&own.example  | own.example      | hhh | two Host lines are none
GET /                          | -                                        | - - -                                 | own.example.             | own.example      | hhh | another host
GET /                          | -                                        | - - -                                 | [::1]:3000               | [::1]            | +++ | an address at any port
GET /                          | -                                        | - - -                                 | [::1]:3000               | [::1]:3001       | hhh | another port
GET /                          | -                                        | - - -                                 | [::1]x                   | [::1]            | hhh | text behind the bracket
GET /                          | -                                        | - - -                                 | [::1]3000                | [::1]            | hhh | no colon before the port
GET /                          | -                                        | - - -                                 | localhost                | localhost:8000   | hhh | another port
GET /                          | -                                        | - - -                                 | a.own.example            | *.own.example    | +++ | a subdomain
GET /                          | -                                        | - - -                                 | own.example              | *.own.example    | hhh | not the domain itself
GET /                          | -                                        | - - -                                 | .own.example             | *.own.example    | hhh | `*.` needs a label
GET /                          | -                                        | - - -                                 | aÿ                       | *                | +++ | `*` checks nothing
GET https://own.example/       | -                                        | - - -                                 | evil.example             | own.example      | +++ | the URI counts
GET https://evil.example/      | -                                        | - - -                                 | own.example              | own.example      | hhh | the URI counts
CONNECT https://evil.example/  | -                                        | - - -                                 | -                        | own.example      | hhh | HTTP/2 handshakes too
";
