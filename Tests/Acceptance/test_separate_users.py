"""Host and enclave under users of their own: what each may reach, and what becomes of one when the other comes or goes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import contacts
from commands import run
from services import ENCLAVE, HOST, STRANGER, EnclaveSocket, Machine, SeparateServer, as_user, knock
from wire import dispatched, verified

PASSING = "00" * 12
"""What the host's first message says; it brings a socket."""


@pytest.fixture
def machine() -> Iterator[Machine]:
    machine = Machine()
    yield machine
    machine.remove()


@pytest.fixture
def sockets(machine: Machine) -> Iterator[Callable[..., EnclaveSocket]]:
    made: list[EnclaveSocket] = []

    def make(**options: object) -> EnclaveSocket:
        made.append(EnclaveSocket(machine, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def host(machine: Machine) -> Iterator[SeparateServer]:
    host = machine.host()
    yield host
    host.end()


def boot(host: SeparateServer) -> str:
    with host.client(None) as client:
        answer = client.get("/api/v1/enclave")
    return answer.json["boot"]


def sends_and_verifies(host: SeparateServer) -> None:
    person = contacts.phone()
    with host.client("live") as client:
        dispatched(client.send(person))
        verified(client.verify(person, host.inbox.code(person)))


def wait_for_new_boot(host: SeparateServer, old: str) -> None:
    for _ in range(500):
        with host.client(None) as client:
            answer = client.get("/api/v1/enclave")
        if answer.status == 200 and answer.json["boot"] != old:
            return
        time.sleep(0.02)
    raise AssertionError(host.logged()[-2000:])


def test_the_level_user_is_reached_and_reported(sockets, host: SeparateServer, machine: Machine) -> None:
    """`init`, `serve` and `doctor` with an enclave that is another user's; the host's user reads none of its files."""
    sockets()
    host.init()
    host.start()
    sends_and_verifies(host)
    with host.client(None) as client:
        isolation = client.get("/api/v1/enclave").json["isolation"]
    assert isolation["level"] == "user" and isolation["separate_user"] and isolation["system_call_filter"]
    findings = {finding["name"]: finding for finding in host.command("doctor", "--json").json["checks"]}
    assert findings["enclave"]["status"] == "ok" and "level user" in findings["enclave"]["message"]
    assert findings["master key"]["status"] == "ok" and str(machine.socket) in findings["master key"]["message"]
    for path in (machine.enclave_data, machine.enclave_data / "master.key", machine.enclave_data / "log.anchor"):
        tried = subprocess.run(as_user(HOST, "/bin/ls", str(path)), capture_output=True, text=True)
        assert "Permission denied" in tried.stderr
    assert not (machine.host_data / "master.key").exists()
    assert {path.stat().st_uid for path in machine.host_data.iterdir()} == {HOST}
    assert {path.stat().st_uid for path in machine.enclave_data.iterdir()} == {ENCLAVE}


def test_a_master_key_in_the_hosts_folder_is_reported(sockets, host: SeparateServer, machine: Machine) -> None:
    sockets()
    host.init()
    host.start()
    (machine.host_data / "master.key").write_bytes(b"left over")
    done = host.command("doctor", "--json")
    finding = next(one for one in done.json["checks"] if one["name"] == "master key")
    assert done.status == 1 and finding["status"] == "failed" and "Move it" in finding["advice"]


@pytest.mark.parametrize("user", [STRANGER, ENCLAVE, 0])
def test_the_socket_alone_keeps_others_out(sockets, machine: Machine, user: int) -> None:
    """Nobody but the host's user and root may connect; root is turned away by the enclave, which asks the kernel."""
    sockets()
    assert knock(machine.socket, user, "SOCK_SEQPACKET", PASSING) == ("closed" if user == 0 else "PermissionError")


def test_the_enclave_turns_strangers_away_where_the_socket_does_not(
    sockets, host: SeparateServer, machine: Machine
) -> None:
    """With a socket that is open to all, a stranger gets no byte, starts nothing that reads a key, and the host is served."""
    unit = sockets(mode=0o666)
    assert knock(machine.socket, STRANGER, "SOCK_SEQPACKET", PASSING) == "closed"
    waiting = unit.wait_for_process()
    assert "sandboxClosed" not in machine.enclave_logged()
    host.init()
    unit.wait_for_ending(0)
    assert machine.enclave_logged().count("sandboxClosed") == 1 and unit.started == [waiting]


@pytest.mark.parametrize("first_message", [
    ("SOCK_STREAM", PASSING), ("SOCK_SEQPACKET", "00" * 11 + "01"), ("SOCK_SEQPACKET", "00" * 5)])
def test_what_does_not_begin_as_a_host_is_turned_away(sockets, machine: Machine, first_message: tuple[str, str]) -> None:
    unit = sockets()
    assert knock(machine.socket, HOST, *first_message) == "closed"
    assert "sandboxClosed" not in machine.enclave_logged() and unit.endings == []


def test_one_host_is_served_and_a_second_is_turned_away(sockets, host: SeparateServer, machine: Machine) -> None:
    unit = sockets()
    host.init()
    host.start()
    before = boot(host)
    for _ in range(5):
        assert knock(machine.socket, HOST, "SOCK_SEQPACKET", PASSING) == "closed"
        assert knock(machine.socket, HOST) == "closed"
    sends_and_verifies(host)
    assert boot(host) == before and unit.process is not None


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_host_restarts_and_finds_a_new_enclave(sockets, host: SeparateServer, ending: signal.Signals) -> None:
    """Politely or not: the enclave ends with its host, so that codes made for it are dead, and the next one is served."""
    unit = sockets()
    host.init()
    host.start()
    before = boot(host)
    served = len(unit.endings)
    host.kill() if ending == signal.SIGKILL else host.stop()
    host.start()
    assert boot(host) != before and set(unit.endings[served:]) == {0}
    sends_and_verifies(host)


def test_the_enclave_is_killed_and_the_host_reconnects(sockets, host: SeparateServer) -> None:
    """In between the host answers 503, and nothing is lost."""
    unit = sockets()
    host.init()
    host.start()
    before = boot(host)
    killed = unit.wait_for_process()
    unit.held.set()
    os.kill(killed, signal.SIGKILL)
    with host.client("live") as client:
        assert client.send(contacts.phone()).status == 503
    unit.held.clear()
    wait_for_new_boot(host, before)
    assert unit.wait_for_process() != killed
    sends_and_verifies(host)


def test_the_host_waits_for_an_enclave_that_comes_later(
    sockets, host: SeparateServer, machine: Machine
) -> None:
    """Also for one whose settings are mended meanwhile: its reason is in its own log."""
    unit = sockets()
    host.init()
    machine.write_enclave_settings("unheard_of: true\n")
    log = host.log.open("ab")
    host.process = subprocess.Popen(
        [*host.program, "serve", "--data", str(host.data), "--listen", f"127.0.0.1:{host.port}"], stdout=log, stderr=log)
    host.wait_until_logged("no enclave yet", seconds=10)
    unit.wait_for_ending(78)
    assert "its own log says why" in host.logged()
    assert "unheard_of" in machine.enclave_logged()
    machine.write_enclave_settings("inbox: true\n")
    host.wait_until_logged("listening", seconds=10)
    sends_and_verifies(host)


def test_work_on_the_enclaves_files_is_left_to_its_user(sockets, host: SeparateServer, machine: Machine) -> None:
    sockets()
    host.init()
    for words in (["vault", "rewrap"], ["audit", "acknowledge"]):
        done = host.command(*words)
        assert done.status != 0 and "countersign-enclave" in done.errors and "as that user" in done.errors
    assert "Each log's next head" in machine.enclave_command("acknowledge-restore").output


def test_without_systemd_the_enclave_makes_its_socket(host: SeparateServer, machine: Machine) -> None:
    """As in a container: `--listen`, once; a second enclave does not take the place of one that listens."""
    os.chown(machine.sockets, ENCLAVE, HOST)
    machine.sockets.chmod(0o2750)
    log = machine.log.open("ab")

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*machine.serving, "--listen", str(machine.socket)], stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    first = start()
    try:
        host.init()
        assert first.wait(timeout=5) == 0
        first = start()
        host.start()
        second = run(*machine.serving[1:], "--listen", str(machine.socket), binary=Path(machine.serving[0]))
        assert second.status == 78 and "another process listens there" in second.errors
        host.stop()
        assert first.wait(timeout=5) == 0
    finally:
        if first.poll() is None:
            first.kill()
            first.wait(timeout=5)


LISTENING = """
import socket, sys
end = socket.socket(socket.AF_UNIX)
end.bind(sys.argv[1])
end.listen()
print("listening", flush=True)
served, _ = end.accept()
print(len(served.recv(1)), flush=True)
"""


@pytest.mark.parametrize("folder", [0, ENCLAVE])
def test_the_host_says_nothing_to_a_strangers_socket(host: SeparateServer, machine: Machine, folder: int) -> None:
    """Where a folder is open to more than it should be, a third user may listen in the enclave's place."""
    os.chown(machine.sockets, folder, HOST)
    machine.sockets.chmod(0o777)
    stranger = subprocess.Popen(
        as_user(STRANGER, "/usr/bin/python3", "-c", LISTENING, str(machine.socket)), stdout=subprocess.PIPE, text=True)
    assert stranger.stdout is not None
    try:
        assert stranger.stdout.readline() == "listening\n"
        machine.socket.chmod(0o666)
        first, *rest = host.program
        done = run(*rest, "init", "--data", str(host.data), binary=Path(first), seconds=60)
        assert done.status != 0 and f"user {STRANGER} listens there" in done.errors
        assert stranger.stdout.readline() == "0\n", "it was told something"
    finally:
        stranger.kill()
        stranger.wait(timeout=5)


def test_the_enclave_says_what_it_was_not_given(machine: Machine) -> None:
    def said(*arguments: str) -> str:
        done = machine.enclave_command("serve", *arguments)
        assert done.status in (64, 78)
        return done.errors

    assert "countersign-enclave.socket" in said("--host-user", str(HOST))
    assert "no such user" in said("--host-user", "nobody-of-that-name")
    assert "--host-user" in said("--listen", "/run/x.sock")
    assert "absolute path" in said("--host-user", "0", "--listen", "x.sock")
    assert "is no socket" in said("--host-user", "0", "--listen", str(machine.enclave_data / "master.key"))
