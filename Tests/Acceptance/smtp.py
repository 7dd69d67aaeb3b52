"""A real mail server on loopback (`scripts/test-servers/smtp_server.py`), and settings that point the enclave to it."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from inbox import Message

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts/test-servers"
USER, PASSWORD = "countersign-user", "correct horse battery staple"


def make_certificates(folder: Path) -> Path:
    subprocess.run([str(SCRIPTS / "make-certificates.sh"), str(folder)], check=True, capture_output=True, timeout=60)
    return folder


class MailServer:
    """One process; its options are the script's."""

    def __init__(self, certificates: Path, maildir: Path, *options: str, certificate: str = "good",
                 port: int = 0) -> None:
        self.certificates, self.maildir, self.options, self.certificate = certificates, maildir, options, certificate
        self.port = port
        self.events: list[dict[str, Any]] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> MailServer:
        arguments = ["--port", str(self.port), "--maildir", str(self.maildir)]
        arguments += ["--certificate", str(self.certificates / f"{self.certificate}.pem")]
        arguments += ["--key", str(self.certificates / f"{self.certificate}.key")]
        self.process = subprocess.Popen(
            ["/usr/bin/python3", str(SCRIPTS / "smtp_server.py"), *arguments, *self.options, "--control"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        self.port = self.wait_for("listening", count=1)[-1]["port"]
        return self

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.events.append(json.loads(line))

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=5)
            self.process = None
            self.events = [event for event in self.events if event["event"] != "listening"]

    def command(self, word: str) -> None:
        """`drop` or `dismiss`, and waits until it is done."""
        assert self.process is not None and self.process.stdin is not None
        before = len(self.of("dropped"))
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        self.wait_for("dropped", before + 1)

    def of(self, event: str) -> list[dict[str, Any]]:
        return [found for found in list(self.events) if found["event"] == event]

    def wait_for(self, event: str, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        deadline = time.monotonic() + seconds
        while len(self.of(event)) < count:
            assert time.monotonic() < deadline, f"fewer than {count} times `{event}` within {seconds} s"
            time.sleep(0.01)
        return self.of(event)

    def messages(self, contact: str) -> list[Message]:
        """Accepted messages to that contact."""
        return [Message(Path(event["path"]).read_bytes()) for event in self.of("message")
                if contact in event["recipients"]]

    def only(self, contact: str) -> Message:
        """The one message to that contact. The server reports it before it accepts it, through a pipe."""
        deadline = time.monotonic() + 2
        while not self.messages(contact) and time.monotonic() < deadline:
            time.sleep(0.01)
        found = self.messages(contact)
        assert len(found) == 1, f"{len(found)} messages to the contact, not 1"
        return found[0]

    def enclave_settings(self, connections: int = 4, port: int | None = None) -> str:
        """An `enclave.yaml` for this server, or for a relay in front of it."""
        encryption = "implicit" if "--implicit" in self.options else "starttls"
        lines = ["smtp:", "  host: localhost", f"  port: {port or self.port}", f"  tls: {encryption}",
                 f"  ca_file: {self.certificates / 'ca.pem'}", "  from: Example <no-reply@example.com>",
                 f"  connections: {connections}"]
        if "--user" in self.options:
            lines += [f"  username: {USER}", f"  password: {PASSWORD}"]
        return "\n".join(lines) + "\n"
