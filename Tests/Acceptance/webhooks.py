"""A receiver of webhooks on loopback (`scripts/test-servers/webhook_server.py`), and what an operator does about it."""

from __future__ import annotations

import time
from typing import Any

from script_server import ScriptServer
from server import Server


class Receiver(ScriptServer):
    """It takes every message, unless it is told otherwise, and says which secrets prove it."""

    script = "webhook_server.py"

    def messages(self) -> list[dict[str, Any]]:
        return self.of("request")

    def wait(self, count: int = 1, seconds: float = 10) -> list[dict[str, Any]]:
        return self.wait_for("request", count, seconds)

    def url(self, host: str = "localhost", path: str = "/hooks") -> str:
        return f"https://{host}:{self.port}{path}"

    def enclave_settings(self) -> str:
        """An `enclave.yaml` that lets webhooks go to `localhost`, and to no other private place."""
        return f"webhooks:\n  private_hosts: [localhost]\n  ca_file: {self.certificates / 'ca.pem'}\n"


class Webhook:
    """An endpoint, as its operator has it."""

    def __init__(self, server: Server, url: str, *options: str) -> None:
        self.server = server
        made = server.json("webhook", "create", "--url", url, *options)
        self.id, self.secret = made["id"], made["secret"]

    def do(self, command: str, *options: str) -> Any:
        return self.server.json("webhook", command, self.id, *options)

    def test(self) -> str:
        """Has an event sent, and returns its id."""
        return self.do("test")["delivery"]

    def deliveries(self, *options: str) -> list[dict[str, Any]]:
        return self.do("deliveries", *options)["deliveries"]

    def attempts(self, delivery: str) -> list[dict[str, Any]]:
        return self.do("deliveries", "--delivery", delivery)["attempts"]

    def shown(self) -> dict[str, Any]:
        return next(each for each in self.server.json("webhook", "list")["webhooks"] if each["id"] == self.id)

    def wait_until(self, state: str, delivery: str, seconds: float = 15) -> dict[str, Any]:
        """Waits until what became of a delivery is written down."""
        deadline = time.monotonic() + seconds
        while True:
            found = next(each for each in self.deliveries("--limit", "100") if each["id"] == delivery)
            if found["state"] == state:
                return found
            assert time.monotonic() < deadline, f"{delivery} is {found['state']}, not {state}, after {seconds} s"
            time.sleep(0.05)

    def wait_for_attempts(self, count: int, delivery: str, seconds: float = 15) -> list[dict[str, Any]]:
        deadline = time.monotonic() + seconds
        while len(attempts := self.attempts(delivery)) < count:
            assert time.monotonic() < deadline, f"{len(attempts)} attempts instead of {count} after {seconds} s"
            time.sleep(0.05)
        return attempts
