"""Reading the audit log, and taking it elsewhere: pages, `tail`, exports, and who notices what was changed in one."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

import contacts
from commands import BINARY, run
from exports import Export
from server import Server, new_server
from test_audit_log import caught_up, some_changes
from transparency import TILE, Unfit, save, tile_path

FORMATS = ["jsonl", "csv"]


def export(server: Server, path: Path, *options: str) -> Export:
    done = server.command("audit", "export", "--output", str(path), *options)
    assert done.status == 0, done.errors
    return Export(vkey(server), path)


def vkey(server: Server) -> str:
    return server.json("audit", "key")["vkey"]


def check(key: str, path: Path) -> dict:
    done = run("audit", "verify", "--export", str(path), "--key", key, "--json")
    assert done.status in (0, 1), done.errors
    assert done.json["valid"] == (done.status == 0)
    return done.json


def numbers(page: dict) -> list[int]:
    return [entry["sequence"] for entry in page["entries"]]


# Pages


def test_pages_have_each_entry_once_while_others_write(server):
    some_changes(server, 60)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            some_changes(server, 1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with server.client("operator") as client:
            newest = numbers(client.get("/v1/log/entries?limit=1").json)[0]
            backwards: list[int] = []
            place = newest + 1
            while place:
                page = client.get(f"/v1/log/entries?limit=7&before={place}").json
                backwards += numbers(page)
                place = page.get("next")
            forwards: list[int] = []
            while not forwards or forwards[-1] < newest:
                forwards += numbers(client.get(f"/v1/log/entries?limit=7&after={forwards[-1] if forwards else 0}").json)
    finally:
        stop.set()
        writer.join()
    assert backwards == list(range(newest, 0, -1))
    assert forwards == list(range(1, len(forwards) + 1))


def test_entries_are_found_by_person_record_and_what_became_of_them(server):
    phone, other = contacts.phones(2)
    with server.client("test") as client:
        assert client.send(phone).status == 200
        for contact in (phone, other):
            client.verify(contact, contacts.wrong("000000"))
    with server.client("operator") as client:
        found = client.get(f"/v1/log/entries?contact={phone.replace('+', '%2B')}").json["entries"]
        assert len(found) >= 2 and all(entry["personal"]["contact"] == phone for entry in found)
        by_record = client.get(f"/v1/log/entries?record={found[0]['record']}").json["entries"]
        assert found[0] in by_record and all(entry["record"] == found[0]["record"] for entry in by_record)
        done = client.get("/v1/log/entries?outcome=done&action=challenge.created").json["entries"]
        assert done and {(entry["outcome"], entry["action"]) for entry in done} == {("done", "challenge.created")}
        assert client.get("/v1/log/entries?outcome=failed&action=challenge.created").json["entries"] == []
        actor = found[0]["actor"]
        assert client.get(f"/v1/log/entries?actor={actor}&after=0&limit=1").json["entries"][0]["actor"] == actor
        for query in ("limit=0", "limit=1001", "before=x", "before=1&after=1", "action=none", "from=x", "contact=x"):
            assert client.get(f"/v1/log/entries?{query}").status == 400, query
    for kind in (None, "live", "test"):
        with server.client(kind) as client:
            assert client.get("/v1/log/entries").status in (401, 403)
            assert client.get("/v1/log/export").status in (401, 403)


def test_list_shows_pages_and_tail_follows(server):
    page = server.json("audit", "list", "--limit", "3")
    older = server.json("audit", "list", "--limit", "2", "--before", str(page["next"]))
    assert numbers(page) + numbers(older) == list(range(numbers(page)[0], numbers(page)[0] - 5, -1))
    process = subprocess.Popen(
        [str(BINARY), "audit", "tail", "-n", "2", "--follow", "--json", "--data", str(server.data)],
        stdout=subprocess.PIPE, text=True,
        # A shell that runs the tests in the background has them ignore what Ctrl-C sends, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        assert process.stdout is not None
        shown = [process.stdout.readline() for _ in range(2)]
        some_changes(server, 3)
        shown += [process.stdout.readline() for _ in range(3)]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=5)
    sequence = [json.loads(line)["sequence"] for line in shown]
    assert sequence == list(range(sequence[0], sequence[0] + 5))


# Exports


@pytest.mark.parametrize("format", FORMATS)
def test_an_independent_reader_finds_an_export_whole_under_load(server, tmp_path, format):
    some_changes(server, TILE + 10)
    caught_up(server)
    writer = threading.Thread(target=some_changes, args=(server, 100))
    writer.start()
    made = export(server, tmp_path / "log", "--format", format)
    writer.join()
    entries = made.verify()
    assert len(entries) == made.checkpoint.size > TILE
    assert any(entry["personal"] and entry["personal"].get("contact") for entry in entries)
    assert check(vkey(server), tmp_path / "log")["valid"]
    assert server.json("audit", "list", "--action", "log.exported")["entries"][0]["detail"].startswith(format)
    assert os.stat(tmp_path / "log").st_mode & 0o777 == 0o600


@pytest.mark.parametrize("format", FORMATS)
def test_a_period_is_tied_to_the_same_root(server, tmp_path, format):
    some_changes(server, 20)
    caught_up(server)
    middle = server.json("audit", "list", "--limit", "10")["entries"][-1]
    made = export(server, tmp_path / "log", "--format", format, "--from", middle["time"])
    entries = made.verify()
    assert entries and all(entry["sequence"] > made.first > 0 for entry in entries)
    assert check(vkey(server), tmp_path / "log")["entries"] == len(entries)
    nothing = export(server, tmp_path / "none", "--format", format, "--to", "2001-01-01")
    assert nothing.verify() == [] and check(vkey(server), tmp_path / "none")["valid"]


@pytest.mark.parametrize("format", FORMATS)
def test_an_erased_person_is_erased_in_every_later_export(server, tmp_path, format):
    phone = contacts.phone()
    with server.client("test") as client:
        client.verify(phone, "123456")
    assert server.json("audit", "erase", "--contact", phone)["erased"]
    caught_up(server)
    entries = export(server, tmp_path / "log", "--format", format).verify()
    assert any(entry["personal"] == "erased" for entry in entries)
    assert phone.encode() not in (tmp_path / "log").read_bytes()
    assert check(vkey(server), tmp_path / "log")["valid"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> tuple[str, Path]:
    """The public key and an export of some tiles, whose server has ended."""
    server = new_server(tmp_path_factory.mktemp("exported"))
    some_changes(server, TILE + 20)
    caught_up(server)
    path = tmp_path_factory.mktemp("files") / "log"
    export(server, path)
    key = vkey(server)
    server.stop()
    return key, path


@pytest.mark.parametrize("what, change, first", [
    ("flipped", lambda lines: [*lines[:99], lines[99].replace(b'"done"', b'"dome"').replace(b'"refused"', b'"refuses"'),
                               *lines[100:]], 100),
    ("dropped", lambda lines: lines[:49] + lines[50:], 50),
    ("moved", lambda lines: lines[:39] + [lines[40], lines[39]] + lines[41:], 40),
    ("doubled", lambda lines: lines[:60] + lines[59:], 61),
    ("cut off", lambda lines: lines[:200], 201),
    ("added", lambda lines: lines + lines[-1:], None),
])
def test_a_changed_export_is_named_without_a_server(exported, tmp_path, what, change, first):
    key, path = exported
    copy = tmp_path / "log"
    lines = path.read_bytes().splitlines(keepends=True)
    copy.write_bytes(b"".join(change(lines)))
    shutil.copy(f"{path}.manifest", f"{copy}.manifest")
    answer = check(key, copy)
    assert not answer["valid"] and answer["first_bad_entry"] == (first or len(lines) + 1), what
    with pytest.raises((Unfit, AssertionError)):
        Export(key, copy).verify()


def test_another_key_and_another_manifest_are_refused(exported, server, tmp_path):
    key, path = exported
    assert not check(vkey(server), path)["valid"]
    copy = tmp_path / "log"
    shutil.copy(path, copy)
    caught_up(server)
    export(server, tmp_path / "other")
    shutil.copy(tmp_path / "other.manifest", tmp_path / "log.manifest")
    assert not check(key, copy)["valid"] and not check(vkey(server), copy)["valid"]


def test_an_export_overwrites_nothing(server, tmp_path):
    (tmp_path / "log").write_text("mine")
    assert server.command("audit", "export", "--output", str(tmp_path / "log")).status != 0
    assert (tmp_path / "log").read_text() == "mine" and len(list(tmp_path.iterdir())) == 1


# Large ones


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Server:
    """A log of more than 50,000 entries, some 100 MB as an export."""
    server = new_server(tmp_path_factory.mktemp("large"))
    workspace = server.issued["workspace"]
    server.stop()
    with closing(sqlite3.connect(server.data / "countersign.db")) as database:
        start, = database.execute("SELECT MAX(sequence) FROM audit_entry WHERE workspace = ?", [workspace]).fetchone()
        columns = "workspace, sequence, time, actor, action, record, agent, outcome, request, detail"
        database.executemany(
            f"INSERT INTO audit_entry ({columns}) VALUES (?, ?, ?, 'system', 'key.created', 'k', '', 'done', '', ?)",
            ((workspace, start + number, int(time.time() * 1000), "x" * 2000) for number in range(1, 50_001)))
        database.commit()
    server.start()
    caught_up(server, seconds=60)
    yield server
    server.end()


def peak(pid: int) -> int:
    """The most memory that a process has had, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


