"""The PIN of an HSM: a token locks after a few wrong ones, so one that was refused is not tried again by itself."""

import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from commands import ENCLAVE_BINARY
from server import StartFailure
from services import ENCLAVE, EnclaveSocket, Machine
from test_separate_users import sends_and_verifies
from test_vault import _round, _settings
from vault import FINAL_TRY, LOCKED, PIN, WatchedHSM

WRONG = "11112222"


@pytest.fixture
def hsm(tmp_path):
    return _hsm(tmp_path / "hsm")


@pytest.fixture
def machine():
    machine = Machine()
    yield machine
    machine.remove()


def _hsm(folder):
    hsm = WatchedHSM(folder)
    for token in ["first", "second"]:
        hsm.make_token(token)
        hsm.make_key(token, "master-1")
    return hsm


def _rewrapping(server):
    return subprocess.Popen(
        [ENCLAVE_BINARY, "rewrap", "--data", server.data], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)


def _wait(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def _note(data):
    return data / "master.key.pin-refused"


def test_a_refused_pin_is_tried_once_until_an_operator_says_that_it_is_corrected(started, hsm):
    """However often the server is started meanwhile; it says what to do, and shows no PIN."""
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    assert not _note(server.data).exists()
    hsm.pin_file.write_text(WRONG)
    with pytest.raises(StartFailure, match="refuses the PIN") as failure:
        server.start()
    assert f"delete {_note(server.data)}" in str(failure.value) and WRONG not in str(failure.value)
    assert _note(server.data).read_text() == "countersign refused PIN 1\ntoken first\n"
    assert stat.S_IMODE(_note(server.data).stat().st_mode) == 0o600
    for text in [WRONG, WRONG, PIN]:
        hsm.pin_file.write_text(text)
        with pytest.raises(StartFailure, match="refused the PIN before") as failure:
            server.start()
        assert f"delete {_note(server.data)}" in str(failure.value)
    assert hsm.refused_tries() == 1
    assert f"delete {_note(server.data)}" in server.command("doctor").text
    _note(server.data).unlink()
    server.start()
    _round(server)
    assert not [name for name in os.listdir(server.data) if "pin-refused" in name]


def test_a_wrong_pin_is_tried_once_though_the_process_that_tried_it_is_killed_before_the_answer(started, hsm):
    """As by systemd, or by an enclave that waits no longer: a slow HSM's tries would else be used up one by one."""
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    hsm.pin_file.write_text(WRONG)
    hsm.logging_in = 8000
    _settings(server, hsm.section("first", "master-1"))
    begun = _rewrapping(server)
    _wait(hsm.refused_tries)
    begun.kill()
    begun.wait()
    for _ in range(2):
        assert "ended before it knew" in server.command("vault", "rewrap").text
    with pytest.raises(StartFailure, match="ended before it knew") as failure:
        server.start()
    assert f"delete {_note(server.data)}" in str(failure.value) and hsm.refused_tries() == 1
    hsm.pin_file.write_text(PIN)
    hsm.logging_in = 0
    _settings(server, hsm.section("first", "master-1"))
    _note(server.data).unlink()
    server.start()
    _round(server)


def test_a_command_that_hangs_in_the_module_of_its_hsm_keeps_nobody_from_logging_in(started, hsm):
    """Only the try of a PIN excludes others."""
    server = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    enclave = server.enclave_pid()
    ours, previous = server.data / "enclave.yaml", hsm.section("first", "master-1", name="previous_vault")
    before = ours.read_text()
    hsm.starting = 60_000
    _settings(server, hsm.section("second", "master-1"), previous)
    begun = _rewrapping(server)
    try:
        _wait(lambda: "watched.so" in Path(f"/proc/{begun.pid}/maps").read_text())
        ours.write_text(before)
        assert server.command("key", "rotate", "--force").status == 0
    finally:
        begun.kill()
        begun.wait()
    _round(server)
    assert server.enclave_pid() == enclave


def test_a_refused_pin_of_another_token_keeps_nobody_from_this_one(started, hsm):
    """Its refusal by a command is a finding of doctor while the server runs."""
    server = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    other = hsm.configuration.with_name("other-pin")
    other.write_text(WRONG)
    _settings(
        server, hsm.section("second", "master-1", pin=f"pin_file: {other}"),
        hsm.section("first", "master-1", name="previous_vault"))
    for _ in range(3):
        assert server.command("vault", "rewrap").status != 0
    assert hsm.refused_tries() == 1 and "token second\n" in _note(server.data).read_text()
    done = server.command("doctor")
    assert done.status == 1 and f"delete {_note(server.data)}" in done.output
    _settings(server, hsm.section("first", "master-1", "identity_keys: true"))
    server.stop()
    server.start()
    assert server.command("key", "rotate", "--force").status == 0
    _round(server)


@pytest.mark.parametrize("flag, said", [(FINAL_TRY, "the next wrong PIN locks it"), (LOCKED, "the PIN is locked")])
def test_no_pin_is_tried_at_a_token_that_the_next_wrong_one_locks(started, hsm, flag, said):
    """Not even the right one: nobody knows that it is."""
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    before = hsm.tries()
    hsm.flags = flag
    _settings(server, hsm.section("first", "master-1"))
    with pytest.raises(StartFailure, match=said):
        server.start()
    assert hsm.tries() == before and not _note(server.data).exists()
    hsm.flags = 0
    _settings(server, hsm.section("first", "master-1"))
    server.start()
    _round(server)


def test_where_a_refusal_could_not_be_noted_no_pin_is_tried(started, hsm):
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    before = hsm.tries()
    in_the_way = server.data / "master.key.pin-refused.try"
    in_the_way.mkdir()
    with pytest.raises(StartFailure, match="master.key.pin-refused cannot be written"):
        server.start()
    assert hsm.tries() == before
    in_the_way.rmdir()
    server.start()
    _round(server)


def test_an_enclave_that_is_a_service_tries_a_refused_pin_once_however_often_the_server_connects(machine):
    """And is back by itself once the PIN is corrected and the file is gone."""
    hsm = _hsm(machine.folder / "hsm")
    hsm.give_to(ENCLAVE)
    machine.write_enclave_settings(hsm.section("first", "master-1"))
    assert machine.enclave_command("rewrap").status == 0
    unit, host = EnclaveSocket(machine), machine.host()
    try:
        host.init()
        host.start()
        sends_and_verifies(host)
        hsm.pin_file.write_text(WRONG)
        os.kill(unit.wait_for_process(), signal.SIGKILL)
        host.wait_until_logged("enclave did not come up", seconds=30, times=4)
        # The host sees the connection close before the process has ended.
        deadline = time.monotonic() + 10
        while unit.endings.count(78) < 4:
            assert time.monotonic() < deadline, unit.endings
            time.sleep(0.02)
        assert hsm.refused_tries() == 1
        assert machine.enclave_logged().count(f"delete {_note(machine.enclave_data)}") >= 4
        hsm.pin_file.write_text(PIN)
        _note(machine.enclave_data).unlink()
        host.wait_until_logged("enclave is up", seconds=30, times=2)
        sends_and_verifies(host)
    finally:
        host.end()
        unit.end()
