"""The Swift client against the real server: each of its flows, as `examples/client` runs them at a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import contacts
from clients.p256 import PrivateKey
from commands import BINARY, ROOT
from sealed import code_for
from server import Server

EXAMPLE = BINARY.with_name("countersign-client-example")
EXAMPLE_SOURCES = sorted((ROOT / "examples/client").glob("*.swift"))
WRONG = "000000000"


class Terminal:
    """One run of the example: what it prints, and what a person types."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def types(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def tells(self) -> dict[str, Any]:
        return json.loads(self.says())

    def ends(self) -> tuple[int, str]:
        """Its exit status, and what it complained about."""
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


@pytest.fixture
def client_of() -> Iterator[Callable[[Server], Callable[..., Terminal]]]:
    """For a server, what runs a flow of the example against it; its `settings` replace keys and names."""
    running: list[subprocess.Popen[str]] = []

    def of(server: Server) -> Callable[..., Terminal]:
        def start(*arguments: str, **settings: str) -> Terminal:
            running.append(subprocess.Popen(
                [str(EXAMPLE), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, env={**os.environ, **environment(server, **settings)}))
            return Terminal(running[-1])
        return start

    yield of
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=5)


@pytest.fixture
def client(server: Server, client_of: Callable[[Server], Callable[..., Terminal]]) -> Callable[..., Terminal]:
    return client_of(server)


def environment(server: Server, **settings: str) -> dict[str, str]:
    issued = server.issued
    usual = {
        "server": server.url, "secret_key": issued["keys"]["live"], "workspace": issued["workspace"],
        "issuer": issued["issuer"], "configuration": issued["authProxyConfig"], "signer_key": issued["enclave"]["signingKey"],
        "notary_key": issued["enclave"]["notaryKey"]}
    return {f"COUNTERSIGN_{name.upper()}": value for name, value in (usual | settings).items()}


def test_a_back_end_proves_a_contact(server, client):
    to = contacts.phone()
    terminal = client("back-end", to)
    assert terminal.says() == "code?"
    code = server.inbox.code(to)
    terminal.types(contacts.wrong(code))
    assert [terminal.says(), terminal.says()] == ["wrong, 4 left", "code?"]
    terminal.types(code)
    assert to in terminal.tells()["contact"]
    assert terminal.ends() == (0, "")


def test_an_app_logs_in_uses_its_session_and_logs_out(server, client):
    to = contacts.address()
    terminal = client("app", to)
    assert terminal.says() == "code?"
    terminal.types(WRONG)
    assert [terminal.says(), terminal.says()] == ["wrong, 2 left", "code?"]
    terminal.types(code_for(server, to).lower())
    told = terminal.tells()
    assert told["session"].startswith("se_") and told["new"] == "true"
    assert terminal.tells() == {"after": "invalid_token"}
    assert terminal.ends() == (0, "")


def test_an_app_knows_its_person_again(server, client):
    to, users = contacts.address(), []
    for count, new in enumerate(("true", "false"), start=1):
        terminal = client("app", to)
        assert terminal.says() == "code?"
        terminal.types(code_for(server, to, count=count))
        told = terminal.tells()
        assert told["new"] == new
        users.append(told["user"])
        assert terminal.ends()[0] == 0
    assert users[0] == users[1]


@pytest.mark.parametrize("flow", ["app", "auth-proxy"])
def test_after_three_wrong_codes_an_app_starts_again(client, flow):
    terminal = client(flow, contacts.address())
    for said in ("wrong, 2 left", "wrong, 1 left", "start again"):
        assert terminal.says() == "code?"
        terminal.types(WRONG)
        assert terminal.says() == said
    status, errors = terminal.ends()
    assert status == 1 and errors.startswith("invalid_code: ") and "Attempts left: 0." in errors


def test_an_app_of_the_turnkey_dialect_signs_up_logs_in_and_stamps(server, client):
    to, users = contacts.address(), []
    for count in (1, 2):
        terminal = client("auth-proxy", to)
        assert terminal.says() == "code?"
        terminal.types(code_for(server, to, count=count))
        told, who = terminal.tells(), terminal.tells()
        assert told["organization"] == server.issued["organizationId"]
        assert (who["organizationId"], who["userId"]) == (told["organization"], told["user"])
        assert terminal.ends() == (0, "")
        users.append(told["user"])
    assert users[0] == users[1], "the second time the person is known"


