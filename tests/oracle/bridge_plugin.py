"""Puts this crate in the place of CORSMiddleware while `starlette_suite` runs Starlette's tests.

The class below is a real ASGI middleware, but all that it decides is decided by the crate, in a
child process that runs `bridge/main.rs`.
"""

import json
import os
import subprocess

import pytest
import rows
import starlette.middleware.cors

FUNCTIONS = 18


class Bridge:
    """The child process. It has one conversation at a time: no test sends two requests at once."""

    def __init__(self):
        command = [os.environ["TOWER_CORS_BRIDGE"]]
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.answers = 0

    def ask(self, row):
        print(json.dumps(row), file=self.child.stdin, flush=True)
        told = json.loads(self.child.stdout.readline())
        if "error" in told:
            raise ValueError(told["error"])
        self.answers += "answer" in told
        return told

    def close(self):
        self.child.communicate()


bridge = Bridge()


class CORSMiddleware:
    def __init__(self, app, **config):
        self.app = app
        self.config = config

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        told = bridge.ask(
            {"config": self.config, "ask": [scope["method"], *rows.to_lines(scope["headers"])]}
        )
        if "answer" in told:
            # The crate has answered by itself, so the app is not called at all.
            _, status, body, *lines = told["answer"]
            await send(
                {"type": "http.response.start", "status": status, "headers": rows.to_headers(lines)}
            )
            await send({"type": "http.response.body", "body": body.encode("latin-1")})
            return

        async def decorate(message):
            if message["type"] == "http.response.start":
                inner = [message["status"], "", *rows.to_lines(message["headers"])]
                _, status, _, *lines = bridge.ask(inner)["answer"]
                message = {**message, "status": status, "headers": rows.to_headers(lines)}
            await send(message)

        await self.app(scope, receive, decorate)


# Before any test is imported: the tests take the class from here.
starlette.middleware.cors.CORSMiddleware = CORSMiddleware

passed = set()


def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed:
        passed.add(report.location[2].split("[")[0])


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(
        f"{len(passed)} functions passed; the crate gave {bridge.answers} answers"
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    bridge.close()
    # Neither a function that is skipped nor one that is no longer there may pass unseen.
    if exitstatus == 0 and len(passed) != FUNCTIONS:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
