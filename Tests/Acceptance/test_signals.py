"""What a server tells of itself: request ids from the answer to the log, lines as JSON, health, whom to tell."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import contacts
from operators import Operator
from raw_http import RawConnection, request_bytes
from server import Server
from wire import dispatched

IDENTIFIER = re.compile(r"[0-9a-f]{32}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
LEVELS = {"trace", "debug", "info", "notice", "warning", "error", "critical"}
TRACE = "0af7651916cd43dd8448eb211c80319c"
JSON_LOG = "log:\n  format: json\n  level: debug\n"


def unique(pairs: list[tuple[str, str]]) -> dict[str, str]:
    assert len({name for name, _ in pairs}) == len(pairs), "a name stands once"
    return dict(pairs)


def lines(server: Server) -> list[dict[str, str]]:
    return [json.loads(line, object_pairs_hook=unique) for line in server.logged().splitlines()]


def about(server: Server, identifier: str) -> list[dict[str, str]]:
    server.wait_until_logged(identifier)
    return [line for line in lines(server) if line.get("request_id") == identifier]


@pytest.fixture
def logged(started) -> Server:
    return started(configuration=JSON_LOG)


# Request ids


HOSTILE = {
    400: b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    404: b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n",
    405: b"DELETE /api/v1/send-otp HTTP/1.1\r\nHost: a\r\n\r\n",
    413: b"POST /api/v1/send-otp HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n",
    414: b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    431: b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n",
}


@pytest.mark.parametrize("status", HOSTILE)
@pytest.mark.parametrize("level", ["debug", "info"])
def test_an_answer_of_the_http_layer_itself_has_an_id_that_the_log_has_too(started, status, level):
    """At the usual level too: nothing else is written of it."""
    server = started(configuration=f"log:\n  format: json\n  level: {level}\n")
    with RawConnection(server.port) as connection:
        answer = connection.write_what_is_taken(HOSTILE[status]).answer()
    assert answer is not None and answer.status == status
    identifier = answer.headers["X-Request-Id"]
    assert IDENTIFIER.fullmatch(identifier)
    assert [(line["status"], line["level"]) for line in about(server, identifier)] == [(str(status), "info")]


def test_so_has_a_request_that_takes_too_long(logged):
    with RawConnection(logged.port, timeout=30) as connection:
        answer = connection.write(b"POST /api/v1/send-otp HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n").answer(25)
    assert answer is not None and answer.status == 408
    assert about(logged, answer.headers["X-Request-Id"])


def test_what_no_handler_saw_is_logged_with_the_clients_trace_at_the_usual_level(started):
    server = started(configuration="log:\n  format: json\n")
    trace = f"traceparent: 00-{TRACE}-b7ad6b7169203331-01\r\n".encode()
    for request in (b"GET /nothing HTTP/1.1\r\nHost: a\r\n" + trace + b"\r\n",
                    b"POST / HTTP/1.1\r\nHost: a\r\n" + trace + b"Content-Length: 99999999\r\n\r\n"):
        with RawConnection(server.port) as connection:
            answer = connection.write_what_is_taken(request).answer()
        assert answer is not None
        assert [line["trace_id"] for line in about(server, answer.headers["X-Request-Id"])] == [TRACE]


def the_only_connection(port: int) -> RawConnection:
    """Once there is room for it: the command that set the server up may not have left."""
    deadline = time.monotonic() + 10
    while True:
        connection = RawConnection(port).write(request_bytes("GET", "/health/live"))
        answer = connection.answer()
        if answer is not None and answer.status == 200:
            return connection
        connection.socket.close()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_so_has_a_connection_beyond_the_limit(started):
    server = started(configuration="limits:\n  connections: 1\n" + JSON_LOG)
    with the_only_connection(server.port), RawConnection(server.port) as second:
        answer = second.answer()
    assert answer is not None and answer.status == 503 and IDENTIFIER.fullmatch(answer.headers["X-Request-Id"])
    assert [line["status"] for line in about(server, answer.headers["X-Request-Id"])] == ["503"]


def test_so_has_a_websocket_and_the_operators_socket(logged):
    operator = Operator(logged)
    permission = operator.agent().pending()
    with RawConnection(logged.port) as connection:
        connection.write(
            f"GET /ws/{permission} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
        answer = connection.answer()
        assert answer is not None and IDENTIFIER.fullmatch(answer.headers["X-Request-Id"])
    assert [line["status"] for line in about(logged, answer.headers["X-Request-Id"])] == ["101"]
    with socket.socket(socket.AF_UNIX) as local:
        local.connect(str(logged.data / "countersign.sock"))
        local.sendall(b"GET /v1/workspace HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        said = b""
        while chunk := local.recv(65536):
            said += chunk
    identifier = re.search(rb"X-Request-Id: ([0-9a-f]{32})\r\n", said)
    assert identifier and about(logged, identifier[1].decode())
    operator.end()


def test_one_id_is_on_the_answer_in_every_line_and_in_the_audit(logged):
    """And it is ours: what a client sends under that name is nowhere, its trace stands beside."""
    chosen = "0123456789abcdef0123456789abcdef"
    headers = {"X-Request-Id": chosen, "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    to = contacts.phone()
    with logged.client("live") as client:
        sent = client.send(to, headers=headers)
        dispatched(sent)
        refused = client.verify(to, "not a code", headers=headers)
    for answer, messages in ((sent, ["answered"]), (refused, ["refused", "answered"])):
        identifier = answer.headers["X-Request-Id"]
        assert identifier != chosen
        found = about(logged, identifier)
        assert [line["message"] for line in found] == messages
        assert all(line["trace_id"] == TRACE for line in found)
    assert chosen not in logged.logged()
    entries = [row for row in logged.rows("audit_entry") if row["action"] == "challenge.created"]
    assert [row["request"] for row in entries] == [sent.headers["X-Request-Id"]]


def test_two_answers_never_share_an_id(server):
    with server.client(None) as client:
        seen = [client.get("/health/live").headers["X-Request-Id"] for _ in range(300)]
    assert len(set(seen)) == 300


# Lines


def test_every_line_of_a_whole_life_is_an_object_of_the_same_shape(logged):
    """The enclave's lines too, and those of its end and of ours."""
    with logged.client("live") as client:
        dispatched(client.send(contacts.phone()))
        client.verify("x", "y")
    before = logged.enclave_pid()
    os.kill(before, signal.SIGKILL)
    logged.wait_for_enclave(other_than=before)
    assert logged.stop() == 0
    found = lines(logged)
    for line in found:
        assert list(line)[:3] == ["time", "level", "message"]
        assert TIME.fullmatch(line["time"]) and line["level"] in LEVELS and line["message"]
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and isinstance(value, str) for name, value in line.items())
    messages = {line["message"] for line in found}
    assert {"enclave event", "enclave is up", "listening", "answered", "refused", "draining", "stopped",
            "enclave ended; it is started anew"} <= messages
    assert any(line.get("event") == "sandboxClosed" and line["code"].isdigit() for line in found)


