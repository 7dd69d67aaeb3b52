"""From where keys are accepted, what they may do, and when they are old: on the wire, behind proxies, after restarts."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import contacts
from server import Server
from wire import Client, refused

DAY = 86_400_000
PROXY = ["--behind-proxy", "127.0.0.1"]


def made(server: Server, *options: str) -> dict[str, str]:
    return server.json("key", "create", "--kind", "live", *options)


def send(server: Server, key: str, forwarded: str | None = None, host: str = "127.0.0.1"):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    with Client(server.port, key, host=host) as client:
        return client.send(contacts.phone(), headers=headers)


def test_a_key_works_from_where_it_is_accepted_and_a_change_counts_at_once(server: Server) -> None:
    key = made(server, "--allow-from", "127.0.0.0/8", "2001:db8::/32")
    assert send(server, key["key"]).status == 200
    assert key["id"] in server.command("key", "list").output
    server.json("key", "allow", key["id"], "192.0.2.7")
    answer = refused(send(server, key["key"]), 403, "PERMISSION_DENIED")
    assert "192.0.2.7" not in str(answer) and "127.0.0.1" not in str(answer)
    assert any("authentication.failed" in entry and "addressNotAllowed" in entry for entry in server.audit())
    assert "192.0.2.7" in server.command("key", "list").output
    server.json("key", "allow", key["id"], "--everywhere")
    assert send(server, key["key"]).status == 200


def test_what_a_client_writes_about_itself_lets_nobody_in(started) -> None:
    server = started()
    key = made(server, "--allow-from", "192.0.2.7")
    for forwarded in ("192.0.2.7", "192.0.2.7, 127.0.0.1", "::ffff:192.0.2.7"):
        refused(send(server, key["key"], forwarded), 403, "PERMISSION_DENIED")


def test_behind_a_proxy_the_client_counts_and_not_what_it_put_before_the_proxys_word(started) -> None:
    server = started(arguments=PROXY)
    key = made(server, "--allow-from", "192.0.2.7", "2001:db8::/32")["key"]
    assert send(server, key, "192.0.2.7").status == 200
    assert send(server, key, "198.51.100.9, ::ffff:192.0.2.7").status == 200
    assert send(server, key, "[2001:db8:0:1::5]:4711").status == 200
    for forwarded in ("192.0.2.7, 198.51.100.9", "2001:db9::1", "unknown", "127.0.0.1"):
        refused(send(server, key, forwarded), 403, "PERMISSION_DENIED")


def test_operators_are_kept_to_their_network_and_the_socket_is_not(started) -> None:
    server = started(arguments=PROXY, configuration="operator:\n  allowed_addresses: [192.0.2.0/24]\n")
    with server.client("operator") as client:
        for path in ("/v1/workspace", "/metrics", "/api/v1/policies", "/v1/log/state"):
            assert client.request("GET", path, headers={"X-Forwarded-For": "192.0.2.7"}).status == 200, path
            assert client.request("GET", path, headers={"X-Forwarded-For": "198.51.100.7"}).status == 403, path
    assert server.show()["id"]


def test_a_workspace_that_shut_itself_out_is_opened_on_the_machine(started) -> None:
    server = started()
    server.set("--allowed-addresses", "192.0.2.7")
    with server.client("operator") as operator, server.client("live") as live:
        assert operator.get("/v1/workspace").status == 403
        refused(live.send(contacts.phone()), 403, "PERMISSION_DENIED")
        server.set("--allowed-addresses", "")
        assert operator.get("/v1/workspace").status == 200
        assert live.send(contacts.phone()).status == 200


def test_lists_and_abilities_survive_a_restart(started) -> None:
    server = started()
    narrow, elsewhere = made(server, "--abilities", "verify"), made(server, "--allow-from", "192.0.2.7")
    for _ in range(2):
        refused(send(server, narrow["key"]), 403, "PERMISSION_DENIED")
        refused(send(server, elsewhere["key"]), 403, "PERMISSION_DENIED")
        with Client(server.port, narrow["key"]) as client:
            refused(client.verify(contacts.phone(), "123456"), 400, "INVALID_CODE")
        server.stop()
        server.start()
    changed = server.json("key", "abilities", narrow["id"], "send", "read")
    assert changed["abilities"] == ["send", "read"]
    assert send(server, narrow["key"]).status == 200


def test_a_wrong_list_is_refused_with_what_may_stand_there(server: Server) -> None:
    done = server.command("key", "create", "--kind", "live", "--allow-from", "10.0.0.1/8")
    assert done.status != 0 and "10.0.0.0/8" in done.errors
    done = server.command("key", "create", "--kind", "operator", "--abilities", "read")
    assert done.status != 0 and "live, test and stamp" in done.errors


def test_an_old_key_is_reminded_of_once_however_often_the_server_starts(started) -> None:
    server = started()
    old, ending = made(server), made(server, "--expires-in-days", "30")
    now = int(time.time() * 1000)
    server.stop()
    with closing(sqlite3.connect(server.data / "countersign.db")) as database, database:
        database.execute("UPDATE api_key SET created_at = ? WHERE id = ?", (now - 91 * DAY, old["id"]))
        database.execute(
            "UPDATE api_key SET created_at = ?, expires_at = ? WHERE id = ?",
            (now - 20 * DAY, now + 10 * DAY, ending["id"]))
    for _ in range(2):
        server.start()
        deadline = time.monotonic() + 10
        while len(reminders(server)) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        report = server.json("doctor")
        said = [check["message"] for check in report["checks"] if check["name"] == "keys"]
        assert any(old["id"] in message for message in said) and any(ending["id"] in message for message in said)
        assert "rotation due" in server.command("key", "list").output
        with server.client("operator") as client:
            metrics = client.get("/metrics").body.decode()
        assert 'countersign_keys_needing_attention{reason="rotation_due"} 1' in metrics
        assert 'countersign_keys_needing_attention{reason="expiring"} 1' in metrics
        server.stop()
    assert sorted((row["record"], row["detail"]) for row in reminders(server)) == sorted(
        [(old["id"], "rotation_due"), (ending["id"], "expiring=14")])


def reminders(server: Server) -> list[dict[str, str]]:
    return [row for row in server.rows("audit_entry") if row["action"] == "key.reminded"]
