"""Makes cases for the differential test, the same for the same seed; rows.py says how they look.

    cases.py --seed 1 --cases 5000

The values are not uniform noise: most are taken from what the configuration allows, or are one step
away from it, for that is where two readings of a rule part. Every configuration is one that this
crate builds with all risks tolerated.
"""

import argparse
import json
import random
import sys

# Well-formed in a configuration; patterns are this crate's extension and stay out.
ORIGINS = [
    "https://example.org", "https://app.example.org", "https://a.b.example.co.uk",
    "https://example.org:8443", "https://xn--mnchen-3ya.example", "https://my_host.example.org",
    "https://[2001:db8::1]", "https://[::1]:8443", "http://localhost", "http://localhost:3000",
    "http://127.0.0.1:8000", "wss://socket.example.org", "tauri://localhost",
    "chrome-extension://abcdefgh", "app://-", "null",
]

# Each with origins that it takes, nearly takes, or takes although no browser sends them.
REGEXES = {
    r"https://.*": [
        "https://x", "https://", "https://a/b", "https://\xe9\xff", "http://x", "https://a:0",
        "https://a b",
    ],
    r"https://.*\.example\.org": [
        "https://a.example.org", "https://example.org", "https://.example.org",
        "https://evil.example/.example.org", "https://evil.example#.example.org",
        "https://evil.example:443.example.org", "https://user@a.example.org",
        "https://a.example.org:8443", "https://a.example.org.evil.example", "https://A.example.org",
        "https://a,https://b.example.org",
    ],
    r"https://.*?\.example\.org(:\d+)?": [
        "https://a.example.org:1", "https://a.example.org:0", "https://a.example.org:65536",
    ],
    r"https://(a|ab)\.example\.org": [
        "https://a.example.org", "https://ab.example.org", "https://abc.example.org",
    ],
    r"https://(?:a|ab|abc)": ["https://a", "https://ab", "https://abc", "https://abcd"],
    r"https://a|https://ab": ["https://a", "https://ab", "https://abc", "xhttps://a"],
    r"a|ab": ["a", "ab", "https://a"],
    r"https://a\.example\.org|null": [
        "https://a.example.org", "null", "https://a.example.orgnull", "NULL",
    ],
    r"(?i)https://EXAMPLE\.org": [
        "https://example.org", "https://EXAMPLE.org", "HTTPS://example.org",
    ],
    r"https://(?P<host>[a-z0-9-]+)\.example\.(?:org|com)": [
        "https://a-1.example.com", "https://a_1.example.com", "HTTPS://a.example.org",
    ],
    r"https://[a-z]+\.example\.org": [
        "https://abc.example.org", "https://a1.example.org",
    ],
    r"^https://example\.org$": [
        "https://example.org", "https://example.orgs", "https://example.org\t",
    ],
    r"\Ahttps?://(?:localhost|127\.0\.0\.1)(?::\d{1,5})?": [
        "http://localhost:5173", "https://127.0.0.1", "http://localhost:", "http://localhost:99999",
    ],
    r"https://example.org": ["https://example.org", "https://examplexorg", "https://example/org"],
    r"https://\w+\.example\.org": [
        "https://a_b.example.org", "https://\xe9.example.org", "https://\xb2.example.org",
    ],
    r"https://[^/]+": [
        "https://x:1", "https://x/", "https://\xa0", "https://[::1]", "https://[::g]",
    ],
    r"https://a{2,3}\.example\.org": [
        "https://a.example.org", "https://aa.example.org", "https://aaaa.example.org",
    ],
    r"[a-z-]+://[a-h]{8}": [
        "chrome-extension://abcdefgh",
        "moz-extension://abcdefgh",
    ],
    r"tauri://localhost|app://-": ["tauri://localhost", "app://-", "app://--", "tauri://LOCALHOST"],
    r"https://\[::1\](:[0-9]+)?": ["https://[::1]", "https://[::1]:8443", "https://[::1]:"],
    r"https://.+\.example\.org": ["https://.example.org", "https://..example.org"],
    r".*": ["null", "", "x", "https://x", "\xff", "*"],
    r".+": ["null", "", "x", "https://x", "\t"],
    r"": ["", "null", "https://x"],
    r"null": ["null", "nul", "Null"],
}