def test_a_client_cannot_write_lines_of_its_own(logged):
    """Ends of lines, a terminal's commands and quotes, wherever a client has a say."""
    evil = ['\n2026-01-01T00:00:00.000Z error forged', '","level":"critical","x":"', "\x1b[2J\x9b2J", "\u2028forged", "\r\nforged"]
    count = len(lines(logged))
    with logged.client("live") as client:
        for text in evil:
            for answer in (client.send(text), client.send(contacts.phone(), app=text), client.verify(text, text),
                           client.post_verify({text: text}), client.send(contacts.phone(), channel=text)):
                about(logged, answer.headers["X-Request-Id"])
    with RawConnection(logged.port) as connection:
        connection.write(request_bytes("GET", "/%0aforged/%1b[2J"))
        connection.answer()
    written = lines(logged)[count:]
    assert {line["message"] for line in written} <= {"refused", "answered"}
    assert {line["level"] for line in written} <= {"info", "debug"}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", logged.logged())


def test_a_secret_in_the_place_of_a_name_is_not_in_the_log(logged):
    number, key = contacts.phone(), logged.issued["keys"]["live"]
    public = {"X-Countersign-Config": logged.issued["authProxyConfig"]}
    with logged.client("operator") as operator, logged.client("live") as live, logged.client(None) as nobody:
        for name in (number, key, "739201"):
            twice = f'{{"to":"x","app":"x","{name}":1,"{name}":2}}'.encode()
            for answer in (
                    nobody.request("POST", "/v1/challenges", {name: "739201"}, public),
                    nobody.request("POST", "/v1/challenges", twice, public),
                    operator.request("PATCH", "/v1/workspace", {name: 1}),
                    operator.request("POST", "/api/v1/policies", {"name": "n", "conditions": {"scope": {name: {name: 1}}}}),
                    live.request("POST", "/api/v1/send-otp", twice)):
                assert 400 <= answer.status < 500
                told = about(logged, answer.headers["X-Request-Id"])
                assert [line["code"] for line in told if line["message"] == "refused"], "and its reason is"
    assert not [name for name in (number.lstrip("+"), key, "739201") if name in logged.logged()]


