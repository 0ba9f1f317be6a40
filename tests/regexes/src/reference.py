"""Answers, line by line, what Python's re makes of an expression.

In: {"regex": "…", "origins": ["…", …], "samples": N, "seed": N}. Out: {"origins": […], "matches": […]}: the
origins that were given and N texts made from Python's reading of the expression, and whether fullmatch lets each
pass. Where Python has no answer: {"refused": "…"}, since it refuses the expression or warns that its meaning will
change; {"slow": true}, since it is still backtracking.
"""

import json
import random
import re
import signal
import sys
import warnings

try:
    from re import _parser as parser
except ImportError:  # before Python 3.11
    import sre_parse as parser

SECONDS = 0.5
HOST = "abkszABKZ0189._~-"
MOST = 3

warnings.simplefilter("error")


class TooSlow(Exception):
    pass


def alarm(signum, frame):
    raise TooSlow


def sample(items, choose, groups, ignores_case):
    """A text that the items likely match. Assertions are left to chance."""
    return "".join(sample_one(str(op), value, choose, groups, ignores_case) for op, value in items)


def sample_one(op, value, choose, groups, ignores_case):
    again = lambda items: sample(items, choose, groups, ignores_case)
    if op == "LITERAL":
        letter = chr(value)
        return letter.swapcase() if ignores_case and choose.random() < 0.3 else letter
    if op in ("NOT_LITERAL", "ANY", "IN"):
        return member(op, value, choose)
    if op == "BRANCH":
        return again(choose.choice(value[1]))
    if op == "SUBPATTERN":
        group, _, _, items = value
        groups[group] = again(items)
        return groups[group]
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, items = value
        least = min(int(least), 40)
        times = choose.randint(least, max(least, min(int(most), least + MOST)))
        return "".join(again(items) for _ in range(times))
    if op == "ATOMIC_GROUP":
        return again(value)
    if op == "GROUPREF":
        return groups.get(value, "")
    if op == "GROUPREF_EXISTS":
        _, yes, no = value
        return again(choose.choice([yes, no or []]))
    return ""


def member(op, value, choose):
    if op == "NOT_LITERAL":
        matched = [letter for letter in HOST if ord(letter) != value]
    elif op == "ANY":
        matched = list(HOST)
    else:
        matched = members(value)
    return choose.choice(matched or HOST)


def members(items):
    negated, listed, tests = False, [], []
    for op, value in items:
        op = str(op)
        if op == "NEGATE":
            negated = True
        elif op == "LITERAL":
            listed.append(chr(value))
        elif op == "RANGE":
            tests.append(lambda letter, low=value[0], high=value[1]: low <= ord(letter) <= high)
            listed.append(chr((value[0] + value[1]) // 2))
        elif op == "CATEGORY":
            tests.append(CATEGORIES[str(value)].match)
    within = lambda letter: letter in listed or any(test(letter) for test in tests)
    if negated:
        return [letter for letter in HOST if not within(letter)]
    return listed + [letter for letter in HOST if within(letter)]


CATEGORIES = {
    "CATEGORY_DIGIT": re.compile(r"\d"),
    "CATEGORY_NOT_DIGIT": re.compile(r"\D"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"\S"),
    "CATEGORY_WORD": re.compile(r"\w"),
    "CATEGORY_NOT_WORD": re.compile(r"\W"),
}


def answer(asked):
    regex, origins = asked["regex"], asked["origins"]
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        compiled = re.compile(regex)
        choose = random.Random(asked["seed"])
        if asked["samples"]:
            parsed = parser.parse(regex)
            ignores_case = bool(compiled.flags & re.IGNORECASE)
            texts = (sample(parsed, choose, {}, ignores_case) for _ in range(asked["samples"]))
            origins = origins + [text for text in texts if len(text) < 100 and text.isascii()]
        matches = [compiled.fullmatch(origin) is not None for origin in origins]
        return {"origins": origins, "matches": matches}
    except TooSlow:
        return {"slow": True}
    except (re.error, Warning, OverflowError, RecursionError, ValueError) as error:
        return {"refused": str(error)}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        re.purge()


signal.signal(signal.SIGALRM, alarm)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
