"""The real server as a child process: started on a free port of loopback, ended by its own process id."""

from __future__ import annotations

import os
import random
import re
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from commands import BINARY, Finished, run
from inbox import Inbox
from known_secrets import known, logs
from processes import descendants, program
from records import as_text, databases, rows
from wire import Client

START_SECONDS = 20.0
STOP_SECONDS = 10.0

GENEROUS = [
    "--monthly-quota", "100000", "--daily-budget", "100000", "--recipient-limit", "1000", "--prefix-limit", "100000",
    "--country-limit", "100000", "--network-limit", "0", "--visitor-limit", "0",
]
"""Limits that a test which is not about limits never reaches."""


class StartFailure(Exception):
    """The server ended, or stayed silent, instead of saying `listening`."""


def free_port() -> int:
    """A port below the range from which the kernel takes client ports, so that no connection of a test sits on it."""
    for _ in range(200):
        port = random.randrange(20_000, 32_000)
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port")


class Server:
    """A data folder, and the process that serves it."""

    program: Sequence[str] = (str(BINARY),)
    """What starts it, and its other commands."""
    host = "127.0.0.1"
    """The address of this machine where it listens."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data.with_name(data.name + ".log")
        self.output = data.with_name(data.name + ".out")
        self.port = free_port()
        self.issued: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.inbox = Inbox(data / "inbox")

    # Its life

    def init(self) -> dict[str, Any]:
        first, *rest = self.program
        done = run(*rest, "init", "--data", str(self.data), "--json", binary=Path(first))
        assert done.status == 0, f"init failed with {done.status}: {done.errors[-1000:]}"
        self.issued = done.json
        return self.issued

    def start(
        self, *arguments: str, environment: dict[str, str] | None = None, descriptors: int | None = None,
        passed: Sequence[int] = (),
    ) -> Server:
        """With `descriptors` the process may open no more than that; it inherits those that are `passed`."""
        assert self.process is None, "it runs already"
        logs.add(self.log)
        already_logged = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log, self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.program, "serve", "--data", str(self.data), "--listen", f"{self.host}:{self.port}", *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=log, umask=0, env={**os.environ, **(environment or {})},
                pass_fds=passed,
                preexec_fn=descriptors and (
                    lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))))
        self._wait_until_listening(already_logged)
        return self

    def _wait_until_listening(self, already_logged: int) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            written = self.log.read_bytes()[already_logged:].decode(errors="replace")
            if re.search(rf"listening.*{re.escape(self.host)}:{self.port}", written):
                return
            status = self.process.poll()
            if status is not None:
                self.process = None
                raise StartFailure(f"exit status {status}: {written[-1500:]}")
            time.sleep(0.01)
        self.kill()
        raise StartFailure(f"no `listening` within {START_SECONDS} s: {written[-1500:]}")

    def stop(self) -> int:
        """Asks it to finish, and returns its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        assert self.process is not None
        try:
            return self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=5)
            raise
        finally:
            self.process = None
            self._expect_no_secret_in_the_log()

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=5)
            self.process = None
            self._expect_no_secret_in_the_log()

    def _expect_no_secret_in_the_log(self) -> None:
        known.learn_text(self.printed())
        known.learn_master_key(self.data)
        logs.expect_no_secret(self.log)

    def end(self) -> None:
        """At the end of a test: politely, then not."""
        if self.process is None:
            return
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            pass

    # Talking to it

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None, "it does not run"
        return self.process.pid

    def client(self, kind: str | None = "test", timeout: float = 15.0) -> Client:
        """A client with the key of that kind, or without one."""
        return Client(self.port, self.issued["keys"][kind] if kind else None, timeout=timeout)

    def command(self, *arguments: str, seconds: float = 30) -> Finished:
        return run(*arguments, "--data", str(self.data), seconds=seconds)

    def json(self, *arguments: str) -> Any:
        done = self.command(*arguments, "--json")
        assert done.status == 0, f"{' '.join(arguments)}: exit status {done.status}: {done.errors[-1000:]}"
        return done.json

    def set(self, *options: str) -> None:
        done = self.command("workspace", "set", *options)
        assert done.status == 0, f"workspace set {' '.join(options)}: {done.status}: {done.errors[-1000:]}"

    def show(self) -> dict[str, Any]:
        return self.json("workspace", "show")

    # What it leaves behind

    def logged(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def printed(self) -> str:
        """What it wrote to its standard output, for whoever started it: the keys of a first start."""
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def wait_until_logged(self, text: str, seconds: float = 10, times: int = 1) -> None:
        """The line about a request may be written after its answer."""
        deadline = time.monotonic() + seconds
        while self.logged().count(text) < times:
            assert time.monotonic() < deadline, "it is not in the log"
            time.sleep(0.02)

    def audit(self) -> list[str]:
        """The audit's entries, each as one line of text."""
        return [as_text(row) for row in self.rows("audit_entry")]

    def databases(self) -> list[Path]:
        return databases(self.data)

    def rows(self, table_part: str) -> list[dict[str, Any]]:
        return rows(self.data, table_part)

    def enclave_pid(self) -> int:
        """The enclave among the host's children."""
        for pid in descendants(self.pid):
            if "countersign-enc" in program(pid):
                return pid
        raise AssertionError("the host has no enclave among its children")

    def wait_for_enclave(self, other_than: int | None = None, seconds: float = 10) -> int:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                pid = self.enclave_pid()
                if pid != other_than:
                    return pid
            except AssertionError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"no enclave within {seconds} s")


def new_server(folder: Path, name: str = "data", configuration: str | None = None, enclave: str | None = None,
               settings: list[str] | None = None, arguments: list[str] | None = None) -> Server:
    """A server on a new data folder, with generous limits, running; `arguments` are those of `serve`."""
    server = Server(folder / name)
    server.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if configuration is not None:
        (server.data / "countersign.yaml").write_text(configuration)
    if enclave is not None:
        (server.data / "enclave.yaml").write_text(enclave)
        (server.data / "enclave.yaml").chmod(0o600)
    server.init()
    server.start(*(arguments or []))
    try:
        server.set(*_merged(GENEROUS, settings or []))
    except BaseException:
        server.end()
        raise
    return server


def _merged(defaults: list[str], own: list[str]) -> list[str]:
    """Options with their values, each option once."""
    values = dict(zip(defaults[::2], defaults[1::2])) | dict(zip(own[::2], own[1::2]))
    return [word for pair in values.items() for word in pair]
