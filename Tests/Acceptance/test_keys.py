"""API keys: which are taken, which are refused, and what a refused one may learn."""

import json
import sqlite3
import string
import subprocess

import pytest
import contacts
from raw_http import RawConnection, request_bytes
from wire import Client, dispatched, refused, verified

SEND, VERIFY = "/api/v1/send-otp", "/api/v1/verify-otp"
BODY = {"to": "+919876543210", "app": "x"}


def _with(server, **headers):
    with server.client(None) as client:
        return client.request("POST", SEND, BODY, headers)


@pytest.mark.parametrize("path", [SEND, VERIFY, "/v1/send-otp", "/v1/verify-otp"])
def test_without_a_key_nothing_is_answered(server, path):
    with server.client(None) as client:
        refused(client.request("POST", path, BODY), 401, "MISSING_API_KEY")


@pytest.mark.parametrize("path", [SEND, VERIFY])
def test_the_key_is_asked_for_before_the_body_is_looked_at(server, path):
    """A stranger learns nothing about a body, not even that it is broken."""
    with server.client(None) as client:
        refused(client.request("POST", path, b"not json"), 401, "MISSING_API_KEY")


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Basic c2tfbGl2ZV94Og==", "sk_live_x", "", "Bearer a b"])
def test_a_header_without_a_key_is_refused(server, value):
    answer = _with(server, Authorization=value)
    assert answer.code in ("MISSING_API_KEY", "INVALID_API_KEY")
    refused(answer, 401, answer.code)
    assert answer.headers.get("WWW-Authenticate", "Bearer").startswith("Bearer")


def test_every_misspelt_key_is_refused(server):
    """The checksum sees each single changed, missing, added or swapped character."""
    key = server.issued["keys"]["live"]
    swap = {**dict(zip(string.ascii_letters + string.digits, string.ascii_letters[1:] + string.digits + "a")), "_": "-"}
    misspelt = [key[:i] + swap[key[i]] + key[i + 1:] for i in range(len(key))]
    misspelt += [key[:-1], key + "A", key[:20] + key[21:], key + " x", key[:15] + key[16] + key[15] + key[17:]]
    misspelt += ["sk_live_" + "0" * 40, "sk_live_", "sk_live_" + "é" * 10, "sk_test_" + key[8:], "uk_live_" + key[8:]]
    with server.client(None) as client:
        for wrong in misspelt:
            if wrong == key:
                continue
            answer = client.request("POST", SEND, BODY, {"Authorization": f"Bearer {wrong}".encode()})
            refused(answer, 401, "INVALID_API_KEY")
            assert wrong.encode() not in answer.body, "a key is not repeated in an answer"


def test_a_very_long_key_is_refused(server):
    answer = _with(server, Authorization="Bearer sk_live_" + "A" * 10_000)
    refused(answer, 401, "INVALID_API_KEY")


def test_the_scheme_is_read_without_regard_to_case(server):
    """RFC 9110 §11.1."""
    with server.client(None) as client:
        answer = client.request("POST", SEND, {"to": contacts.phone(), "app": "x"},
                                {"Authorization": f"bearer {server.issued['keys']['test']}"})
    dispatched(answer)


def test_a_key_in_the_address_is_not_taken(server):
    """A key in a URL ends in logs: it is no key, and the log does not keep it."""
    key = server.issued["keys"]["live"]
    with server.client(None) as client:
        refused(client.request("POST", f"{SEND}?api_key={key}&key={key}", BODY), 401, "MISSING_API_KEY")
    assert key not in server.logged()


def test_two_keys_in_one_request_are_refused(server):
    """Which of the two would be meant is not guessed."""
    body = json.dumps({"to": contacts.phone(), "app": "x"}).encode()
    request = request_bytes("POST", SEND, body, server.issued["keys"]["test"],
                            [f"Authorization: Bearer {server.issued['keys']['live']}"])
    with RawConnection(server.port) as connection:
        answer = connection.write(request).answer()
    assert answer is not None and answer.status in (400, 401)


@pytest.mark.parametrize("path", [SEND, VERIFY])
def test_an_operators_key_may_not_send_or_verify(server, path):
    body = BODY if path == SEND else {"phone_number": "+919876543210", "code": "123456"}
    with server.client("operator") as client:
        refused(client.request("POST", path, body), 403, "PERMISSION_DENIED")


@pytest.mark.parametrize("method, path", [
    ("GET", "/v1/workspace"), ("PATCH", "/v1/workspace"), ("GET", "/v1/keys"), ("POST", "/v1/keys"),
    ("DELETE", "/v1/keys/x"), ("GET", "/v1/signing-keys"), ("POST", "/v1/signing-keys/rotate"), ("GET", "/v1/doctor"),
])
@pytest.mark.parametrize("kind", ["live", "test", None])
def test_only_an_operators_key_opens_the_operators_api(server, method, path, kind):
    with server.client(kind) as client:
        answer = client.request(method, path, {} if method in ("POST", "PATCH") else None)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    refused(answer, *((401, "key_missing") if kind is None else (403, "not_permitted")))
    assert answer.json["code"]


