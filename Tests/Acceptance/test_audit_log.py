"""The audit log as anybody sees it who has the log's public key: read by `transparency.py`, and by `audit verify`."""

from __future__ import annotations

import base64
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

import contacts
from commands import run
from server import Server, new_server
from transparency import TILE, Log, Unfit, inclusion_proof, leaf_hash, root_of_inclusion, save, tile_path
from wire import Client


def log_of(server: Server, key: str | None = "operator") -> Log:
    """The workspace's log over HTTP, with the public key that the command line prints."""
    client = server.client(key)

    def fetch(path: str) -> bytes:
        answer = client.get(f"/v1/log/{path}")
        assert answer.status == 200, answer.said()
        return answer.body

    return Log(server.json("audit", "key")["vkey"], fetch)


def some_changes(server: Server, count: int) -> None:
    """Makes at least `count` entries."""
    with server.client("test") as client:
        for _ in range(count):
            client.verify(contacts.phone(), "123456")


def caught_up(server: Server, seconds: float = 5):
    """The first checkpoint that covers all that the database holds now, and how long it took."""
    stored = max(row["sequence"] for row in entries(server))
    log, began = log_of(server), time.monotonic()
    while (checkpoint := log.checkpoint()).size < stored:
        assert time.monotonic() - began < seconds, f"{checkpoint.size} of {stored} entries are signed"
        time.sleep(0.02)
    return log, checkpoint


def entries(server: Server) -> list[dict]:
    return [row for row in server.rows("audit_entry") if row["workspace"] == server.issued["workspace"]]


def test_an_independent_reader_finds_the_log_whole(server):
    some_changes(server, 2 * TILE + 10)
    log, checkpoint = caught_up(server)
    read = log.verify(checkpoint)
    assert len(read) == checkpoint.size > 2 * TILE
    assert read[0]["action"] == "workspace.created"
    times = [entry["time"] for entry in read]
    assert all(later >= earlier - 1000 for earlier, later in zip(times, times[1:]))
    assert all(entry["version"] == 1 and entry["request"] is not None for entry in read)


def test_each_entry_is_proven_and_each_checkpoint_extends_the_last(server):
    log, old = caught_up(server)
    some_changes(server, 5)
    log, new = caught_up(server)
    assert new.size > old.size
    log.extends(old, new)
    leaves = [leaf_hash(entry) for entry in log.entries(new.size)]
    for index in (0, 1, TILE - 1, TILE, new.size - 1):
        if index < new.size:
            proof = inclusion_proof(index, leaves)
            assert root_of_inclusion(leaves[index], index, new.size, proof) == new.root


def test_what_the_command_proves_holds_for_another_reader(server):
    log, _ = caught_up(server)
    proof = server.json("audit", "prove", "--sequence", "2")
    checkpoint = log.key.open(proof["checkpoint"])
    root = root_of_inclusion(
        leaf_hash(proof["entry"].encode()), proof["index"], checkpoint.size,
        [base64.b64decode(hash) for hash in proof["hashes"]])
    assert root == checkpoint.root


def test_a_checkpoint_follows_a_change_within_a_second(server):
    some_changes(server, 1)
    began = time.monotonic()
    caught_up(server)
    assert time.monotonic() - began < 3, "a second is promised; the rest is this machine's noise"


def test_the_log_is_the_operators_unless_the_workspace_opens_it(server):
    for kind in (None, "live", "test"):
        with server.client(kind) as client:
            assert client.get("/v1/log/checkpoint").status in (401, 403)
            assert client.get(f"/v1/log/{tile_path(0, 0, 1)}").status in (401, 403)
    server.set("--public-log", "true")
    try:
        with server.client(None) as client:
            assert client.get("/v1/log/checkpoint").status == 200
    finally:
        server.set("--public-log", "false")
    with server.client(None) as client:
        assert client.get("/v1/log/checkpoint").status in (401, 403)


