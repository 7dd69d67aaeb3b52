"""What anchors the audit log outside the database: the enclave's file, and witnesses (c2sp.org/tlog-witness)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

import pytest

import contacts
from server import Server
from transparency import VerifierKey
from wire import Client
from witnesses import Witness

ROUND = 15
"""Seconds in which every log that has grown was shown to a witness once more."""


@pytest.fixture
def witness(certificates, tmp_path):
    there = Witness(certificates, tmp_path / "witness.json").start()
    yield there
    there.stop()


def changes(server: Server, count: int) -> None:
    with server.client("test") as client:
        for _ in range(count):
            client.verify(contacts.phone(), "123456")


def note(server: Server, name: str) -> str:
    with server.client("operator") as client:
        answer = client.get(f"/v1/log/{name}")
        return answer.body.decode() if answer.status == 200 else ""


def size(note: str) -> int:
    return int(note.split("\n")[1]) if note else 0


def stored(server: Server) -> int:
    return max(row["sequence"] for row in server.rows("audit_entry") if row["workspace"] == server.issued["workspace"])


def health(server: Server) -> int:
    with Client(server.port, None) as client:
        return client.get("/api/v1/health").status


def eventually(what: str, is_so: Callable[[], bool], seconds: float = 8) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def signed(server: Server) -> None:
    wanted = stored(server)
    eventually("it is not signed", lambda: size(note(server, "checkpoint")) >= wanted)


def cosigned(server: Server) -> None:
    wanted = stored(server)
    eventually("no witness cosigns it", lambda: size(note(server, "cosigned")) >= wanted, ROUND)


def audit_finding(server: Server) -> str:
    found = server.command("doctor", "--json")
    return next(each["message"] for each in found.json["checks"] if each["name"] == "audit log")


def files_of(server: Server) -> list:
    return [server.data / name for name in ("countersign.db", "countersign.db-wal", "countersign.db-shm", "log.anchor")]


def put_back(server: Server, folder, *names: str) -> None:
    for path in files_of(server):
        if path.name.startswith(names):
            path.unlink(missing_ok=True)
            if (folder / path.name).exists():
                shutil.copy2(folder / path.name, path)


def keep(server: Server, folder) -> None:
    folder.mkdir()
    for path in files_of(server):
        if path.exists():
            shutil.copy2(path, folder / path.name)


def acknowledged(server: Server) -> None:
    """Stops, acknowledges and starts; the log goes on, and says so."""
    server.stop()
    assert server.command("audit", "acknowledge").status == 0
    server.start()
    changes(server, 1)
    signed(server)
    assert health(server) == 200
    restored = [row for row in server.rows("audit_entry") if row["action"] == "log.restored"]
    assert any(row["workspace"] == server.issued["workspace"] for row in restored)
    assert server.command("audit", "verify").status == 0


def test_an_older_anchor_is_noticed_until_somebody_says_that_it_was_meant(started, tmp_path):
    server = started()
    changes(server, 5)
    signed(server)
    server.stop()
    keep(server, tmp_path / "kept")
    server.start()
    changes(server, 5)
    signed(server)
    server.stop()
    put_back(server, tmp_path / "kept", "log.anchor")
    server.start()
    eventually("nobody notices the older anchor", lambda: health(server) == 503)
    assert "anchor_behind" in audit_finding(server)
    before = size(note(server, "checkpoint"))
    changes(server, 3)
    time.sleep(0.6)
    assert size(note(server, "checkpoint")) == before, "something was signed"
    acknowledged(server)


def test_an_independent_reader_finds_the_witness_below_the_checkpoint(started, witness):
    server = started(enclave=witness.enclave_settings())
    own = VerifierKey(server.json("audit", "key")["vkey"])
    for _ in range(2):
        changes(server, 3)
        signed(server)
        cosigned(server)
        for name in ("cosigned", "checkpoint"):
            assert witness.key.has_signed(note(server, name)) and own.open(note(server, name)).size == stored(server)
    assert server.command("doctor").status == 0


def test_a_witness_that_is_down_does_not_stop_the_log_and_cosigns_once_it_is_back(started, witness):
    server = started(enclave=witness.enclave_settings())
    cosigned(server)
    witness.stop()
    changes(server, 3)
    signed(server)
    server.wait_until_logged("unreachable", ROUND)
    assert health(server) == 200
    assert not witness.key.has_signed(note(server, "checkpoint"))
    witness.start()
    cosigned(server)
    server.wait_until_logged("cosigns the audit log again")
    assert witness.key.has_signed(note(server, "checkpoint"))


@pytest.mark.parametrize(("fault", "reason"), [
    ("wrong-signature", "bad_signature"), ("hang", "timed_out"), ("huge", "bad_answer"), ("headers", "bad_answer"),
    ("redirect-https", "refused"), ("cut", "unreachable"),
])
def test_what_is_no_cosignature_is_named_and_nothing_waits_for_it(started, witness, fault, reason):
    witness.tell(f"fault {fault}")
    server = started(enclave=witness.enclave_settings())
    server.wait_until_logged(reason, ROUND)
    changes(server, 3)
    signed(server)
    assert health(server) == 200
    assert note(server, "cosigned") == "" and not witness.key.has_signed(note(server, "checkpoint"))


def test_a_log_that_the_witness_does_not_know_is_named(started, witness):
    witness.tell(f"log id.example.com/other+{'0' * 8}+AAAA")
    server = started(enclave=witness.enclave_settings())
    server.wait_until_logged("log_unknown", ROUND)
    assert health(server) == 200
    witness.tell(f"log {server.json('audit', 'key')['vkey']}")
    cosigned(server)


def test_database_and_anchor_put_back_together_are_noticed_by_the_witness(started, witness, tmp_path):
    server = started(enclave=witness.enclave_settings())
    changes(server, 5)
    cosigned(server)
    server.stop()
    keep(server, tmp_path / "kept")
    server.start()
    changes(server, 10)
    cosigned(server)
    server.stop()
    put_back(server, tmp_path / "kept", "log.anchor", "countersign.db")
    server.start()
    eventually("nobody notices the older log", lambda: health(server) == 503)
    assert "contradicted" in audit_finding(server)
    # Nor does it help to keep the witness from answering from now on.
    server.stop()
    witness.stop()
    server.start()
    eventually("a restart makes it forget", lambda: health(server) == 503)
    witness.start()
    acknowledged(server)
    server.wait_until_logged("left_behind", ROUND)
    assert health(server) == 200
