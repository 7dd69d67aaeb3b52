"""Every secret that the tests come to know, and the search for them in what servers log.

Clients, commands and mailboxes teach secrets here as they receive or present them; the fixture that ends a server then
looks through its log, and the end of the session through all logs once more, for what was learned later.

How a log is searched:

- Long secrets (keys, tokens, sessions, contacts, signing secrets) in every form of `secret_forms`, percent-encoded and
  escaped, anywhere in a word of the log.
- Short ones (codes, PINs) as whole words. Six digits occur by chance, so fields that hold nothing but numbers of ours
  (`pid=123456`) are left out first, and no part of a longer word counts: not the end of an identifier, not a group of a
  UUID, not the fraction of a time.
- Texts of several words as they are.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from secret_forms import forms

LONG = 10
"""From so many characters on a secret is found inside other words too."""

KEY = 8
"""Characters by which long secrets are looked up."""

PUBLIC = {"user@example.com", "+19999999999", "19999999999", "000000"}
"""The sandbox's contacts and its code are in the documentation."""

SECRET_MEMBERS = {"apikey", "key", "secret", "signingsecret", "session", "sessiontoken", "token", "accesstoken",
                  "identitytoken", "verificationtoken", "refreshtoken", "password", "pin", "privatekey"}
CONTACT_MEMBERS = {"to", "contact", "phonenumber", "email", "address", "recipient"}
CODE = re.compile(r"(?=.*\d)[0-9A-Z]{6,9}")
CONTACT = re.compile(r"\+\d{10,15}|[^\s@\"\\]{3,}@[A-Za-z0-9.-]{4,}")
OPAQUE = re.compile(r"[A-Za-z0-9_.+/=-]{24,}")
IDENTIFIER = re.compile(r"[a-z]+_[0-9a-f]{20}")
OWN_KEY = re.compile(r"(?:[a-z]{2}_(?:live|test)|whsec|otp)_[0-9A-Za-z+/=]{24,}")
WEB_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}")

NUMBERS = re.compile(
    r"\b(pid|microseconds|connections|allowed|needed|count|cut|undelivered|webhooks_cut|size|failures|limit|days_left)"
    r"\"?[=:]\"?\d+")
WORD = re.compile(r"(?<![0-9A-Za-z-])[0-9A-Za-z]{6,9}(?![0-9A-Za-z-])")


class KnownSecrets:
    def __init__(self) -> None:
        self._long: dict[str, set[str]] = {}
        self._short: set[str] = set()
        self._texts: set[str] = set()

    # Learning

    def learn_master_key(self, data: Path) -> None:
        """Of the installation in that folder, where its host keeps it."""
        if (master_key := data / "master.key").exists():
            self.add(*re.findall(r"\b[0-9a-f]{64}\b", master_key.read_text(errors="replace")))

    def add(self, *secrets: str) -> None:
        for secret in secrets:
            if secret in PUBLIC or len(secret) < 6:
                continue
            if re.search(r"\s", secret):
                self._texts.add(secret)
            elif len(secret) < LONG:
                self._short.add(secret.upper())
            else:
                self._add_long(secret)

    def _add_long(self, secret: str) -> None:
        if secret in self._long.get(secret[:KEY], ()):
            return
        found = [form.decode() for name, form in forms(secret).items() if not name.startswith("UTF-") or name == "UTF-8"]
        found += [quote(secret, safe=""), json.dumps(secret)[1:-1], secret.replace("/", "\\/"), secret.lstrip("+")]
        for form in found:
            self._long.setdefault(form[:KEY], set()).add(form)

    def learn(self, value: Any, accepted: bool = True) -> None:
        """Takes what is secret out of a message's JSON. In an error `code` is the error's."""
        if isinstance(value, dict):
            for name, member in value.items():
                if isinstance(member, str):
                    self._learn_member(name.replace("_", "").lower(), member, accepted)
                else:
                    self.learn(member, accepted)
        elif isinstance(value, list):
            for element in value:
                self.learn(element, accepted)

    def _learn_member(self, name: str, text: str, accepted: bool) -> None:
        if name == "code" and accepted and CODE.fullmatch(text):
            self.add(text)
        elif name in CONTACT_MEMBERS and CONTACT.fullmatch(text):
            self.add(text)
        elif name in SECRET_MEMBERS and OPAQUE.fullmatch(text) and not IDENTIFIER.fullmatch(text):
            self.add(text)
        else:
            self.learn_text(text)

    def learn_text(self, text: str | bytes) -> None:
        """Takes keys and tokens, which are known by their looks, out of any text."""
        if isinstance(text, bytes):
            text = text.decode(errors="replace")
        self.add(*OWN_KEY.findall(text), *WEB_TOKEN.findall(text))

    def learn_body(self, body: bytes | str | None, accepted: bool = True) -> None:
        text = body.decode(errors="replace") if isinstance(body, bytes) else body or ""
        try:
            self.learn(json.loads(text), accepted)
        except (ValueError, RecursionError):  # hostile tests send what is no JSON, or nested too deep
            self.learn_text(text)

    # Searching

    def faults(self, log: str) -> list[str]:
        """The lines of a log that have a secret, by number and without the secret."""
        seen: set[str] = set()
        found = []
        for number, line in enumerate(log.splitlines(), 1):
            if any(text in line for text in self._texts):
                found.append(f"line {number} has a secret text")
            for word in NUMBERS.sub(r"\1", line).split():
                if word in seen:
                    continue
                if kind := self._kind(word):
                    found.append(f"line {number} has a {kind}")
                else:
                    seen.add(word)
        return found

    def _kind(self, word: str) -> str | None:
        for start in range(len(word) - KEY + 1):
            if any(word.startswith(form, start) for form in self._long.get(word[start:start + KEY], ())):
                return "secret"
        return "code" if any(part.upper() in self._short for part in WORD.findall(word)) else None


known = KnownSecrets()


class Logs:
    """The logs of all servers of this session."""

    def __init__(self) -> None:
        self._searched: dict[Path, int] = {}

    def add(self, log: Path) -> None:
        """One that is searched in the end, whatever becomes of its server."""
        self._searched.setdefault(log, 0)

    def expect_no_secret(self, log: Path) -> None:
        """In what was written since the last look."""
        start = self._searched.setdefault(log, 0)
        if not log.exists():
            return
        written = log.read_bytes()
        self._searched[log] = len(written)
        faults = known.faults(written[start:].decode(errors="replace"))
        assert not faults, f"{log} from byte {start} on: {faults[:10]}"

    def all_faults(self) -> list[str]:
        """In all that was written, by all that is known in the end."""
        logs = [log for log in self._searched if log.exists()]
        return [f"{log}: {fault}" for log in logs for fault in known.faults(log.read_text(errors="replace"))]


logs = Logs()
