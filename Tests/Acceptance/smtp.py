"""A real mail server on loopback (`scripts/test-servers/smtp_server.py`), and settings that point the enclave to it."""

from __future__ import annotations

import time
from pathlib import Path

from inbox import Message
from script_server import ScriptServer

USER, PASSWORD = "countersign-user", "correct horse battery staple"


class MailServer(ScriptServer):
    script = "smtp_server.py"

    def __init__(self, certificates: Path, maildir: Path, *options: str, certificate: str = "good",
                 port: int = 0) -> None:
        super().__init__(certificates, "--maildir", str(maildir), *options, certificate=certificate, port=port)

    def command(self, word: str) -> None:
        """`drop` or `dismiss`, and waits until it is done."""
        assert self.process is not None and self.process.stdin is not None
        before = len(self.of("dropped"))
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        self.wait_for("dropped", before + 1)

    def messages(self, contact: str) -> list[Message]:
        """Accepted messages to that contact."""
        return [Message(Path(event["path"]).read_bytes()) for event in self.of("message")
                if contact in event["recipients"]]

    def newest(self, contact: str, count: int = 1, seconds: float = 10) -> Message:
        """The last of `count` messages to that contact, some of which may still be on their way."""
        deadline = time.monotonic() + seconds
        while len(self.messages(contact)) < count:
            assert time.monotonic() < deadline, f"fewer than {count} messages to the contact within {seconds} s"
            time.sleep(0.01)
        return self.messages(contact)[-1]

    def only(self, contact: str) -> Message:
        """The one message to that contact. The server reports it before it accepts it, through a pipe."""
        self.newest(contact, seconds=2)
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
