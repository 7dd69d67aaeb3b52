"""The shipped units of systemd: what its own tools say of them, and whether the programs live under them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import contacts
from commands import BINARY, ENCLAVE_BINARY, ROOT
from services import HOST, EnclaveSocket, Machine

UNITS = ROOT / "deploy/systemd"
EXPOSURE = {"countersign-enclave": 1.0, "countersign": 1.6}
"""What `systemd-analyze security` may say at most, from 0 (sealed) to 10; below 2 it says SAFE or OK."""


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.fail("systemd-analyze is missing: scripts/system-packages.sh test")
    return subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("unit", sorted(EXPOSURE))
def test_a_service_is_hardened(unit: str) -> None:
    done = analyze("security", "--offline=true", f"--threshold={int(EXPOSURE[unit] * 10)}", f"{UNITS}/{unit}.service")
    assert done.returncode == 0, done.stdout[-3000:]
    overall = re.search(r"Overall exposure level.*: ([0-9.]+)", done.stdout)
    assert overall and float(overall[1]) <= EXPOSURE[unit] < 2.0


@pytest.mark.parametrize("dropins", [[], ["behind-proxy/countersign.service.d", "behind-proxy/countersign.socket.d"]])
def test_systemd_takes_the_units(tmp_path: Path, dropins: list[str]) -> None:
    """No unknown setting, no wrong value; with the programs where this build has them."""
    for unit in [*UNITS.glob("*.service"), *UNITS.glob("*.socket")]:
        text = unit.read_text()
        for program in (ENCLAVE_BINARY, BINARY):
            text = re.sub(rf"/usr/local/bin/{program.name}(?= )", str(program), text)
        (tmp_path / unit.name).write_text(text)
    for dropin in dropins:
        shutil.copytree(UNITS / dropin, tmp_path / Path(dropin).name)
        for file in (tmp_path / Path(dropin).name).iterdir():
            file.write_text(file.read_text().replace("/usr/local/bin/countersign ", f"{BINARY} "))
    done = analyze("verify", *(str(path) for path in tmp_path.glob("countersign*.s*") if path.is_file()))
    complaints = [line for line in done.stderr.splitlines() if "countersign" in line]
    assert done.returncode == 0 and not complaints, done.stderr


@pytest.mark.parametrize("example", sorted(UNITS.glob("examples/*.conf")), ids=lambda path: path.stem)
def test_systemd_takes_the_examples(tmp_path: Path, example: Path) -> None:
    unit = tmp_path / "countersign-enclave.service"
    unit.write_text((UNITS / unit.name).read_text().replace("/usr/local/bin/countersign-enclave", str(ENCLAVE_BINARY)))
    shutil.copy(UNITS / "countersign-enclave.socket", tmp_path)
    (tmp_path / "countersign-enclave.service.d").mkdir()
    shutil.copy(example, tmp_path / "countersign-enclave.service.d")
    done = analyze("verify", str(unit))
    assert not [line for line in done.stderr.splitlines() if "countersign" in line], done.stderr


def allowed_calls(unit: str) -> set[str]:
    """The names that `SystemCallFilter=` leaves, its groups expanded as systemd expands them."""
    def expanded(name: str) -> set[str]:
        if not name.startswith("@"):
            return {name}
        lines = analyze("syscall-filter", name).stdout.splitlines()[1:]
        words = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
        return set().union(*(expanded(word) for word in words)) if words else set()

    calls: set[str] = set()
    for value in re.findall(r"^SystemCallFilter=(.*)$", (UNITS / f"{unit}.service").read_text(), flags=re.MULTILINE):
        names = set().union(*(expanded(name) for name in value.removeprefix("~").split()))
        calls = calls - names if value.startswith("~") else calls | names
    return calls


def traced_calls(trace: Path, program: str) -> set[str]:
    """What a program called from its first instruction on, and was not refused by a filter of its own."""
    calls: set[str] = set()
    began = False
    for line in trace.read_text(errors="replace").splitlines():
        began = began or ("execve(" in line and program in line)
        call = re.match(r"\d+ +(\w+)\(", line)
        if began and call and "EPERM" not in line:
            calls.add(call[1])
    assert began, trace.read_text()[:2000]
    return calls


def test_the_filters_leave_what_the_programs_call(tmp_path: Path) -> None:
    """`strace` watches both start, send, verify and end; systemd's filter would let each of those calls pass."""
    machine = Machine()
    tmp_path.chmod(0o755)
    unit = EnclaveSocket(machine, tracing=tmp_path / "enclave.trace")
    host = machine.host()
    try:
        host.init()
        host.program = ["strace", "-D", "-f", "-qq", "-o", str(tmp_path / "host.trace"), "--", *host.program]
        host.start()
        person = contacts.phone()
        with host.client("live", timeout=40) as client:
            assert client.send(person).status == 200
            assert client.verify(person, host.inbox.code(person)).status == 200
        host.stop()
        unit.wait_for_ending(0)
    finally:
        host.end()
        unit.end()
        machine.remove()
    for name, trace in (("countersign-enclave", "enclave.trace"), ("countersign", "host.trace")):
        called = traced_calls(tmp_path / trace, f"bin/{name}")
        assert called - allowed_calls(name) == set(), f"{name}.service refuses what the program calls"
        assert {"execve", "futex"} <= called
