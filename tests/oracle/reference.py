"""Answers cases by Starlette's CORSMiddleware, and by TrustedHostMiddleware around it where hosts are
configured: JSON lines in, the same with the answers out.

rows.py says how they look. The middleware runs in-process on raw ASGI messages: no server and no
client stand between, so that every byte is its own.
"""

import importlib.metadata
import sys

import rows
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

VERSION = "1.10.0"


class App:
    """The app inside: counts its calls and answers what the case says."""

    inner = None
    calls = 0

    async def __call__(self, scope, receive, send):
        self.calls += 1
        status, body, *lines = self.inner
        await send(
            {"type": "http.response.start", "status": status, "headers": rows.to_headers(lines)}
        )
        await send({"type": "http.response.body", "body": body.encode("latin-1")})


def finish(coroutine):
    """Runs a coroutine that never waits; an event loop would take most of the time here."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("the middleware waited for something")


def respond(middleware, app, method, headers):
    app.calls = 0
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/", "headers": headers}
    finish(middleware(scope, None, send))
    start, *chunks = sent
    body = b"".join(chunk["body"] for chunk in chunks).decode("latin-1")
    return [app.calls, start["status"], body, *rows.to_lines(start["headers"])]


def answer(cors, hosts, app, ask, inner):
    method, *lines = ask
    headers = rows.to_headers(lines)
    app.inner = inner
    answered = respond(cors, app, method, headers)
    origin = next((value.decode("latin-1") for name, value in headers if name == b"origin"), None)
    allowed = None if origin is None else bool(cors.is_allowed_origin(origin))
    case = [ask, inner, answered, allowed]
    if hosts is not None:
        outside = respond(hosts, app, method, headers)
        if outside != answered:
            case.append(outside)
    return case


def main():
    found = importlib.metadata.version("starlette")
    if found != VERSION:
        sys.exit(f"reference.py: the reference is starlette {VERSION}, and this Python has {found}")
    for text in sys.stdin:
        group = rows.read(text)
        app = App()
        config = dict(group["config"])
        allowed_hosts = config.pop("allow_hosts", None)
        cors = CORSMiddleware(app, **config)
        hosts = TrustedHostMiddleware(cors, allowed_hosts) if allowed_hosts else None
        group["cases"] = [answer(cors, hosts, app, ask, inner) for ask, inner, *_ in group["cases"]]
        # Flushed, since the replay asks line by line when it shrinks a case.
        print(rows.write(group), flush=True)


if __name__ == "__main__":
    main()
