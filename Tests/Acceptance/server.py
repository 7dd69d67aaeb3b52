"""The real server as a child process: started on a free port of loopback, ended by its own process id."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inbox import Inbox
from wire import Client

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("COUNTERSIGN_BINARY", ROOT / ".build/release/countersign")).absolute()
ENCLAVE_BINARY = BINARY.with_name("countersign-enclave")
START_SECONDS = 20.0
STOP_SECONDS = 10.0

GENEROUS = [
    "--monthly-quota", "100000", "--daily-budget", "100000", "--recipient-limit", "1000", "--prefix-limit", "100000",
    "--country-limit", "100000", "--network-limit", "0",
]
"""Limits that a test which is not about limits never reaches."""


class StartFailure(Exception):
    """The server ended, or stayed silent, instead of saying `listening`."""


@dataclass(frozen=True)
class Finished:
    """What a command did."""

    status: int
    output: str
    errors: str

    @property
    def json(self) -> Any:
        return json.loads(self.output)

    @property
    def text(self) -> str:
        return self.output + self.errors


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


def run(*arguments: str, seconds: float = 30, environment: dict[str, str] | None = None, cwd: Path | None = None,
        binary: Path = BINARY) -> Finished:
    """Runs one command to its end."""
    done = subprocess.run(
        [str(binary), *arguments], capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})}, cwd=cwd, umask=0)
    return Finished(done.returncode, done.stdout, done.stderr)


class Server:
    """A data folder, and the process that serves it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data.with_name(data.name + ".log")
        self.port = free_port()
        self.issued: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.inbox = Inbox(data / "inbox")

    # Its life

    def init(self) -> dict[str, Any]:
        done = run("init", "--data", str(self.data), "--json")
        assert done.status == 0, f"init failed with {done.status}: {done.errors[-1000:]}"
        self.issued = done.json
        return self.issued

    def start(self, *arguments: str, environment: dict[str, str] | None = None) -> Server:
        assert self.process is None, "it runs already"
        already_logged = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(BINARY), "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}", *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, umask=0, env={**os.environ, **(environment or {})})
        self._wait_until_listening(already_logged)
        return self

    def _wait_until_listening(self, already_logged: int) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            written = self.log.read_bytes()[already_logged:].decode(errors="replace")
            if re.search(rf"listening.*127\.0\.0\.1:{self.port}", written):
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

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=5)
            self.process = None

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
        return f"http://127.0.0.1:{self.port}"

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

    def databases(self) -> list[Path]:
        found = []
        for path in sorted(self.data.iterdir()):
            if path.is_file():
                with path.open("rb") as file:
                    if file.read(16) == b"SQLite format 3\0":
                        found.append(path)
        return found

    def rows(self, table_part: str) -> list[dict[str, Any]]:
        """All rows of the tables whose names contain `table_part`."""
        found: list[dict[str, Any]] = []
        for path in self.databases():
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
                database.row_factory = sqlite3.Row
                names = [row[0] for row in database.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?", (f"%{table_part}%",))]
                for name in names:
                    found += [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')]
        return found

    def row_count(self) -> int:
        """The rows of all tables: what stays the same when nothing is stored."""
        total = 0
        for path in self.databases():
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
                names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                total += sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names)
        return total

    def audit(self) -> list[str]:
        """The audit's entries, each as one line of text."""
        return [" ".join(_text(value) for value in row.values()) for row in self.rows("audit")]

    def enclave_pid(self) -> int:
        """The enclave among the host's children."""
        for pid in _descendants(self.pid):
            if "countersign-enc" in _name(pid):
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
               settings: list[str] | None = None) -> Server:
    """A server on a new data folder, with generous limits, running."""
    server = Server(folder / name)
    server.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if configuration is not None:
        (server.data / "countersign.yaml").write_text(configuration)
    if enclave is not None:
        (server.data / "enclave.yaml").write_text(enclave)
        (server.data / "enclave.yaml").chmod(0o600)
    server.init()
    server.start()
    try:
        server.set(*GENEROUS, *(settings or []))
    except BaseException:
        server.end()
        raise
    return server


def is_alive(pid: int) -> bool:
    """Whether that process still runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _name(pid: int) -> str:
    try:
        return (Path(f"/proc/{pid}/comm").read_text().strip() + " "
                + Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if after_name[0] not in "ZX":
                parents.setdefault(int(after_name[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
