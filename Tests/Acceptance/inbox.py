"""The inbox: a Maildir in the data folder, for every channel that has no provider."""

from __future__ import annotations

import email
import email.policy
import os
import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

from known_secrets import known

DIGITS = r"\d"
BASE32 = r"[0-9A-HJKMNP-TV-Z]"


@dataclass(frozen=True)
class Message:
    """A message as it was written, and its parts."""

    raw: bytes

    @cached_property
    def parsed(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)  # type: ignore[return-value]

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"] or "")

    @property
    def text(self) -> str:
        return self._content("plain")

    @property
    def html(self) -> str:
        return self._content("html")

    def _content(self, kind: str) -> str:
        part = self.parsed.get_body(preferencelist=(kind,))
        return part.get_content() if part is not None else ""

    def is_for(self, contact: str) -> bool:
        return contact.encode() in self.raw

    def code(self, length: int = 6, characters: str = DIGITS) -> str:
        """The code: the one word of that shape in the plain text."""
        words = re.findall(rf"(?<![\w+@.-])({characters}{{{length}}})(?![\w@])", self.text)
        assert len(set(words)) == 1, f"{len(set(words))} words of the text look like a code"
        known.add(words[0])
        return words[0]

    def __repr__(self) -> str:
        return "<message>"


class Inbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, tuple[int, Message]] = {}

    def messages(self, contact: str | None = None) -> list[Message]:
        """Delivered messages, oldest first."""
        delivered = self.folder / "new"
        for entry in os.scandir(delivered) if delivered.is_dir() else []:
            if entry.name not in self._read:  # a message in `new` never changes
                self._read[entry.name] = (entry.stat().st_mtime_ns, Message(Path(entry.path).read_bytes()))
        in_order = [message for _, (_, message) in sorted(self._read.items(), key=lambda item: (item[1][0], item[0]))]
        return [message for message in in_order if contact is None or message.is_for(contact)]

    def only(self, contact: str) -> Message:
        """The one message to that contact. It is there already: `dispatched` was answered after it was written."""
        found = self.messages(contact)
        assert len(found) == 1, f"{len(found)} messages to the contact, not 1"
        return found[0]

    def code(self, contact: str, length: int = 6, characters: str = DIGITS) -> str:
        return self.only(contact).code(length, characters)

    def wait_for(self, contact: str, count: int = 1, seconds: float = 5) -> list[Message]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.messages(contact)
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"fewer than {count} messages within {seconds} s")