@pytest.mark.parametrize("header, value", [
    ("Origin", "https://example.com"), ("Origin", "null"), ("Origin", "http://127.0.0.1"),
    ("Sec-Fetch-Site", "same-origin"), ("sec-fetch-dest", "empty"),
])
@pytest.mark.parametrize("kind", ["live", "test"])
def test_a_secret_key_from_a_browser_is_refused_and_audited(server, kind, header, value):
    """The key was in a page: whoever reads the audit finds which key, and from where."""
    before = len(server.audit())
    with server.client(kind) as client:
        answer = client.request("POST", SEND, {"to": contacts.phone(), "app": "x"}, {header: value})
        refused(answer, 403, "KEY_IN_BROWSER")
    entries = server.audit()[before:]
    assert any(answer.headers["X-Request-Id"] in entry for entry in entries), "the use is audited under its request id"
    assert not any("127.0.0.1" in entry for entry in entries), "the address of the caller is sealed"
    with server.client("operator") as client:
        newest = client.get("/api/v1/audit?limit=1").json["data"][0]
    assert newest["eventType"] == "key.refused" and newest["ipAddress"].startswith("127.0.0.1")


def test_nodes_own_fetch_is_a_back_end(server):
    """It sends `Sec-Fetch-Mode: cors` by itself, as browsers do; nothing that a caller writes takes it away."""
    script = """const [url, key, body] = process.argv.slice(1);
        fetch(url, {method: "POST", headers: {Authorization: `Bearer ${key}`, "Content-Type": "application/json"}, body})
            .then(async (answer) => console.log(answer.status, await answer.text()));"""
    run = subprocess.run(
        ["node", "-e", script, f"http://127.0.0.1:{server.port}{SEND}", server.issued["keys"]["live"],
         json.dumps({"to": contacts.phone(), "app": "x"})],
        capture_output=True, text=True, timeout=15, check=True)
    assert run.stdout.startswith("200 "), run.stdout


def test_a_browser_is_never_told_that_it_may_call(server):
    """A preflight request gets no permission."""
    with server.client(None) as client:
        answer = client.request("OPTIONS", SEND, headers={
            "Origin": "https://example.com", "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_a_stranger_with_an_origin_is_only_a_stranger(server):
    """Without a key it is 401, and nothing is audited: strangers cannot fill the audit."""
    before = len(server.audit())
    with server.client(None) as client:
        refused(client.request("POST", SEND, BODY, {"Origin": "https://example.com"}), 401, "MISSING_API_KEY")
        for _ in range(5):
            refused(client.request("POST", SEND, BODY, {"Authorization": "Bearer sk_live_nonsense"}), 401,
                    "INVALID_API_KEY")
    assert len(server.audit()) == before


def test_a_revoked_key_stops_at_once_on_an_open_connection(server):
    created = server.json("key", "create", "--kind", "test", "--name", "to be revoked")
    with Client(server.port, created["key"]) as client:
        dispatched(client.send(contacts.phone()))
        assert server.command("key", "revoke", created["id"]).status == 0
        refused(client.send(contacts.phone()), 403, "KEY_REVOKED")
        refused(client.verify(contacts.phone(), "123456"), 403, "KEY_REVOKED")


def test_a_revoked_key_is_audited(server):
    created = server.json("key", "create", "--kind", "live")
    server.command("key", "revoke", created["id"])
    entries = [entry for entry in server.audit() if created["id"] in entry]
    assert len(entries) == 2, "one entry for its creation, one for its end"
    assert not any(created["key"] in entry for entry in entries)


def test_several_live_keys_work_side_by_side(server):
    """Keys are replaced without a gap: the new one works while the old one does, and stays when that is revoked."""
    first = server.json("key", "create", "--kind", "live", "--name", "old")
    second = server.json("key", "create", "--kind", "live", "--name", "new")
    to = contacts.phone()
    with Client(server.port, first["key"]) as old, Client(server.port, second["key"]) as new:
        dispatched(old.send(to))
        verified(new.verify(to, server.inbox.code(to)))
        assert server.command("key", "revoke", first["id"]).status == 0
        refused(old.send(contacts.phone()), 403, "KEY_REVOKED")
        dispatched(new.send(contacts.phone()))


def test_an_expired_key_is_refused(server):
    """A key past its end says so. (Its end is moved into the past where it is stored; the server reads it there.)"""
    created = server.json("key", "create", "--kind", "test", "--expires-in-days", "1")
    with Client(server.port, created["key"]) as client:
        dispatched(client.send(contacts.phone()))
    server.stop()
    _end_key(server, created["id"])
    server.start()
    with Client(server.port, created["key"]) as client:
        refused(client.send(contacts.phone()), 403, "KEY_EXPIRED")
    with server.client() as client:
        dispatched(client.send(contacts.phone()))


def _end_key(server, identifier):
    changed = 0
    for path in server.databases():
        with sqlite3.connect(path) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
                columns = {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}
                if {"expires_at", "id"} <= columns and "key" in table:
                    changed += database.execute(
                        f'UPDATE "{table}" SET expires_at = 1000 WHERE id = ? AND expires_at IS NOT NULL',
                        (identifier,)).rowcount
    assert changed == 1, "the key's row was not found"


def test_a_key_that_a_crash_left_is_still_known(server):
    """What `key create` printed survives kill -9 right after."""
    created = server.json("key", "create", "--kind", "test")
    server.kill()
    server.start()
    with Client(server.port, created["key"]) as client:
        dispatched(client.send(contacts.phone()))
