"""What the host process has seen: its memory, and what went through its sockets and files."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from secret_forms import forms
from server import Server

CHUNK = 1 << 20
ZEROS = bytes(CHUNK)


@dataclass(frozen=True)
class Search:
    """Where which form of a secret was found, without the secret itself."""

    places: list[str]
    bytes_read: int

    def __bool__(self) -> bool:
        return bool(self.places)


def search_bytes(data: bytes, secrets: list[str], where: str) -> list[str]:
    return [f"{form} in {where}" for secret in secrets for form, value in forms(secret).items() if value in data]


def search_memory(pid: int, *secrets: str) -> Search:
    """Searches every readable mapping of a process, but for pages of programs and libraries that are as on disk."""
    wanted: dict[bytes, set[str]] = {}  # a value once, though several forms may look alike
    for form, value in (item for secret in secrets for item in forms(secret).items()):
        wanted.setdefault(value, set()).add(form)
    overlap = max(len(value) for value in wanted) - 1
    places, total = [], 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for mapping in _readable_mappings(pid):
            tail = b""
            for offset in range(0, mapping.length, CHUNK):
                try:
                    memory.seek(mapping.start + offset)
                    data = memory.read(min(CHUNK, mapping.length - offset))
                except (OSError, OverflowError):
                    break
                total += len(data)
                # Zeros were never touched, as most of a thread's stack.
                if data == ZEROS[:len(data)] or data == mapping.on_disk(offset, len(data)):
                    tail = b""
                    continue
                window = tail + data
                places += [f"{form} in {mapping.name}" for value, names in wanted.items() if value in window
                           for form in sorted(names)]
                tail = window[-overlap:]
    return Search(places, total)


@dataclass(frozen=True)
class Mapping:
    """A range of a process's memory. `file` is what it was read from, where the process cannot change it."""

    start: int
    length: int
    name: str
    file: Path | None
    file_offset: int

    def on_disk(self, offset: int, count: int) -> bytes | None:
        if self.file is None:
            return None
        with self.file.open("rb") as file:
            file.seek(self.file_offset + offset)
            return file.read(count)


def _readable_mappings(pid: int) -> list[Mapping]:
    found = []
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        match = re.match(r"([0-9a-f]+)-([0-9a-f]+) (r\S{3}) ([0-9a-f]+) \S+ \S+\s*(.*)", line)
        if match and match[5] not in ("[vvar]", "[vvar_vclock]", "[vsyscall]"):
            start, end, permissions, offset, name = match.groups()
            file = Path(name) if permissions in ("r--p", "r-xp") and Path(name).is_file() else None
            found.append(Mapping(int(start, 16), int(end, 16) - int(start, 16), name or "anonymous memory", file,
                                 int(offset, 16)))
    return found


def expect_in_no_file(server: Server, secrets: list[str], when: str) -> None:
    """`enclave.yaml` and the inbox are where a password and codes belong; all else is searched, the log too."""
    places = search_bytes(server.log.read_bytes(), secrets, "the log")
    for path in server.data.rglob("*"):
        if path.is_file() and path.name != "enclave.yaml" and "inbox" not in path.relative_to(server.data).parts:
            places += search_bytes(path.read_bytes(), secrets, path.name)
    assert not places, f"{when}: {places}"


class Traffic:
    """Everything that a process reads and writes from now on, seen by `strace` at its system calls.

    It is attached to the running host, so the enclave, which was started before, is not among what is seen.
    """

    CALLS = "network,read,write,readv,writev,pread64,pwrite64,preadv,pwritev,preadv2,pwritev2,sendfile,splice"

    def __init__(self, pid: int, file: Path) -> None:
        self.pid, self.file = pid, file
        self.process = subprocess.Popen(
            ["strace", "-f", "-e", f"trace={self.CALLS}", "-xx", "-s", "200000", "-o", str(file), "-p", str(pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._wait_until_attached()

    def _wait_until_attached(self) -> None:
        """Until each thread that the host has now is traced."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"strace: {self.process.stderr.read().decode()[:500]}")  # type: ignore[union-attr]
            tracers = [_tracer(status) for status in Path(f"/proc/{self.pid}/task").glob("*/status")]
            if all(tracer == self.process.pid for tracer in tracers):
                return
            time.sleep(0.02)
        raise RuntimeError("strace did not attach to every thread within 10 s")

    def __enter__(self) -> Traffic:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=10)

    def seen(self) -> bytes:
        """The bytes of all calls so far, each call's on a line of its own."""
        time.sleep(0.2)  # strace writes its file in blocks and after the call
        lines = []
        for line in self.file.read_text(errors="replace").splitlines():
            texts = re.findall(r'"((?:\\x[0-9a-f]{2})*)"', line)
            if texts:
                lines.append(b"".join(bytes.fromhex(text.replace("\\x", "")) for text in texts))
        return b"\n".join(lines)


def _tracer(status: Path) -> int:
    try:
        match = re.search(r"TracerPid:\s*(\d+)", status.read_text())
        return int(match[1]) if match else 0
    except (FileNotFoundError, ProcessLookupError):
        return -1