@pytest.mark.parametrize("flow", ["app", "auth-proxy"])
def test_a_client_that_pins_another_signer_seals_no_code(client, flow):
    terminal = client(flow, contacts.address(), signer_key=PrivateKey().public.uncompressed.hex())
    assert terminal.says() == ""
    status, errors = terminal.ends()
    assert status == 1 and errors.startswith("untrustedSigner: ")


def test_a_client_that_pins_another_notary_takes_no_session(server, client):
    to = contacts.address()
    terminal = client("auth-proxy", to, notary_key=PrivateKey().public.uncompressed.hex())
    assert terminal.says() == "code?"
    terminal.types(code_for(server, to))
    assert terminal.says() == ""
    status, errors = terminal.ends()
    assert status == 1 and errors.startswith("untrustedSigner: ")


def test_a_client_that_pins_the_first_key_follows_two_rotations(started, client_of):
    server = started()
    first = server.issued["enclave"]
    for _ in range(2):
        server.json("key", "rotate", "--pinned", "--force")
    client = client_of(server)
    pins = client("pins").tells()
    assert pins["signer"] != first["signingKey"] and pins["notary"] != first["notaryKey"]
    for settings in ({}, {"signer_key": pins["signer"], "notary_key": pins["notary"]}):
        to = contacts.address()
        terminal = client("auth-proxy", to, **settings)
        assert terminal.says() == "code?"
        terminal.types(code_for(server, to))
        assert terminal.tells()["user"]


def test_the_code_of_the_documentation_is_that_of_the_example():
    sources = ["\n".join(_lines(source.read_text())) for source in EXAMPLE_SOURCES]
    blocks = re.findall(r"^```swift\n(.*?)^```", (ROOT / "docs/client.md").read_text(), re.M | re.S)
    assert len(blocks) >= 6
    for block in blocks:
        wanted = "\n".join(_lines(textwrap.dedent(block)))
        assert any(wanted in source for source in sources), f"not in examples/client:\n{block}"


def _lines(text: str) -> list[str]:
    """Without indentation, which differs with the place."""
    return [line.strip() for line in text.strip().splitlines()]


@pytest.fixture
def agent_key(server) -> str:
    operator = server.client("operator")
    key = server.json("agent", "create", "--name", "Swift")["apiKey"]
    for number, (rule, action) in enumerate((({"lessThan": 100}, "auto_approve"), ({"greaterThan": 1000}, "deny"))):
        made = operator.request("POST", "/api/v1/policies", {
            "name": f"Swift {number}", "action": action, "priority": 5,
            "conditions": {"action": {"equals": "bank.transfer"}, "scope.max_amount": rule}})
        assert made.status == 201, made.said()
    yield key
    for policy in operator.get("/api/v1/policies").json["data"]:
        assert operator.request("DELETE", f"/api/v1/policies/{policy['id']}").status == 200


def test_an_agent_acts_after_a_policy_allowed_it_and_not_after_one_denied_it(client, agent_key):
    terminal = client("agent", "50", agent_key=agent_key)
    assert terminal.says() == "transferred 50"
    told = terminal.tells()
    assert told["permission"].startswith("perm_") and told["requests"] == "1"
    assert terminal.ends() == (0, "")
    denied = client("agent", "5000", agent_key=agent_key)
    status, errors = denied.ends()
    assert status == 1 and errors.startswith("permissionDenied: Denied: ") and "Swift 1" in errors


def test_an_agent_waits_for_people_and_keeps_to_what_they_granted(server, client, agent_key):
    operator = server.client("operator")
    for granted, transferred in ((500, True), (499, False)):
        terminal = client("agent", "500", agent_key=agent_key)
        asked = terminal.says()
        assert asked.startswith("decide: ") and "/approve/perm_" in asked
        decided = operator.request("POST", f"/api/v1/permissions/{asked.rsplit('/', 1)[1]}/decide", {
            "approved": True, "scopeModifications": {"max_amount": granted}})
        assert decided.status == 200, decided.said()
        if transferred:
            assert terminal.says() == "transferred 500"
            assert terminal.ends()[0] == 0
        else:
            status, errors = terminal.ends()
            assert status == 1 and errors.startswith("tokenRefused: ")