def test_the_command_line_wins_over_the_file(started):
    server = started(configuration="log:\n  format: text\n  level: warning\n",
                     arguments=["--log-format", "json", "--log-level", "debug"])
    with server.client(None) as client:
        assert about(server, client.get("/nothing").headers["X-Request-Id"])


def test_a_start_that_fails_says_why_in_a_line_like_the_others(folder):
    server = folder()
    server.init()
    (server.data / "countersign.yaml").write_text("log:\n  format: json\n")
    done = server.command("serve", "--listen", "192.0.2.1:1", "--behind-proxy", "192.0.2.2")
    line = json.loads(done.errors.splitlines()[-1])
    assert done.status == 1 and line["level"] == "critical" and "192.0.2.1:1" in line["reason"]


# Health


def checks(answer: Any) -> dict[str, str]:
    return answer.json["checks"]


def test_a_fresh_server_is_alive_and_ready(server):
    with server.client(None) as client:
        assert client.get("/health/live").json == {"status": "ok"}
        for path in ("/health", "/health/ready"):
            answer = client.get(path)
            assert answer.status == 200 and answer.json["status"] == "ok" and set(checks(answer).values()) == {"ok"}


def test_without_an_enclave_it_is_alive_and_not_ready_and_says_which_part(started):
    server = started()
    (server.data / "enclave.yaml").write_text("no_such_setting: 1\n")  # no other one comes up
    os.kill(server.enclave_pid(), signal.SIGKILL)
    with server.client(None) as client:
        deadline = time.monotonic() + 15
        while "ok" in [checks(answer := client.get("/health/ready"))[name] for name in ("enclave", "vault")]:
            assert time.monotonic() < deadline, "it stays ready"
            time.sleep(0.1)
        assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0
        assert answer.json["status"] == "failing"
        found = checks(answer)
        assert found["database"] == found["disk"] == "ok"
        assert "no_such_setting" not in answer.body.decode(), "the reason is doctor's"
        assert client.get("/health/live").status == 200
    server.wait_until_logged("enclave did not come up")
    assert "no_such_setting" in server.command("doctor").output


