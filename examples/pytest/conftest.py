"""The fixture `hasim`: a simulated HA client with its appliances, fresh for each test and gone after it.

The program is $HASIM, or hasim on PATH. Copy this file beside your own tests, and name your own Chrystoki.conf in CONF.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request

import pytest

PROGRAM = os.environ.get("HASIM", "hasim")
CONF = pathlib.Path(__file__).resolve().parents[2] / "config" / "Chrystoki.conf"
SPEED = 10  # simulated seconds in a real one: ReceiveTimeout is 2 s, and members are tried again every 6 s

# No proxy stands between this test and its own machine, whatever the environment says.
WEB = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Hasim:
    """One run of hasim, told and asked over its HTTP API."""

    def __init__(self, folder):
        self.folder = folder
        self.said = folder / "hasim.err"
        self.process = None
        self.url = None

    def start(self):
        """Starts it, and returns once every client is logged in to every group."""
        command = [PROGRAM, "run", "--conf", CONF, "--log-dir", self.folder / "log", "--speed", str(SPEED), "--http", "0",
                   "--for", "30m"]  # 3 minutes of real time: it ends by itself, even if this process is killed before
        # A runtime folder of its own: `hasim ctl` at your terminal does not find the hasims of tests.
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(self.folder)}
        if shutil.which(PROGRAM) is None:
            pytest.fail(f"there is no program {PROGRAM!r}; put hasim on PATH, or name it in $HASIM", pytrace=False)
        with open(self.said, "wb") as said:
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=said)
        end = time.monotonic() + 30
        while "ready: " not in self.said.read_text():
            if self.process.poll() is not None:
                pytest.fail(f"hasim ended with {self.process.returncode}:\n{self.said.read_text()}", pytrace=False)
            if time.monotonic() > end:
                pytest.fail(f"hasim was not ready within 30 s:\n{self.said.read_text()}", pytrace=False)
            time.sleep(0.02)
        self.url = re.search(r"http://\S+/", self.said.read_text()).group()

    def stop(self):
        """Ends it, whatever state it is in."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        finally:
            self.process.kill()  # does nothing to a process that has ended
            self.process.wait()

    def do(self, *lines):
        """Breaks or heals something, in the words of `hasim faults`. All of the lines are done, or none of them."""
        return json.loads(self._ask("api/v1/commands", "\n".join(lines)))["done"]

    def writes(self, line, seconds):
        """Whether such a line is in the HA log since the last `do`, or comes within so many seconds of real time."""
        wanted = json.dumps({"line": line, "timeout": f"{seconds}s"})
        return json.loads(self._ask("api/v1/wait", wanted, patience=seconds + 10))["found"]

    def wait_for(self, line, seconds=15):
        """Returns once such a line is in the HA log, and fails the test when it does not come."""
        assert self.writes(line, seconds), f"no line {line!r} within {seconds} s; the HA log is:\n{self.log()}"

    def state(self):
        """All there is to know of the run: appliances, groups, members, calls."""
        return json.loads(self._ask("api/v1/state"))

    def member(self, serial):
        """The member's part of the state: its state, its drops, its recoveries."""
        members = [member for group in self.state()["groups"] for member in group["members"]]
        return next(member for member in members if member["serial"] == serial)

    def scenario(self):
        """What was done so far and what came of it, as a file for `hasim test`."""
        return self._ask("api/v1/scenario")

    def log(self):
        """The HA log as it is."""
        path = self.folder / "log" / "haErrorLog.txt"
        return path.read_text() if path.exists() else ""

    def _ask(self, path, body=None, patience=10):
        request = urllib.request.Request(self.url + path, data=None if body is None else body.encode())
        try:
            with WEB.open(request, timeout=patience) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise ValueError(f"hasim refuses {body!r}: {json.load(error)['detail']}") from None
        except urllib.error.URLError as error:
            raise ConnectionError(f"hasim does not answer ({error.reason}); it said:\n{self.said.read_text()}") from None


@pytest.fixture
def hasim(tmp_path):
    one = Hasim(tmp_path)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def pytest_configure():
    # A SIGTERM ends the tests as Ctrl-C does: fixtures are torn down, and no hasim is left.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
