"""Host and enclave as services of different users, started as systemd starts them. Needs root, to become those users."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from commands import BINARY, ENCLAVE_BINARY, Finished, run
from known_secrets import known, logs
from server import Server

HOST, ENCLAVE, STRANGER = 61_001, 61_002, 61_003
"""Users that no machine has: numbers are enough for the kernel."""


def require_root() -> None:
    if os.geteuid() != 0:
        pytest.fail("only root can start processes of several users: run these tests as root")


def as_user(user: int, *command: str) -> list[str]:
    return ["/usr/bin/setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--", *command]


class Machine:
    """Folders as an operator makes them: programs for all, data for one user each, sockets where only root writes."""

    def __init__(self) -> None:
        require_root()
        self.folder = Path(tempfile.mkdtemp(prefix="countersign-services-"))
        self.folder.chmod(0o755)
        self.programs, self.sockets = self.folder / "bin", self.folder / "run"
        for folder in (self.programs, self.sockets):
            folder.mkdir(mode=0o755)
        for binary in (BINARY, ENCLAVE_BINARY):
            shutil.copy2(binary, self.programs)
        self.host_data, self.enclave_data = self._private("host", HOST), self._private("enclave", ENCLAVE)
        self.socket = self.sockets / "enclave.sock"
        self.log = self.folder / "enclave.log"
        made = self.enclave_command("create-master-key")
        assert made.status == 0, made.text

    def _private(self, name: str, user: int) -> Path:
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        os.chown(folder, user, user)
        return folder

    @property
    def enclave_program(self) -> list[str]:
        return as_user(ENCLAVE, str(self.programs / "countersign-enclave"))

    def enclave_command(self, *arguments: str) -> Finished:
        first, *rest = self.enclave_program
        return run(*rest, *arguments, "--data", str(self.enclave_data), binary=Path(first))

    def write_enclave_settings(self, text: str) -> None:
        path = self.enclave_data / "enclave.yaml"
        path.write_text(text)
        path.chmod(0o600)
        os.chown(path, ENCLAVE, ENCLAVE)

    @property
    def serving(self) -> list[str]:
        """The command of countersign-enclave.service."""
        return [*self.enclave_program, "serve", "--data", str(self.enclave_data), "--host-user", str(HOST)]

    def host(self) -> SeparateServer:
        return SeparateServer(self)

    def enclave_logged(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def remove(self) -> None:
        """Searches its logs first: they go with it."""
        try:
            known.learn_master_key(self.enclave_data)
            for log in (self.log, self.folder / "host.log"):
                logs.expect_no_secret(log)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


class SeparateServer(Server):
    """A host whose enclave is another user's service."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine.host_data)
        self.log = machine.folder / "host.log"
        self.program = as_user(HOST, str(machine.programs / "countersign"))
        settings = machine.host_data / "countersign.yaml"
        settings.write_text(f"enclave_socket: {machine.socket}\n")
        os.chown(settings, HOST, HOST)


def activated(descriptor: int, command: Sequence[str], name: str, environment: dict[str, str] | None = None,
              log: Path | None = None) -> subprocess.Popen[bytes]:
    """Starts a command with a listening socket as its descriptor 3, as systemd does."""
    if log:
        logs.add(log)
    script = f'export LISTEN_PID=$$; exec "$@" 3<&{descriptor} {descriptor}<&-'
    with open(log or os.devnull, "ab") as output:
        return subprocess.Popen(
            ["/bin/bash", "-c", script, "bash", *command], pass_fds=(descriptor,), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output,
            env={**os.environ, "LISTEN_FDS": "1", "LISTEN_FDNAMES": name, **(environment or {})})


class EnclaveSocket:
    """countersign-enclave.socket: keeps the socket, and starts the service whenever somebody waits at it."""

    def __init__(self, machine: Machine, mode: int = 0o600, tracing: Path | None = None) -> None:
        self.machine = machine
        self.tracing = tracing
        self.process: subprocess.Popen[bytes] | None = None
        self.started: list[int] = []
        self.endings: list[int] = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(machine.socket))
        os.chown(machine.socket, HOST, 0)
        machine.socket.chmod(mode)
        self.listener.listen(128)
        self.held = threading.Event()
        """While it is set, who connects waits."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.is_set():
            if self.process is not None:
                status = self.process.poll()
                if status is None:
                    time.sleep(0.005)
                    continue
                self.endings.append(status)
                self.process = None
            if self._somebody_waits() and not self.held.is_set():
                trace = ["strace", "-D", "-f", "-qq", "-o", str(self.tracing), "--"] if self.tracing else []
                self.process = activated(
                    self.listener.fileno(), [*trace, *self.machine.serving], "enclave", log=self.machine.log)
                self.started.append(self.process.pid)

    def _somebody_waits(self) -> bool:
        return bool(select.select([self.listener], [], [], 0.05)[0])

    def wait_for_process(self, other_than: int | None = None, seconds: float = 10) -> int:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            process = self.process
            if process is not None and process.pid != other_than:
                return process.pid
            time.sleep(0.005)
        raise AssertionError(f"no enclave was started: {self.machine.enclave_logged()}")

    def wait_for_ending(self, status: int, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while status not in self.endings:
            assert time.monotonic() < deadline, f"{self.endings}: {self.machine.enclave_logged()}"
            time.sleep(0.005)

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=5)
        self.listener.close()
        self.machine.socket.unlink(missing_ok=True)


CONNECTING = """
import socket, sys
end = socket.socket(socket.AF_UNIX)
end.settimeout(8)
try:
    end.connect(sys.argv[1])
except OSError as error:
    print(type(error).__name__)
    sys.exit()
try:
    if len(sys.argv) > 2:
        one, other = socket.socketpair(socket.AF_UNIX, getattr(socket, sys.argv[2]))
        socket.send_fds(end, [bytes.fromhex(sys.argv[3])], [other.fileno()])
    print("closed" if end.recv(1) == b"" else "answered")
except (BrokenPipeError, ConnectionResetError):
    print("closed")
except TimeoutError:
    print("open")
"""


def knock(path: Path, user: int, *first_message: str) -> str:
    """Connects as a user, and tells what came of it. A first message is a kind of socket, and the bytes it comes with."""
    done = subprocess.run(
        as_user(user, "/usr/bin/python3", "-c", CONNECTING, str(path), *first_message), capture_output=True, text=True,
        timeout=20)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