def test_an_enclave_that_is_stopped_is_told_at_once_and_waking_it_is_enough(started):
    """It has not ended, and does not answer."""
    server = started()
    enclave = server.enclave_pid()
    os.kill(enclave, signal.SIGSTOP)
    try:
        with server.client(None) as client:
            began = time.monotonic()
            answer = client.get("/health/ready")
            assert time.monotonic() - began < 4
            assert answer.status == 503 and answer.json["status"] == "failing"
            assert checks(answer)["enclave"] == "not_answering" and checks(answer)["database"] == "ok"
            # One question is given up after 5 s, the next one is asked then: nobody is told otherwise meanwhile.
            while time.monotonic() - began < 7:
                found = checks(client.get("/health/ready"))
                assert found["enclave"] == found["vault"] == "not_answering"
                time.sleep(0.3)
        said = server.command("doctor")
        assert said.status == 1 and "does not answer" in said.output and f"kill -CONT {enclave}" in said.output
        os.kill(enclave, signal.SIGCONT)
        with server.client(None) as client:
            deadline = time.monotonic() + 10
            while client.get("/health/ready").status != 200:
                assert time.monotonic() < deadline, "it is not seen to be awake"
                time.sleep(0.1)
        assert server.enclave_pid() == enclave
    finally:
        os.kill(enclave, signal.SIGCONT)


def test_a_server_that_is_told_to_end_is_not_ready(started):
    """A balancer that asks on a connection that it has kept is told so."""
    server = started()
    with RawConnection(server.port) as connection:
        connection.write(b"GET /health/ready HTTP/1.1\r\nHost: a\r\n")
        time.sleep(0.2)
        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)
        server.wait_until_logged("draining")
        time.sleep(0.2)
        answer = connection.write(b"\r\n").answer()
    assert answer is not None and answer.status == 503
    assert answer.json["status"] == "draining" and checks(answer)["server"] == "draining"
    assert server.wait() == 0


# Whom to tell


def security_settings(expires: datetime) -> str:
    return ('security_txt:\n  contact: ["mailto:security@example.com", "https://example.com/report"]\n'
            f"  expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n  encryption: [https://example.com/key.asc]\n"
            "  acknowledgments: [https://example.com/thanks]\n  preferred_languages: [en, de]\n"
            "  canonical: [https://login.example.com/.well-known/security.txt]\n"
            "  policy: [https://example.com/policy]\n  hiring: [https://example.com/jobs]\n")


def test_security_txt_is_as_the_standard_says(started):
    """Field by field (RFC 9116)."""
    expires = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=180)
    server = started(configuration=security_settings(expires))
    with server.client(None) as client:
        answer = client.get("/.well-known/security.txt")
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.body.decode()
    assert text.endswith("\n") and "\r" not in text
    fields = [tuple(line.split(": ", 1)) for line in text.splitlines()]
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    assert set(values) == {"Contact", "Expires", "Encryption", "Acknowledgments", "Preferred-Languages", "Canonical",
                           "Policy", "Hiring"}
    assert values["Contact"] == ["mailto:security@example.com", "https://example.com/report"]
    assert len(values["Expires"]) == len(values["Preferred-Languages"]) == 1
    assert datetime.fromisoformat(values["Expires"][0].replace("Z", "+00:00")) == expires
    assert values["Preferred-Languages"][0].split(", ") == ["en", "de"]
    for name in ("Encryption", "Acknowledgments", "Canonical", "Policy", "Hiring"):
        assert all(value.startswith("https://") for value in values[name])
    report = {check["name"]: check for check in server.json("doctor")["checks"]}
    assert report["security contact"]["status"] == "ok"


def test_security_txt_that_has_expired_is_not_served_and_doctor_says_so(started):
    server = started(configuration=security_settings(datetime.now(timezone.utc) - timedelta(days=1)))
    with server.client(None) as client:
        assert client.get("/.well-known/security.txt").status == 404
    done = server.command("doctor", "--json")
    failed = [check for check in done.json["checks"] if check["status"] == "failed"]
    assert done.status == 1 and [check["name"] for check in failed] == ["security contact"]


def test_without_one_there_is_none(server):
    with server.client(None) as client:
        assert client.get("/.well-known/security.txt").status == 404
