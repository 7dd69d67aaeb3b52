"""docs/openapi.yaml: valid, and true of the server. schemathesis makes up requests from the description, right ones and
wrong ones, and holds each answer against it.

What no test here reaches is in the description all the same; the routes themselves are compared with the router by
`RouteDescriptionTests`.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import contacts
import pytest
import yaml
from clients.p256 import PrivateKey
from commands import ROOT
from operators import Operator
from sealed import stamp_key
from server import Server

DESCRIPTION = ROOT / "docs/openapi.yaml"
EXAMPLES = 6
"""Requests of the fuzzing for each operation; those at the limits of each field come on top."""

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
    "allow_header_conformance", "ignored_auth",
]
SETTINGS = """
# The parser of HTTP knows no QUERY, and answers 400.
phases.coverage.unexpected-methods = ["DELETE", "GET", "PATCH", "POST", "PUT", "TRACE"]
checks.negative_data_rejection.expected-statuses = ["4xx"]
"""

ENDLESS = ["streamPermission", "openPermissionSocket"]
"""Answers that last as long as a permission does; test_agent_otp_waiting.py has them."""


@dataclass
class Stage:
    """Who asks a server, and what they know of what is there."""

    headers: list[str]
    known: dict[str, str] = field(default_factory=dict)
    """Values of path parameters: by the beginning of the path, up to the parameter."""
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """What is asked of one server with one key."""

    tags: list[str]
    stage: Callable[[Server], Stage]
    unchecked: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    below: str = "/"

    def asks(self, path: str, operation: dict[str, Any]) -> bool:
        is_meant = bool(set(self.tags) & set(operation["tags"])) and path.startswith(self.below)
        return is_meant and operation["operationId"] not in ENDLESS


def bearer(key: str) -> list[str]:
    return [f"Authorization: Bearer {key}"]


def back_end(server: Server) -> Stage:
    with server.client("test") as client:
        passcode = client.send(contacts.phone()).json["req_id"]
        challenge = client.request("POST", "/v1/challenges", {"contact": contacts.phone()}).json["id"]
    return Stage(bearer(server.issued["keys"]["test"]), {
        "/v1/passcodes/": passcode, "/api/v1/passcodes/": passcode, "/v1/challenges/": challenge})


def visitor(server: Server) -> Stage:
    return Stage([f"X-Auth-Proxy-Config-Id: {server.issued['authProxyConfig']}"])


def stamping_back_end(server: Server) -> Stage:
    scalar = secrets.token_hex(31)
    stamp_key(server, PrivateKey(int(scalar, 16)))
    return Stage([], environment={
        "SCHEMATHESIS_HOOKS": "openapi_stamps", "PYTHONPATH": str(Path(__file__).parent),
        "COUNTERSIGN_STAMP_SCALAR": scalar, "COUNTERSIGN_ORGANIZATION": server.issued["organizationId"]})


def asking_agent(server: Server) -> Stage:
    """An agent some of whose requests are approved at once, and one waits."""
    operator = Operator(server)
    operator.policy("auto_approve", {"action": {"startsWith": "file."}})
    agent = operator.agent()
    return Stage(bearer(agent.key), {"/api/v1/permissions/": agent.pending()})


def administrator(server: Server) -> Stage:
    operator = Operator(server)
    agent = operator.agent()
    return Stage(bearer(operator.key), {
        "/api/v1/permissions/": agent.pending(), "/api/v1/agents/": agent.id,
        "/api/v1/policies/": operator.policy("deny", {})})


def operator(server: Server) -> Stage:
    agent = Operator(server).agent()
    return Stage(bearer(server.issued["keys"]["operator"]), {"/v1/agents/": agent.id})


def hasty_operator(server: Server) -> Stage:
    """Added a vault to enclave.yaml, and has not run `countersign vault rewrap` yet."""
    settings = server.data / "enclave.yaml"
    settings.write_text("vault: {module: /hsm.so, token: one, key: master, pin_file: pin}\n")
    settings.chmod(0o600)
    return Stage(bearer(server.issued["keys"]["operator"]))


def stranger(server: Server) -> Stage:
    return Stage([], {"/approve/": Operator(server).agent().pending()})


WHO_IS_LET_IN = ["ignored_auth", "missing_required_header"]
"""Not asked where a hook stamps all, nor of agents' keys: after 20 failures a minute these are answered 429, and
test_agent_otp_refusals_identity.py has who is let in."""

RUNS = {
    "passcodes with a test key": Run(["OTP Edge", "Sealed"], back_end),
    "visitors": Run(["Turnkey"], visitor, settings=["--sandbox", "true"], below="/v1/"),
    "stamped activities": Run(
        ["Turnkey"], stamping_back_end, WHO_IS_LET_IN, settings=["--sandbox", "true"],
        below="/public/"),
    "an agent": Run(["Agent OTP"], asking_agent, WHO_IS_LET_IN),
    "the administration of agents": Run(["Agent OTP", "Health and metrics"], administrator, WHO_IS_LET_IN),
    "the operator": Run(["Operator", "Audit log"], operator),
    "the operator of a vault that asks for something": Run(["Operator"], hasty_operator, below="/v1/vault"),
    "strangers": Run(
        ["Delivery reports", "Leaked keys", "Approvals page", "Well-known", "Demonstration"], stranger,
        arguments=["--demonstration", str(ROOT / "examples/browser")]),
}


@pytest.fixture(scope="session")
def tools() -> Path:
    done = subprocess.run([ROOT / "scripts/openapi-tools.sh"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def described() -> dict[str, Any]:
    return yaml.load(DESCRIPTION.read_text(), yaml.CSafeLoader)


def strict(run: Run, known: dict[str, str]) -> dict[str, Any]:
    """The operations of a run, without what they say of refusals by the server itself, which would excuse every status."""
    description = described()
    for path, operations in description["paths"].items():
        for method, operation in list(operations.items()):
            if not run.asks(path, operation):
                del operations[method]
                continue
            del operation["responses"]["default"]
            # A second header with another key would make all that is sent a failed authentication.
            operation["security"] = [wish for wish in operation["security"] if "KeyHeader" not in wish]
            operation["parameters"] = [
                parameter | example(parameter, path, known) for parameter in operation.get("parameters", [])
                if parameter.get("name") != "wait"]
    return description


def example(parameter: dict[str, Any], path: str, known: dict[str, str]) -> dict[str, str]:
    """What is known for a parameter of a path."""
    before = path.split("{" + parameter.get("name", "") + "}")[0]
    return {"example": known[before]} if before != path and before in known else {}


def test_the_description_is_valid_openapi(tools):
    done = subprocess.run([tools / "openapi-spec-validator", str(DESCRIPTION)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_that_ends_is_left_out():
    unasked = [
        operation["operationId"] for path, operations in described()["paths"].items() for operation in operations.values()
        if not any(run.asks(path, operation) for run in RUNS.values())]
    assert unasked == ENDLESS


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
def test_the_server_does_what_the_description_says(run, started, tools, tmp_path):
    server = started(arguments=run.arguments, settings=["--cooldown-seconds", "0", *run.settings])
    stage = run.stage(server)
    (tmp_path / "settings.toml").write_text(SETTINGS)
    (tmp_path / "openapi.yaml").write_text(yaml.dump(strict(run, stage.known), Dumper=yaml.CSafeDumper))
    command = [
        tools / "schemathesis", "--config-file", tmp_path / "settings.toml", "run", tmp_path / "openapi.yaml", "--url", server.url,
        "--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", "1", "--no-color",
        "--warnings", "off", "--request-timeout", "15", "--continue-on-failure",
        "--checks", ",".join(check for check in CHECKS if check not in run.unchecked)]
    for header in stage.headers:
        command += ["-H", header]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **stage.environment}, timeout=300)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert "No issues found" in done.stdout, done.stdout[-2_000:]