@pytest.mark.parametrize("path", [
    "tile/0/001.p/0", "tile/0/000.p/256", "tile/0/000.p/1.p/1", "tile/0/x000", "tile/64/000", "tile/-1/000",
    "tile/0/99999", "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999", "tile/entries/999", "tile/entries/000.p/999",
    "tile/../checkpoint", "tile/0/", "tile/x/000", "tile/0/000.p/01"])
def test_paths_that_no_log_has_are_not_found(server, path):
    with server.client("operator") as client:
        assert client.get(f"/v1/log/{path}").status in (400, 404)


def test_parallel_writers_leave_no_gap_and_no_duplicate(started):
    server = started()
    problems: list[str] = []

    def work() -> None:
        with server.client("test") as client:
            for _ in range(40):
                answer = client.verify(contacts.phone(), "123456")
                if answer.status != 400:
                    problems.append(answer.said())

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, problems[:3]
    log, checkpoint = caught_up(server, seconds=15)
    read = log.verify(checkpoint)
    assert [entry["sequence"] for entry in read] == list(range(1, len(read) + 1))
    assert sum(entry["action"] == "challenge.attempted" for entry in read) >= 2000


# What somebody with the database can do, and who notices


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Server:
    """A data folder with a log of some tiles, whose server has ended."""
    server = new_server(tmp_path_factory.mktemp("written"))
    some_changes(server, TILE + 20)
    caught_up(server)
    server.stop()
    return server


@pytest.fixture
def copy(written, tmp_path) -> Server:
    """A copy of it, to be tampered with."""
    shutil.copytree(written.data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    server = Server(tmp_path / "data")
    server.issued = written.issued
    yield server
    server.end()


def change(server: Server, *statements: str) -> None:
    with closing(sqlite3.connect(server.data / "countersign.db")) as database:
        for statement in statements:
            assert database.execute(statement).rowcount != 0, f"it changed nothing: {statement}"
        database.commit()


def verdict(server: Server) -> dict:
    done = server.command("audit", "verify", "--json")
    assert done.status in (0, 1), done.errors
    answer = done.json
    assert answer["valid"] == (done.status == 0)
    return answer


def columns() -> list[str]:
    return ["version", "time", "actor", "action", "record", "outcome", "request", "agent", "detail", "commitment",
            "personal"]


def test_an_untouched_log_verifies_without_a_server(copy):
    assert verdict(copy)["valid"]


@pytest.mark.parametrize("column", columns())
def test_a_changed_byte_of_an_entry_is_named(copy, column):
    changed = {
        "version": "version + 1", "time": "time + 1", "commitment": "CAST(zeroblob(32) AS BLOB)",
        "personal": "CAST(substr(personal, 1, length(personal) - 1) || x'00' AS BLOB)",
    }.get(column, f"{column} || 'x'")
    change(copy, f"UPDATE audit_entry SET {column} = {changed} WHERE sequence = 137")
    answer = verdict(copy)
    assert not answer["valid"] and answer["first_bad_entry"] == 137


@pytest.mark.parametrize("what, statements, first", [
    ("two entries change places", (
        "UPDATE audit_entry SET sequence = -1 WHERE sequence = 40", "UPDATE audit_entry SET sequence = 40 WHERE "
        "sequence = 41", "UPDATE audit_entry SET sequence = 41 WHERE sequence = -1"), 40),
    ("one is dropped", ("DELETE FROM audit_entry WHERE sequence = 50",), 50),
    ("one is dropped and the rest move up", (
        "DELETE FROM audit_entry WHERE sequence = 50",
        "UPDATE audit_entry SET sequence = -sequence WHERE sequence > 50",
        "UPDATE audit_entry SET sequence = -sequence - 1 WHERE sequence < 0"), 50),
    ("the end is cut off", ("DELETE FROM audit_entry WHERE sequence > 200",), 201),
    ("the beginning is cut off as if it had been pruned", (
        "DELETE FROM audit_entry WHERE sequence <= 256", "UPDATE audit_log SET minimum = 256 WHERE size > 256"), 1),
])
def test_what_is_moved_or_missing_is_named(copy, what, statements, first):
    change(copy, *statements)
    answer = verdict(copy)
    assert not answer["valid"] and answer["first_bad_entry"] == first, what


def test_a_changed_tile_is_seen(copy):
    change(copy, "UPDATE audit_tile SET hashes = CAST(zeroblob(length(hashes)) AS BLOB) WHERE level = 0 AND number = 0")
    assert not verdict(copy)["valid"]


def test_an_older_database_is_not_signed_on(copy):
    """Yesterday's database under today's enclave: the anchor knows better."""
    yesterday = copy.data.with_name("yesterday.db")
    shutil.copy(copy.data / "countersign.db", yesterday)
    copy.start()
    some_changes(copy, 20)
    caught_up(copy)
    copy.stop()
    for name in ("countersign.db-wal", "countersign.db-shm"):
        (copy.data / name).unlink(missing_ok=True)
    shutil.copy(yesterday, copy.data / "countersign.db")
    copy.start()
    some_changes(copy, 3)
    with Client(copy.port, None) as client:
        deadline = time.monotonic() + 10
        while (health := client.get("/api/v1/health")).status == 200:
            assert time.monotonic() < deadline, "the health check stays green"
            time.sleep(0.1)
    assert health.status == 503
    log = log_of(copy)
    assert log.checkpoint().size < len(entries(copy)), "nothing was signed beyond what was there"


# Two workspaces, each with a log that is whole and signed

OTHER = "ws_00000000other"


@pytest.fixture(scope="module")
def two_logs(tmp_path_factory) -> tuple[Server, dict[str, str]]:
    """A data folder with the logs of two workspaces, whose server has ended, and their keys. No command makes a second
    workspace: it is a copy of the first one in the database, and its entries differ from those of the first."""
    server = new_server(tmp_path_factory.mktemp("two"))
    some_changes(server, TILE + 5)
    server.stop()
    with closing(sqlite3.connect(server.data / "countersign.db")) as database:
        for table, key, other in (("workspace", "id", {}), ("audit_entry", "workspace", {"request": "request || 'x'"}),
                                  ("audit_person", "workspace", {})):
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            values = ", ".join({**other, key: f"'{OTHER}'"}.get(name, name) for name in names)
            database.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {key} = ?",
                             (server.issued["workspace"],))
        database.commit()
    server.start()
    deadline = time.monotonic() + 10
    while OTHER not in {row["workspace"] for row in server.rows("audit_log")}:
        assert time.monotonic() < deadline, "the other log is not signed"
        time.sleep(0.05)
    server.stop()
    keys = {row["workspace"]: row["verifier_key"] for row in server.rows("audit_log")}
    return server, {workspace: keys[workspace] for workspace in (server.issued["workspace"], OTHER)}


