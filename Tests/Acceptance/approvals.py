"""Agents that ask, and the people who decide on the approval page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import contacts
from browser import Browser
from inbox import BASE32
from sealed import CODE_LENGTH
from server import Server
from wire import Answer, Client

ADDRESS, CODE, REASON = "Your e-mail address", "Code from the message", "Reason (the agent reads it)"
NUMBER = "Number that the asking side shows"
SEND, CONTINUE, APPROVE, DENY, LEAVE = "Send me a code", "Continue", "Approve", "Deny", "Not you, or done? Leave"


@dataclass
class Agent:
    """An agent with its key."""

    server: Server
    key: str

    def client(self) -> Client:
        return Client(self.server.port, self.key, timeout=40)

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        with self.client() as client:
            return client.request(method, f"/api/v1/permissions{path}", body)

    def ask(self, action: str = "bank.transfer", **wish: Any) -> dict[str, Any]:
        """What a request that waits for people is answered with."""
        answer = self.call("POST", "/request", {"action": action, **wish})
        assert answer.status == 202, answer.said()
        return answer.json["data"]

    def told(self, permission: str, query: str = "") -> dict[str, Any]:
        answer = self.call("GET", f"/{permission}{query}")
        assert answer.status == 200, answer.said()
        return answer.json["data"]


def new_agent(server: Server, name: str = "Robot") -> Agent:
    return Agent(server, server.json("agent", "create", "--name", name)["apiKey"])


@dataclass
class Approver:
    """A person whose mail is read."""

    server: Server
    id: str
    name: str
    address: str

    def newest_code(self, count: int) -> str:
        """The code in the last of `count` messages."""
        messages = self.server.inbox.wait_for(self.address, count)
        assert len(messages) == count
        return messages[-1].code(CODE_LENGTH, BASE32)

    def prove(self, browser: Browser, url: str, count: int = 1) -> str:
        """Opens the page and enters the code that comes, the `count`-th to this person; returns it."""
        browser.open(url)
        browser.wait_for("Who are you?")
        browser.type(ADDRESS, self.address)
        browser.press(SEND)
        browser.wait_for("Enter your code")
        code = self.newest_code(count)
        browser.type(CODE, code)
        browser.press(CONTINUE)
        browser.wait_for("Allow this?")
        return code


def new_approver(server: Server, name: str = "Ada") -> Approver:
    address = contacts.address()
    added = server.json("approver", "add", "--name", name, "--address", address, "--without-key")
    return Approver(server, added["id"], name, address)


def ask_people(server: Server, **demand: Any) -> None:
    """A policy for all requests, with further members."""
    with server.client("operator") as client:
        answer = client.request("POST", "/api/v1/policies", {
            "name": "people", "conditions": {}, "action": "require_approval", **demand})
    assert answer.status == 201, answer.said()