OPEN = [".*", ".+", "https://.*", "https://[^/]+"]

# Of regular expressions around one host, and of origins that such expressions take or do not.
REGEX_PARTS = [
    ["https", "https?", "(?:http|https)", "[a-z]+", "(?i)HTTPS"],
    [
        "", r"[a-z0-9-]+\.", r"(?:[a-z]+\.)*", r".*\.", r".+\.", r"(?:a|ab)\.?", r"\w+?\.",
        r"(a\.|b\.)?", ".*", ".",
    ],
    ["", "", r":\d+", r"(:\d{1,5})?", ":8443", "(?::80|:8443)", ":.*"],
]
SAMPLE_PARTS = [
    ["https", "https", "http", "ws", "HTTPS"],
    ["", "a.", "a.", "ab.", "a.b.", "ab", ".", "A.", "-.", "a/", "x", "a b.", "\xe9."],
    ["", "", ":1", ":8443", ":80", ":0", ":080", ":", ":x"],
]

# Just inside and just outside what is well-formed.
EDGES = [
    "null", "NULL", "", "https://", "https://h", "https:///h", "https:/h", "https:h", "//h", "://h",
    *(f"{'s' * length}://h" for length in (1, 64, 65)), "s+.-1://h", "1s://h", "s_://h", "S://h",
    *(f"https://{'h' * length}" for length in (254, 255)), "https://h.", "https://.", "https://-_",
    *(f"tauri://{'h' * length}" for length in (253, 254)), "tauri://H~", "https://H", "https://h~",
    "https://h:1", "https://h:65535", "https://h:65536", "https://h:0", "https://h:01",
    "https://h:", "https://h:+1", "https://h:-1", "https://h:1:1", "tauri://h:1", "tauri://h:x",
    "https://h:443",
    "https://[::1]", "https://[::1]:1", "https://[::1]1", "https://[::g]", "https://[::1",
    "https://::1", "https://[]", "https://[1.2.3.4]", "https://[::1.2.3.4]", "tauri://[::1]",
    "https://h/", "https://h?", "https://h#", "https://u@h", "https://h ", " https://h",
    "https://h,", "https://h\xa0", "https://\xe9", "https://h\\", "https://%68", "https://*",
]

# Pieces of origins, right and wrong.
SCHEMES = ["https"] * 6 + [
    "http", "ws", "ftp", "tauri", "custom+x.y-1", "HTTPS", "Tauri", "1https", "ht_tp", "",
]
SEPARATORS = ["://"] * 12 + [":", ":/", "//", ":///", ""]
HOSTS = ["example.org"] * 4 + [
    "EXAMPLE.org", "example.org.", "under_score.example", "-", "~tilde", "127.0.0.1", "1", "",
    "[::1]", "[::ffff:1.2.3.4]", "[::FFFF]", "[::g]", "[::1", "::1", "[1.2.3.4]", "[]",
    "[fe80::1%25eth0]", "user@example.org", "user:secret@example.org", "a b", "m\xfcnchen.example",
    "%41.example", "*", "*.example.org",
]
PORTS = [""] * 12 + [
    ":1", ":443", ":80", ":65535", ":65536", ":0", ":080", ":", ":x", ":-1", ":+1", ":1:2", ":\xb2",
    ":4294967297",
]
TAILS = [""] * 16 + [
    "/", "/.example.org", "?q", "#f", " ", "\t", "\xa0", ",", ", https://example.org", ";", "\\",
    ".",
]

EIGHT = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"]
METHODS = EIGHT + ["PROPFIND", "M-SEARCH", "CUSTOM", "TRACE", "Custom", "x!#$%&'*+-.^_`|~9"]
ODD_METHODS = [
    "", "get", "Get", "gET", "post", "patch", "*", "GET,POST", "GET, POST", " GET", "GET ", "\tGET",
    "GET\xa0", "G\xc9T", "NOPE",
]
REQUEST_METHODS = ["GET"] * 6 + [
    "POST", "PUT", "HEAD", "DELETE", "PATCH", "QUERY", "options", "Options", "OPTION", "OPTIONSX",
    "PURGE",
]
OTHER_LINES = [
    "cookie: a=b", "accept: */*", "vary: Origin", "x-origin: https://example.org",
    "host: example.org",
]

