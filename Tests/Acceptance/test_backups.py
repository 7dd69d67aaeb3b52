"""A backup taken while others write, and what is put back."""

from __future__ import annotations

import threading

import contacts


def attempts(server, count: int) -> None:
    with server.client("test") as client:
        for _ in range(count):
            client.verify(contacts.phone(), "123456")


def lets_in(server, key: str) -> bool:
    with server.client(None) as client:
        return client.get("/v1/workspace", Authorization=f"Bearer {key}").status == 200


def test_what_was_backed_up_under_load_is_put_back_and_what_was_there_is_kept(started, tmp_path):
    server = started()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            attempts(server, 5)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = server.command("backup", str(tmp_path / "backup"), "--json")
    finally:
        stop.set()
        writer.join()
    assert made.status == 0, made.errors
    assert {path.name for path in (tmp_path / "backup").iterdir()} == {"countersign.db", "backup.json"}
    later = server.json("key", "create", "--kind", "operator")["key"]
    assert lets_in(server, later)
    in_use = server.command("restore", str(tmp_path / "backup"))
    assert in_use.status != 0 and "in use" in in_use.errors, "a running server's database is not replaced"
    server.stop()
    restored = server.command("restore", str(tmp_path / "backup"), "--json")
    assert restored.status == 0, restored.errors
    server.start()
    assert lets_in(server, server.issued["keys"]["operator"]) and not lets_in(server, later)
    assert len(server.databases()) == 2, "what was there is kept"


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


def test_a_folder_that_is_there_is_not_written_to(started, tmp_path):
    server = started()
    (tmp_path / "backup").mkdir()
    done = server.command("backup", str(tmp_path / "backup"))
    assert done.status != 0 and "exists already" in done.errors