@pytest.fixture
def two(two_logs, tmp_path) -> tuple[Server, dict[str, str]]:
    """A copy of it, to be tampered with."""
    shutil.copytree(two_logs[0].data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    return Server(tmp_path / "data"), two_logs[1]


def exchange(server: Server, keys: dict[str, str], *tables: str) -> None:
    first, second = keys
    for table in tables:
        change(server, *(f"UPDATE {table} SET workspace = '{to}' WHERE workspace = '{of}'"
                         for of, to in ((first, "-1"), (second, first), ("-1", second))))


@pytest.mark.parametrize("given", [True, False], ids=["with the key", "by the installation's own word"])
@pytest.mark.parametrize("tables", [
    (), ("audit_tile",), ("audit_entry",), ("audit_log",), ("audit_tile", "audit_entry"), ("audit_tile", "audit_log"),
    ("audit_tile", "audit_entry", "audit_log")], ids=lambda tables: " and ".join(tables) or "nothing")
def test_what_two_workspaces_exchanged_in_the_database_is_seen(two, tables, given):
    server, keys = two
    exchange(server, keys, *tables)
    for workspace, key in keys.items():
        done = server.command("audit", "verify", "--json", "--workspace", workspace, *(("--key", key) if given else ()))
        assert done.status in (0, 1), done.errors
        assert done.json["valid"] == (done.status == 0) == (not tables)
        if "audit_entry" in tables and "audit_log" not in tables and "audit_tile" not in tables:
            assert done.json["first_bad_entry"] == 1


def download(server: Server, workspace: str, key: str, folder: Path) -> None:
    """A public log as anybody can get it."""
    with Client(server.port, None) as client:
        def fetch(path: str) -> bytes:
            answer = client.request("GET", f"/v1/log/{path}", headers={"X-Countersign-Workspace": workspace})
            assert answer.status == 200, answer.said()
            return answer.body

        log = Log(key, fetch)
        save(log, log.checkpoint(), folder)


def test_what_two_workspaces_exchanged_in_a_copy_is_seen(two, tmp_path):
    server, keys = two
    change(server, "UPDATE workspace SET settings = json_set(settings, '$.public_log', json('true'))")
    server.start()
    try:
        for name, workspace in zip(("a", "b"), keys):
            download(server, workspace, keys[workspace], tmp_path / name)
    finally:
        server.end()
    first, second = keys.values()

    def verify(key: str) -> bool:
        done = run("audit", "verify", "--directory", str(tmp_path / "mixed"), "--key", key, "--json")
        assert done.status in (0, 1), done.errors
        return done.status == 0

    for parts in ((), ("checkpoint",), ("tile/0",), ("tile/entries",), ("tile/0", "tile/1"), ("tile",),
                  ("checkpoint", "tile")):
        shutil.copytree(tmp_path / "a", tmp_path / "mixed")
        for part in parts:
            source, target = tmp_path / "b" / part, tmp_path / "mixed" / part
            if source.is_dir():
                shutil.rmtree(target)
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)
        assert verify(first) == (not parts), f"{parts} of the other log"
        assert verify(second) == (parts == ("checkpoint", "tile")), "the whole of the other log is the other's alone"
        shutil.rmtree(tmp_path / "mixed")


