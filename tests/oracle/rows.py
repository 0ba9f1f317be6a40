"""The cases of the differential test as JSON lines, one configuration each.

    {"config": {...}, "cases": [[ask, inner, answer, allowed, outside], ...]}

config   the keyword arguments of CORSMiddleware that are not left at their default; `allow_hosts` is the
         argument of a TrustedHostMiddleware around it
ask      [method, *lines]                the request
inner    [status, body, *lines]          what the app inside answers, if it is asked
answer   [calls, status, body, *lines]   recorded: how often the app was asked, and the response
allowed  recorded: what the middleware thinks of the Origin; null without one
outside  recorded: the answer of TrustedHostMiddleware where it is another one

A line is "name: value", its bytes read as latin-1; "ac-" at the start of a name stands for
"access-control-". To keep the recording small, a line that occurs several times under one
configuration stands once in "lines" beside "config", and a number points to it.
"""

import json
from collections import Counter

# Where the lines begin in ask, inner and answer.
HEADS = (1, 2, 3)
SHORT, LONG = "ac-", "access-control-"


def to_headers(lines):
    """Lines in the form that ASGI has for them."""

    def header(line):
        name, value = line.split(": ", 1)
        if name.startswith(SHORT):
            name = LONG + name.removeprefix(SHORT)
        return name.encode("latin-1"), value.encode("latin-1")

    return [header(line) for line in lines]


def to_lines(headers):
    """What `to_headers` undoes."""

    def line(name, value):
        if name.startswith(LONG):
            name = SHORT + name.removeprefix(LONG)
        return f"{name}: {value}"

    return [line(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def read(text):
    """A group from its line of text, with every header line written out."""
    group = json.loads(text)
    table = group.get("lines", [])

    def unpacked(case):
        parts = [
            part[:head] + [table[item] if isinstance(item, int) else item for item in part[head:]]
            for part, head in zip(case, HEADS)
        ]
        return parts + case[len(HEADS) :]

    return {"config": group["config"], "cases": [unpacked(case) for case in group["cases"]]}


def write(group):
    """What `read` undoes."""
    uses = Counter(
        line for case in group["cases"] for part, head in zip(case, HEADS) for line in part[head:]
    )
    table = {
        line: index for index, line in enumerate(line for line, count in uses.items() if count > 1)
    }

    def packed(case):
        parts = [
            part[:head] + [table.get(line, line) for line in part[head:]]
            for part, head in zip(case, HEADS)
        ]
        return parts + case[len(HEADS) :]

    packed_group = {
        "config": group["config"],
        "lines": list(table),
        "cases": [packed(case) for case in group["cases"]],
    }
    return json.dumps(packed_group, separators=(",", ":"))
