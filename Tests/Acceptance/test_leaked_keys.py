"""Reports of leaked keys: who may report, what becomes of the key, and what a report tells."""

from __future__ import annotations

import base64
import json
import threading
import time

import contacts
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from operators import Operator
from parallel import at_once
from server import Server
from webhooks import Receiver, Webhook
from wire import Answer, Client, refused

PATH = "/v1/leaked-keys"
URL = "https://git.example/shop/blob/main/.env"


def match(key: str) -> dict[str, str]:
    return {"token": key, "type": "countersign_key", "url": URL, "source": "content"}


def report(server: Server, *keys: str, headers: dict[str, str] | None = None) -> Answer:
    with server.client(None) as client:
        return client.request("POST", PATH, [match(key) for key in keys], headers)


def labels(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.said()
    return [entry["label"] for entry in answer.json]


def live_key(server: Server) -> dict[str, str]:
    return server.json("key", "create", "--kind", "live")


def send(server: Server, key: str) -> Answer:
    with Client(server.port, key) as client:
        return client.send(contacts.phone())


def test_whoever_posts_a_key_ends_it_and_its_owner_sees_where_it_was(server: Server) -> None:
    key, other = live_key(server), live_key(server)
    assert labels(report(server, "no key", key["key"])) == ["false_positive", "true_positive"]
    refused(send(server, key["key"]), 403, "KEY_REVOKED")
    assert send(server, other["key"]).status == 200
    assert URL in server.command("key", "list").output
    assert any(key["id"] in check["message"] for check in server.json("doctor")["checks"])
    assert sum("key.leaked" in entry and key["id"] in entry for entry in server.audit()) == 1
    assert key["key"] not in server.logged()
    # It stays revoked, and is told so, when the server starts again.
    server.stop()
    server.start()
    refused(send(server, key["key"]), 403, "KEY_REVOKED")
    assert labels(report(server, key["key"])) == ["true_positive"]
    assert sum("key.leaked" in entry and key["id"] in entry for entry in server.audit()) == 1


def test_another_servers_key_is_none_here(started) -> None:
    server = started()
    key = live_key(server)
    stranger = Server(server.data.with_name("other"))
    stranger.init()
    assert labels(report(server, stranger.issued["keys"]["live"])) == ["false_positive"]
    assert send(server, key["key"]).status == 200


def test_reports_beside_use_end_the_key_once_and_no_use_begins_after_an_answer(server: Server) -> None:
    key = live_key(server)
    reported = threading.Event()
    late: list[Answer] = []

    def ask(client: Client, number: int) -> Answer:
        if number % 4 == 0:
            answer = client.request("POST", PATH, [match(key["key"])])
            reported.set()
            return answer
        client.key = key["key"]
        for _ in range(30):
            is_late = reported.is_set()
            answer = client.send(contacts.phone())
            if is_late:
                late.append(answer)
                return answer
        return answer

    answers = at_once([Client(server.port, None) for _ in range(16)], ask)
    assert [labels(answer) for answer in answers[::4]] == [["true_positive"]] * 4
    assert late and all(answer.status == 403 and answer.code == "KEY_REVOKED" for answer in late)
    assert sum("key.leaked" in entry and key["id"] in entry for entry in server.audit()) == 1


class Scanner:
    """Somebody whose signature an operator trusts."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def file(self) -> str:
        """As GitHub publishes its keys."""
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        entry = {"key_identifier": "k1", "key": pem.decode(), "is_current": True}
        return json.dumps({"public_keys": [entry]})

    def sign(self, body: bytes) -> dict[str, str]:
        signature = self.key.sign(body, ec.ECDSA(hashes.SHA256()))
        return {"GITHUB-PUBLIC-KEY-IDENTIFIER": "k1",
                "GITHUB-PUBLIC-KEY-SIGNATURE": base64.b64encode(signature).decode()}


def test_a_trusted_reporter_is_named_and_a_forged_one_changes_nothing(started, tmp_path) -> None:
    scanner = Scanner()
    (tmp_path / "keys.json").write_text(scanner.file)
    server = started(configuration=f"leaked_keys:\n  reporters:\n    - name: github\n      keys_file: {tmp_path}/keys.json\n")
    key = live_key(server)
    body = json.dumps([match(key["key"])]).encode()
    with server.client(None) as client:
        refused(client.request("POST", PATH, body + b" ", scanner.sign(body)), 401, "signature_invalid")
        refused(client.request("POST", PATH, body, Scanner().sign(body)), 401, "signature_invalid")
        assert send(server, key["key"]).status == 200
        assert labels(client.request("POST", PATH, body, scanner.sign(body))) == ["true_positive"]
        empty = scanner.sign(b"[]")
        assert {client.request("POST", PATH, b"[]", empty).status for _ in range(40)} == {200}
        assert {client.request("POST", PATH, b"[]").status for _ in range(40)} == {200, 429}
    listed = next(each for each in server.json("key", "list")["keys"] if each["id"] == key["id"])
    assert listed["leak_reporter"] == "github" and listed["leak_url"] == URL


def test_a_file_without_keys_stops_the_start(started, folder, tmp_path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    server = folder()
    server.init()
    (server.data / "countersign.yaml").write_text(
        f"leaked_keys:\n  reporters:\n    - name: github\n      keys_file: {tmp_path}/keys.json\n")
    try:
        server.start()
        raise AssertionError("it started")
    except Exception as failure:  # noqa: BLE001 - the message is what counts
        assert "keys_file" in str(failure)


def test_an_agent_that_waits_is_answered_when_its_key_leaks(server: Server, operator: Operator) -> None:
    agent = operator.agent()
    permission = agent.pending()
    found: list[Answer] = []

    def wait() -> None:
        with Client(server.port, agent.key, timeout=30) as client:
            found.append(client.get(f"/api/v1/permissions/{permission}?wait=25"))

    waiting = threading.Thread(target=wait)
    began = time.monotonic()
    waiting.start()
    time.sleep(0.3)
    assert labels(report(server, agent.key)) == ["true_positive"]
    waiting.join(timeout=20)
    assert found and time.monotonic() - began < 15
    assert found[0].status in (200, 401) and b"otp_" not in found[0].body


def test_an_endpoint_is_told_without_the_key(started, certificates) -> None:
    there = Receiver(certificates).start()
    try:
        server = started(enclave=there.enclave_settings())
        webhook = Webhook(server, there.url(), "--events", "key.leaked")
        there.tell(f"secrets {webhook.secret}")
        key = live_key(server)
        report(server, key["key"])
        message = json.dumps(there.wait())
        assert "key.leaked" in message and key["id"] in message and key["key"] not in message
    finally:
        there.stop()
