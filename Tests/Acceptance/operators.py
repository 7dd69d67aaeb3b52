"""Who is who in one-time permissions: the operator of a server, and the agents, approvers and verifiers it made."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import contacts
from clients.agent_otp import SDK, AgentOTP
from envelope import TOKEN, data_of
from server import Server
from wire import Client

PLENTY = 100_000
"""Requests a minute of an agent whose test is not about rates."""

_numbers = itertools.count(1)


def outcome_of(entry: dict[str, Any]) -> str:
    """How what an entry of the audit tells of ended: `done`, `refused` or `failed`."""
    return entry["details"]["outcome"]


@dataclass
class Party:
    """Somebody with a key."""

    id: str
    key: str = field(repr=False)
    api: AgentOTP = field(repr=False)
    """On a connection of its own, for one thread."""

    @property
    def sdk(self) -> SDK:
        return SDK(self.api)


@dataclass
class Grant:
    """An approved permission and its token."""

    id: str
    token: str = field(repr=False)
    scope: dict[str, Any]
    expires_at: str


class Agent(Party):
    def pending(self, action: str = "mail.send", **fields: Any) -> str:
        """Asks for what nobody has a policy for, and returns the permission's id."""
        permission = data_of(self.api.request(action, **fields), 202)
        assert permission["status"] == "pending"
        return permission["id"]

    def granted(self, action: str = "file.read", **fields: Any) -> Grant:
        """Asks for what its policies approve at once."""
        permission = data_of(self.api.request(action, **fields), 201)
        assert permission["status"] == "approved" and TOKEN.fullmatch(permission["token"])
        return Grant(permission["id"], permission["token"], permission["scope"], permission["expiresAt"])

    def status(self, permission: str) -> str:
        return data_of(self.api.permission(permission))["status"]

    def collected(self, permission: str) -> Grant:
        """Fetches the token of what an approver approved."""
        found = data_of(self.api.permission(permission))
        assert found["status"] == "approved" and TOKEN.fullmatch(found["token"])
        return Grant(permission, found["token"], found["scope"], found["expiresAt"])


class Operator:
    """The workspace's operator. What it made stays, its policies excepted: they are gone after `end`."""

    def __init__(self, server: Server, key: str | None = None) -> None:
        self.server = server
        self._clients: list[Client] = []
        self._policies: list[str] = []
        self.key = key or server.issued["keys"]["operator"]
        self.api = self.by(self.key)

    def by(self, key: str | None, timeout: float = 15) -> AgentOTP:
        """The dialect for the holder of a key, on a connection of its own."""
        self._clients.append(Client(self.server.port, key, timeout=timeout))
        return AgentOTP(self._clients[-1])

    def agent(self, **profile: Any) -> Agent:
        """A new agent that no policy knows: what it asks for, a person decides."""
        wish = {"name": f"agent {next(_numbers)}", "rateLimit": PLENTY} | profile
        made = data_of(self.api.create_agent(wish.pop("name"), **wish), 201)
        return Agent(made["id"], made["apiKey"], self.by(made["apiKey"]))

    def trusted_agent(self, **profile: Any) -> Agent:
        """A new agent whose every request is approved at once."""
        agent = self.agent(**profile)
        self.policy("auto_approve", {}, agentId=agent.id, matchAll=True)
        return agent

    def approver(self) -> Party:
        """A person who decides, made at the command line."""
        made = self.server.json(
            "approver", "add", "--name", f"Approver {next(_numbers)}", "--address", contacts.address())
        assert made["apiKey"].startswith("uk_live_")
        return Party(made["id"], made["apiKey"], self.by(made["apiKey"]))

    def verifier(self, kind: str = "verifier") -> Party:
        """A service that acts on what agents were permitted."""
        made = self.server.json("key", "create", "--kind", kind)
        assert made["key"].startswith("vk_")
        return Party(made["id"], made["key"], self.by(made["key"]))

    def policy(self, action: str, conditions: dict[str, Any], **document: Any) -> str:
        """Makes a policy, and returns its id."""
        whole = {"name": f"policy {next(_numbers)}", "conditions": conditions, "action": action} | document
        made = data_of(self.api.create_policy(**whole), 201)
        self._policies.append(made["id"])
        return made["id"]

    def trail(self, permission: str) -> list[dict[str, Any]]:
        """The audit's entries about a permission, oldest first."""
        entries = data_of(self.api.audit_of_permission(permission, limit=100))
        return sorted(entries, key=lambda entry: (entry["createdAt"], entry["id"]))

    def end(self) -> None:
        try:
            for policy in self._policies:
                self.api.delete_policy(policy)
        except OSError:
            pass  # a test that ended the server needs no tidying
        for client in self._clients:
            client.close()