@pytest.mark.parametrize("format", FORMATS)
def test_memory_does_not_grow_with_the_log(large, tmp_path, format):
    Path(f"/proc/{large.pid}/clear_refs").write_text("5")
    before = peak(large.pid)
    process = subprocess.Popen(
        [str(BINARY), "audit", "export", "--format", format, "--output", str(tmp_path / "log"), "--data",
         str(large.data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        try:
            most = max(most, peak(process.pid))
        except (FileNotFoundError, StopIteration):
            pass
        time.sleep(0.01)
    assert process.returncode == 0
    size = (tmp_path / "log").stat().st_size
    assert size > 100_000_000
    assert most < size / 2, f"the command had {most} bytes"
    assert peak(large.pid) - before < size / 2, f"the server grew from {before} to {peak(large.pid)} bytes"
    answer = run("audit", "verify", "--export", str(tmp_path / "log"), "--key", vkey(large), "--json", seconds=120)
    assert answer.json["valid"] and answer.json["entries"] > 50_000


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_export_leaves_no_file(large, tmp_path, sent):
    process = subprocess.Popen(
        [str(BINARY), "audit", "export", "--output", str(tmp_path / "log"), "--data", str(large.data)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    partial = tmp_path / "log.partial"
    deadline = time.monotonic() + 10
    while not (partial.exists() and partial.stat().st_size > 0):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.001)
    process.send_signal(sent)
    assert process.wait(timeout=10) != 0
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_the_server_breaks_off_leaves_no_file(large, tmp_path):
    with closing(sqlite3.connect(large.data / "countersign.db")) as database:
        database.execute("UPDATE audit_entry SET sequence = -sequence WHERE sequence = 40000")
        database.commit()
    try:
        done = large.command("audit", "export", "--output", str(tmp_path / "log"))
        assert done.status != 0 and list(tmp_path.iterdir()) == []
    finally:
        with closing(sqlite3.connect(large.data / "countersign.db")) as database:
            database.execute("UPDATE audit_entry SET sequence = -sequence WHERE sequence = -40000")
            database.commit()


# Copies elsewhere


class Host(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        assert "Authorization" not in self.headers
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved"))
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


def test_a_copy_is_verified_from_a_folder_and_from_any_host(server, tmp_path):
    some_changes(server, TILE + 5)
    log, checkpoint = caught_up(server)
    save(log, checkpoint, tmp_path / "copy")
    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(tmp_path)))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{host.server_address[1]}"
    places = [("--directory", str(tmp_path / "copy")), ("--url", f"{url}/copy"), ("--url", f"{url}/copy/")]
    try:
        for place in places:
            done = run("audit", "verify", *place, "--key", vkey(server), "--json",
                       environment={"COUNTERSIGN_KEY": server.issued["keys"]["operator"]})
            assert done.status == 0 and done.json["size"] == checkpoint.size, done.errors
            assert run("audit", "verify", *place).status == 64, "what is elsewhere does not vouch for itself"
        done = run("audit", "verify", "--url", f"{url}/moved/copy", "--key", vkey(server))
        assert done.status == 2 and not done.output and "302" in done.errors
        done = run("audit", "verify", "--server", "http://192.0.2.1", "--key", vkey(server),
                   environment={"COUNTERSIGN_KEY": server.issued["keys"]["operator"]})
        assert done.status == 2 and "unencrypted" in done.errors, "a key is sent to nobody without encryption"
        bundle = tmp_path / "copy" / tile_path("entries", 0, TILE)
        bundle.write_bytes(bundle.read_bytes().replace(b'"done"', b'"dome"', 1))
        for place in places:
            answer = run("audit", "verify", *place, "--key", vkey(server), "--json")
            assert answer.status == 1 and answer.json["first_bad_entry"] == 1
    finally:
        host.shutdown()