def test_the_reader_itself_notices(server):
    """That `transparency.py` would see a change: what it is fed here has one."""
    log, checkpoint = caught_up(server)
    fetch = log.fetch

    def lying(path: str) -> bytes:
        body = fetch(path)
        return body.replace(b'"outcome":"done"', b'"outcome":"fail"', 1) if "entries" in path else body

    with pytest.raises(Unfit) as found:
        Log(server.json("audit", "key")["vkey"], lying).verify(checkpoint)
    assert found.value.entry == 0


# What one log's own checkpoint does not show


def test_the_log_of_the_installation_itself_is_checked(copy):
    change(copy, "UPDATE audit_entry SET detail = 'x' WHERE workspace = '-' AND sequence = 2")
    answer = verdict(copy)
    assert answer["origin"].endswith("/-") and answer["first_bad_entry"] == 2
    assert [log["valid"] for log in answer["logs"]] == [True, False]
    done = copy.command("audit", "verify", "--json", "--workspace", copy.issued["workspace"])
    assert done.status == 0 and done.json["unsigned"] == 0 and "logs" not in done.json


def test_a_log_that_was_put_back_is_found_by_a_checkpoint_that_was_kept(copy, tmp_path):
    shutil.copytree(copy.data, tmp_path / "before", ignore=shutil.ignore_patterns("*.sock"))
    copy.start()
    some_changes(copy, 20)
    caught_up(copy)
    copy.stop()
    kept = tmp_path / "kept"
    kept.write_text(next(row["checkpoint"] for row in copy.rows("audit_log")
                         if row["workspace"] == copy.issued["workspace"]))
    assert copy.command("audit", "verify", "--checkpoint", str(kept)).status == 0
    before = ("audit", "verify", "--data", str(tmp_path / "before"), "--json")
    assert run(*before).status == 0, "it is whole by itself"
    done = run(*before, "--checkpoint", str(kept))
    assert done.status == 1 and "cut or put back" in done.json["reason"]


def test_what_cannot_be_checked_is_no_log_that_does_not_fit(copy, tmp_path):
    for wrong in (("--data", str(tmp_path / "none")), ("--data", str(copy.data), "--key", "none")):
        done = run("audit", "verify", "--json", *wrong)
        assert done.status == 2 and done.json["error"] and ".." not in done.json["error"]
