"""A backup taken under load, and what the enclave makes of one that is put back."""

from __future__ import annotations

import threading
import time

import contacts
from commands import run
from envelope import data_of
from wire import Client


def health(server) -> int:
    with Client(server.port, None) as client:
        return client.get("/api/v1/health").status


def attempts(server, count: int) -> None:
    with server.client("test") as client:
        for _ in range(count):
            client.verify(contacts.phone(), "123456")


def lets_in(server, key: str) -> bool:
    with server.client(None) as client:
        return client.get("/v1/workspace", Authorization=f"Bearer {key}").status == 200


def signed(server, seconds: float = 5) -> None:
    """Waits until all that is stored is signed."""
    deadline = time.monotonic() + seconds
    stored = max(row["sequence"] for row in server.rows("audit_entry") if row["workspace"].startswith("ws_"))
    while max(row["size"] for row in server.rows("audit_log") if row["workspace"].startswith("ws_")) < stored:
        assert time.monotonic() < deadline, "it is not signed"
        time.sleep(0.02)


def test_a_backup_under_load_is_whole_and_has_no_master_key(started, tmp_path):
    server = started()
    stop = threading.Event()
    writer = threading.Thread(target=lambda: [attempts(server, 5) for _ in iter(stop.is_set, True)])
    writer.start()
    try:
        signed_before = server.rows("audit_log")
        made = server.command("backup", str(tmp_path / "backup"), "--json")
    finally:
        stop.set()
        writer.join()
    assert made.status == 0, made.errors
    assert signed_before and {path.name for path in (tmp_path / "backup").iterdir()} == {"countersign.db", "backup.json"}
    checked = run("audit", "verify", "--data", str(tmp_path / "backup"), "--json")
    assert checked.status == 0 and checked.json["valid"], checked.text


def test_a_restored_backup_is_noticed_until_somebody_says_that_it_was_meant(started, tmp_path):
    server = started()
    attempts(server, 20)
    signed(server)
    assert server.command("backup", str(tmp_path / "backup")).status == 0
    attempts(server, 20)
    signed(server)
    in_use = server.command("restore", str(tmp_path / "backup"))
    assert in_use.status != 0 and "in use" in in_use.errors, "a running server's database is not replaced"
    server.stop()
    assert server.command("restore", str(tmp_path / "backup")).status == 0
    server.start()
    deadline = time.monotonic() + 5
    while health(server) == 200:
        assert time.monotonic() < deadline, "nobody notices the older log"
        time.sleep(0.05)
    refused = server.command("audit", "acknowledge")
    assert refused.status != 0, "the enclave is running"
    server.stop()
    assert server.command("audit", "acknowledge").status == 0
    server.start()
    attempts(server, 1)
    signed(server)
    assert health(server) == 200
    assert any(row["action"] == "log.restored" for row in server.rows("audit_entry"))
    assert server.command("audit", "verify").status == 0


def test_what_agents_were_permitted_before_a_restore_is_ended_by_it(started, operators, tmp_path):
    server = started()
    operator = operators(server)
    agent, other = operator.trusted_agent(), operator.agent()
    granted, pending = agent.granted(), other.pending()
    assert server.command("backup", str(tmp_path / "backup")).status == 0
    assert data_of(agent.api.use(granted.id, granted.token))["success"]
    server.stop()
    assert server.command("restore", str(tmp_path / "backup")).status == 0
    assert server.command("audit", "acknowledge").status == 0
    server.start()
    agents = [operator.by(agent.key), operator.by(other.key)]
    assert not data_of(agents[0].use(granted.id, granted.token))["success"], "a token that was used works once more"
    states = [data_of(api.permission(id))["status"] for api, id in zip(agents, [granted.id, pending])]
    assert states == ["revoked", "revoked"]
    ended = [row["detail"] for row in server.rows("audit_entry") if row["action"] == "permission.revoked"]
    assert sorted(ended) == ["approved restored", "pending restored"]
    data_of(agents[0].request("file.read"), 201)
    server.stop()
    server.start()
    server.stop()
    assert len([row for row in server.rows("audit_entry") if row["action"] == "permission.revoked"]) == 2


def test_a_changed_backup_is_not_restored(started, tmp_path):
    server = started()
    assert server.command("backup", str(tmp_path / "backup")).status == 0
    server.stop()
    path = tmp_path / "backup" / "countersign.db"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    done = server.command("restore", str(tmp_path / "backup"))
    assert done.status != 0 and "not what was backed up" in done.errors


def test_what_was_backed_up_is_put_back_and_what_was_there_is_kept(started, tmp_path):
    server = started()
    assert server.command("backup", str(tmp_path / "backup"), "--json").status == 0
    later = server.json("key", "create", "--kind", "operator")["key"]
    assert lets_in(server, later)
    server.stop()
    restored = server.command("restore", str(tmp_path / "backup"), "--json")
    assert restored.status == 0, restored.errors
    server.start()
    assert lets_in(server, server.issued["keys"]["operator"]) and not lets_in(server, later)
    assert len(server.databases()) == 2, "what was there is kept"


def test_a_folder_that_is_there_is_not_written_to(started, tmp_path):
    server = started()
    (tmp_path / "backup").mkdir()
    done = server.command("backup", str(tmp_path / "backup"))
    assert done.status != 0 and "exists already" in done.errors