NAMES = [
    "X-Token", "x-token", "Authorization", "authorization", "X-Requested-With", "Content-Type",
    "content-type", "ACCEPT", "Range", "X-A", "x_b", "a", "Zz", "Cookie", "!#$%&'+-.^_`|~0",
]
# Prefixes, which Starlette compares to the letter, and what follows them.
PREFIXES = ["X-Amz-Meta-*", "x-b-*", "Mcp-Param-*"]
UNDER_PREFIX = ["a", "B-c", "!", "*", "", "a b", "\xe9"]
SAFELISTED = ["Accept", "Accept-Language", "Content-Language", "Content-Type"]
ODD_NAMES = [
    "x-nope", "*", "", "", "x", "x-token:", "x token", "x-t\xf6ken", "x-t\xd6ken", "\xa0", "\x85",
    "X-Tokens", "X-Toke", "x" * 40,
]
BLANKS = ["", "", "", "", " ", " ", "\t", "  ", " \t ", "\xa0", "\x85"]
EXPOSED = ["X-Status", "x-status", "ETag", "Content-Length", "X-B", "Authorization", "Location"]

VARY = [
    "Accept-Encoding", "accept", "Accept, Accept-Language", "Origin", "origin", "ORIGIN",
    "Accept-Encoding,oRiGin", "Origin, Origin", "*", "Accept, *", "", ",", "Accept,,", " Origin ",
    "\tOrigin", "Origin\xa0", "X-Original", "Original", "\xff",
]
STATUSES = [200] * 8 + [201, 204, 301, 304, 307, 400, 404, 500, 503, 599]


# What TrustedHostMiddleware may be told, and hosts that are it, nearly it, or no hosts.
LISTED_HOSTS = [
    "example.org", "Example.ORG", "www.example.com", "*.example.org", "*.tenants.example.org",
    "localhost", "localhost:8000", "example.org:443", "127.0.0.1", "[::1]", "[::1]:3000",
    "my_host.example", "*.vercel.app", "xn--mnchen-3ya.example",
]
ASKED_HOSTS = [
    "example.org", "EXAMPLE.org", "a.example.org", "a.b.tenants.example.org", "tenants.example.org",
    "example.com", "www.example.com", "a.vercel.app", "vercel.app", "localhost", "127.0.0.1",
    "[::1]", "[0:0:0:0:0:0:0:1]", "my_host.example", "xn--mnchen-3ya.example", "evil.example",
    "example.org.evil.example", "evilexample.org", ".example.org", "a..example.org", "..example.org",
    "A.Example.Org", "example.org.", "m\xfcnchen.example", "",
]
ASKED_PORTS = [""] * 8 + [
    ":8000", ":8000", ":443", ":80", ":3000", ":3000", ":0", ":0443", ":65536", ":", ":x", ":-1",
    ":99999999999999999999",
]
HOST_TAILS = [""] * 24 + ["/", " ", "\xa0", ",", ", example.org", "@example.org", "%20", "~", "!", "\xff"]


def some(rng, pool, least=0, most=4):
    """A few of the pool, in any order, now and then with a duplicate."""
    chosen = rng.sample(pool, min(len(pool), rng.randint(least, most)))
    if chosen and rng.random() < 0.2:
        chosen.insert(rng.randint(0, len(chosen)), rng.choice(chosen))
    return chosen


def with_star(rng, chosen, alone, beside):
    """`*` instead of what was chosen, or somewhere in it."""
    dice = rng.random()
    if dice < alone:
        return ["*"]
    if dice < alone + beside:
        chosen.insert(rng.randint(0, len(chosen)), "*")
    return chosen


def around_host(rng, parts, host):
    scheme, subdomains, port = map(rng.choice, parts)
    return f"{scheme}://{subdomains}{host}{port}"


def configuration(rng, number):
    config = {}
    if number % 4 == 0:
        # In turn, so that none is left out.
        config["allow_origin_regex"] = list(REGEXES)[number // 4 % len(REGEXES)]
    elif rng.random() < 0.35:
        config["allow_origin_regex"] = around_host(rng, REGEX_PARTS, r"example\.org")
    if rng.random() < 0.8:
        # Under `*` no expression is tried.
        star = 0.05 if config else 0.4
        config["allow_origins"] = with_star(rng, some(rng, ORIGINS, most=6), star, star / 3)
    if rng.random() < 0.7:
        config["allow_methods"] = with_star(rng, some(rng, METHODS), 0.25, 0.2)
    if rng.random() < 0.75:
        names = some(rng, NAMES)
        if rng.random() < 0.2:
            names += some(rng, PREFIXES, least=1, most=2)
        config["allow_headers"] = with_star(rng, names, 0.2, 0.1)
    if rng.random() < 0.5:
        config["allow_credentials"] = rng.random() < 0.9
    if rng.random() < 0.5:
        config["expose_headers"] = with_star(rng, some(rng, EXPOSED), 0.1, 0.1)
    if rng.random() < 0.4:
        config["allow_private_network"] = rng.random() < 0.8
    if rng.random() < 0.4:
        config["max_age"] = rng.choice([0, 1, 5, 600, 7200, 86400, 86401, 2**31, 2**32, 2**53])
    return config


def recased(rng, text):
    return rng.choice([text, text, text.lower(), text.upper(), text.swapcase(), text.title()])


def origin(rng, config):
    # Where everything is allowed, what is well-formed shows best.
    is_open = "*" in config.get("allow_origins", []) or config.get("allow_origin_regex") in OPEN
    if rng.random() < (0.3 if is_open else 0.03):
        return rng.choice(EDGES)
    dice = rng.random()
    listed = [item for item in config.get("allow_origins", []) if item != "*"]
    if listed and dice < 0.3:
        return rng.choice(listed)
    if "allow_origin_regex" in config and dice < 0.65:
        composed = around_host(rng, SAMPLE_PARTS, "example.org")
        return rng.choice(REGEXES.get(config["allow_origin_regex"], [composed]))
    if dice < 0.75:
        return rng.choice(ORIGINS)
    if dice < 0.85:
        # One step away from an origin that may be allowed.
        text = rng.choice(listed or ORIGINS)
        at = rng.randint(0, len(text))
        added = rng.choice("a./:-A0 \t\xa0\xe9@*")
        return rng.choice(
            [
                text[:at] + text[at + 1 :],
                text[:at] + added + text[at:],
                text + rng.choice(TAILS),
                text.upper(),
                " " + text,
            ]
        )
    if dice < 0.88:
        return rng.choice(["*", "null ", " ", "\xff\x80", "undefined"])
    return "".join(map(rng.choice, [SCHEMES, SEPARATORS, HOSTS, PORTS, TAILS]))


def asked_method(rng, config):
    methods = config.get("allow_methods", ["GET"])
    allowed = [item for item in methods if item != "*"] + (EIGHT if "*" in methods else [])
    dice = rng.random()
    if allowed and dice < 0.65:
        return rng.choice(allowed)
    return rng.choice(METHODS if dice < 0.8 else ODD_METHODS)


def asked_headers(rng, config):
    """One line of Access-Control-Request-Headers."""
    allowed = [item for item in config.get("allow_headers", []) if item != "*"] + SAFELISTED
    if rng.random() < 0.08:
        return rng.choice(["", "", "", " ", ",", ", ,", "\xa0", "\xff,\x80"])

    def element():
        dice = rng.random()
        pool = allowed if dice < 0.88 else NAMES if dice < 0.92 else ODD_NAMES
        return rng.choice(BLANKS) + recased(rng, name(rng.choice(pool))) + rng.choice(BLANKS)

    def name(item):
        return item[:-1] + rng.choice(UNDER_PREFIX) if item.endswith("-*") else item

    if rng.random() < 0.6:
        # As browsers send it: lower case, sorted, no blanks.
        names = {name(rng.choice(allowed)).lower() for _ in range(rng.randint(1, 3))}
        return ",".join(sorted(names))
    separators = [",", ",", ",", ", ", ", ", ",,", ";", " " * 9 + "," + " " * 9, " " * 20]
    return rng.choice(separators).join(element() for _ in range(rng.randint(1, 4)))


def request(rng, config):
    dice = rng.random()
    method = "OPTIONS" if dice < 0.6 else rng.choice(REQUEST_METHODS)
    preflight = method == "OPTIONS" or rng.random() < 0.15
    lines = []

    def add(name, weights, value):
        count = rng.choices(range(len(weights)), weights)[0]
        lines.extend(f"{name}: {value()}" for _ in range(count))

    add("origin", [8, 88, 4], lambda: origin(rng, config))
    if preflight:
        add("ac-request-method", [7, 88, 5], lambda: asked_method(rng, config))
        add("ac-request-headers", [30, 55, 11, 4], lambda: asked_headers(rng, config))
        private_network = ["true", "true", "false", ""]
        add("ac-request-private-network", [80, 17, 3], lambda: rng.choice(private_network))
    if rng.random() < 0.15:
        lines.append(rng.choice(OTHER_LINES))
    rng.shuffle(lines)
    return [method, *lines]


def inner(rng, ask):
    """What the app inside answers: CORS headers too, since apps and mounted layers set them."""
    asked = [text.split(": ", 1)[1] for text in ask[1:] if text.startswith("origin: ")]
    lines = []

    def add(likely, name, pool, most=2):
        if rng.random() < likely:
            lines.extend(f"{name}: {rng.choice(pool)}" for _ in range(rng.randint(1, most)))

    # Preflights never get here, which a few plain answers show as well as many.
    likely = 0.1 if ask[0] == "OPTIONS" else 1
    add(0.55 * likely, "vary", VARY, 3)
    add(0.25 * likely, "ac-allow-origin", ["*", "https://in.example", "null", "", *asked])
    add(0.2 * likely, "ac-allow-credentials", ["true", "false", "TRUE", ""])
    add(0.2 * likely, "ac-expose-headers", ["X-Inner", "*", "", "X-Inner, X-Other"])
    add(0.05 * likely, "ac-allow-methods", ["GET", "*"])
    add(0.05 * likely, "ac-allow-headers", ["x-inner"])
    add(0.05 * likely, "ac-max-age", ["5"])
    add(0.05 * likely, "ac-allow-private-network", ["true"])
    add(0.3 * likely, "set-cookie", ["a=1", "b=2; HttpOnly", "a=\xe9", ""], 3)
    add(0.3 * likely, "content-type", ["text/plain", "text/html; charset=x"], 1)
    add(0.1 * likely, "x-other", ["", "\x80\xff", " kept ", "Origin"])
    if rng.random() < 0.012 * likely:
        # A response with many names, for which the layer may take another way.
        lines.extend(f"x-{number}: " for number in range(18))
    rng.shuffle(lines)
    status = rng.choice(STATUSES) if likely == 1 else 200
    body = rng.choice(["", "in"] * 9 + ["\xff\x00"])
    return [status, body, *lines]


def with_hosts(rng, config, asks):
    """Lists hosts, and names one in each request."""
    config["allow_hosts"] = with_star(rng, some(rng, LISTED_HOSTS, least=1, most=5), 0.05, 0.05)

    def host():
        listed = [item.removeprefix("*.") for item in config["allow_hosts"] if item != "*"]
        dice = rng.random()
        if listed and dice < 0.3:
            return rng.choice(listed)
        if listed and dice < 0.45:
            return rng.choice(["a.", "a.b.", ".", "A.", "a~."]) + rng.choice(listed)
        return "".join(map(rng.choice, [ASKED_HOSTS, ASKED_PORTS, HOST_TAILS]))

    for ask in asks:
        count = rng.choices(range(3), [4, 90, 6])[0]
        ask[1:1] = [f"host: {host()}" for _ in range(count)]


def group(rng, number, size):
    config = configuration(rng, number)
    asks = [request(rng, config) for _ in range(size)]
    if number % 6 == 5:
        # With dice of their own, so that the other cases stay as they are.
        with_hosts(random.Random(str(rng.getstate())), config, asks)
    return {"config": config, "cases": [[ask, inner(rng, ask)] for ask in asks]}


def main():
    parser = argparse.ArgumentParser(description="Makes cases for the differential test.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--per-configuration", type=int, default=28)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    for number in range(-(-options.cases // options.per_configuration)):
        json.dump(group(rng, number, options.per_configuration), sys.stdout, separators=(",", ":"))
        print()


if __name__ == "__main__":
    main()
