"""docs/hardening.md on a machine whose process 1 is systemd: the guide's own commands, in its order. Needs root."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import contacts
from booted import BootedMachine
from commands import BINARY, ENCLAVE_BINARY, ROOT
from inbox import Message
from known_secrets import known

GUIDE = (ROOT / "docs/hardening.md").read_text()
AS_SERVER = "runuser -u countersign --"
PASSWORD = "Pw-of-the-mail-server-4711"


def commands_of(heading: str) -> list[str]:
    """What a section tells to type into a shell, block by block."""
    section = GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)


def settings_of_the_mail_server() -> str:
    return re.findall(r"```yaml\n(smtp:.*?)```", GUIDE, flags=re.DOTALL)[0]


def runtime_folders() -> set[str]:
    """Where the programs of a development build have Swift's libraries; those of the guide have them inside."""
    listed = subprocess.run(["ldd", str(BINARY)], capture_output=True, text=True, timeout=20).stdout
    folders = {str(Path(path).parent) for path in re.findall(r"=> (/\S+)", listed)}
    return {folder for folder in folders if not folder.startswith(("/lib", "/usr/lib"))}


class HardenedMachine(BootedMachine):
    """What the guide leads to, with the server's own TLS unless told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        try:
            self._bring_programs()
            self.issued = self._follow_the_guide()
        except BaseException:
            self.end()
            raise

    def _bring_programs(self) -> None:
        for program in (BINARY, ENCLAVE_BINARY):
            self.put(program.resolve(), "/opt/countersign")
        self.put(ROOT / "deploy", "/opt/countersign")
        folders = " ".join(sorted(runtime_folders()))
        for unit in ("countersign", "countersign-enclave") if folders else ():
            folder = f"/etc/systemd/system/{unit}.service.d"
            self.run(f"mkdir -p {folder}; printf '[Service]\\nExecPaths={folders}\\n' > {folder}/development.conf")

    def _follow_the_guide(self) -> str:
        _, installing = commands_of("1. Programs and users")
        packages, *rest = installing.splitlines()
        assert packages.startswith("apt-get install ")
        self.typed("\n".join(rest))
        making_key, adding_credentials, self.with_pin = commands_of("2. The enclave first")
        self.run("install -o countersign-enclave -g countersign-enclave -m 600 /dev/stdin "
                 "/var/lib/countersign-enclave/enclave.yaml", f"{settings_of_the_mail_server()}inbox: true\n")
        self.typed(adding_credentials, PASSWORD)
        known.add(PASSWORD)
        self.run("sed -i /vault.pin/d /etc/systemd/system/countersign-enclave.service.d/credentials.conf")
        self.typed(making_key)
        settling, self.with_own_tls, self.behind_proxy = commands_of("3. The server")
        issued = self.typed(settling)
        known.add(*re.findall(r"\b[a-z]+_(?:live|test)_\w{20,}", issued))
        return issued

    def typed(self, script: str, given: str = "") -> str:
        return self.run(f"cd /opt/countersign\n{script}", given, seconds=60)

    def serve_with_own_tls(self) -> None:
        self.typed("countersign certificate self-signed --host localhost --out tls\n"
                   "mv tls/certificate.pem fullchain.pem; mv tls/key.pem privkey.pem")
        self.typed(self.with_own_tls)

    def ask(self, path: str, *options: str, origin: str = "https://localhost") -> tuple[int, Any]:
        """What curl on that machine is answered: the status and the JSON; 0 where nobody answered."""
        done = subprocess.run(
            self.command("curl", "-sS", "--insecure", "--max-time", "20", "-w", "\n%{http_code}", *options, origin + path),
            capture_output=True, text=True, timeout=30)
        body, _, status = done.stdout.rpartition("\n")
        return int(status or 0), json.loads(body) if body.startswith("{") else body

    def post(self, path: str, body: dict[str, str]) -> tuple[int, Any]:
        key = re.search(r"sk_live_\w+", self.issued)
        assert key, "init printed no key"
        return self.ask(path, "-H", f"Authorization: Bearer {key[0]}", "--json", json.dumps(body))

    def code_for(self, contact: str) -> str:
        found = self.run(f"grep -rlF -- {contact} /var/lib/countersign/inbox").split()
        return Message(self.run(f"cat {found[0]}").encode()).code()

    def sends_and_verifies(self) -> None:
        person = contacts.phone()
        status, answer = self.post("/api/v1/send-otp", {"to": person, "app": "Trial"})
        assert status == 200, answer
        status, answer = self.post("/api/v1/verify-otp", {"phone_number": person, "code": self.code_for(person)})
        assert status == 200, answer

    def may_lock_memory(self) -> bool:
        """Whether systemd can give a service `LimitMEMLOCK=infinity`: some machines keep that from their own root."""
        limits = self.run("systemd-run --pipe --wait -q -p LimitMEMLOCK=infinity grep locked /proc/self/limits")
        return limits.split()[-2] == "unlimited"

    def process_of(self, unit: str) -> str:
        return self.run(f"systemctl show -P MainPID {unit}").strip()

    def boot(self) -> str | None:
        status, answer = self.ask("/api/v1/enclave")
        return answer["boot"] if status == 200 else None

    def wait_for_new_boot(self, old: str | None, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while self.boot() in (None, old):
            assert time.monotonic() < deadline, self.journal()
            time.sleep(0.05)

    def journal(self) -> str:
        return self.run("journalctl --no-pager -u countersign -u countersign-enclave")

    def end(self) -> None:
        """Searches the journal first: it goes with the machine."""
        try:
            assert known.faults(self.journal()) == []
        finally:
            super().end()


@pytest.fixture(scope="module")
def machine() -> Iterator[HardenedMachine]:
    machine = HardenedMachine()
    try:
        machine.serve_with_own_tls()
        yield machine
    finally:
        machine.end()


def test_the_guide_ends_at_level_user(machine: HardenedMachine) -> None:
    """Its section "Check", as far as it needs no second machine."""
    machine.sends_and_verifies()
    isolation = machine.ask("/api/v1/enclave")[1]["isolation"]
    assert isolation.pop("level") == "user"
    assert isolation.pop("memory_locked") == machine.may_lock_memory()
    assert len(isolation) == 5 and all(isolation.values()), isolation
    doctor = machine.try_to_run(f"{AS_SERVER} countersign doctor --data /var/lib/countersign")
    assert "(level user)" in doctor.stdout, doctor.stdout
    failed = re.findall(r"FAILED +(.*)", doctor.stdout)
    assert [line for line in failed if "smtp.example.com" not in line] == [], "this machine has no network, and no more"
    listing = machine.try_to_run(f"{AS_SERVER} ls /var/lib/countersign-enclave")
    assert listing.returncode != 0 and "Permission denied" in listing.stderr


def test_systemd_rates_what_it_runs(machine: HardenedMachine) -> None:
    """What the guide says of the loaded units, with whatever systemd's defaults add."""
    rated = machine.run("systemd-analyze --no-pager security countersign-enclave; systemd-analyze --no-pager security countersign")
    levels = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", rated)
    assert len(levels) == 2 and float(levels[0]) < 1 and float(levels[1]) < 2, levels


def test_a_restart_refuses_nobody(machine: HardenedMachine) -> None:
    """systemd keeps the port: who comes meanwhile waits, and is answered by the next process."""
    before = machine.boot()
    for _ in range(4):
        restart = subprocess.Popen(machine.command("systemctl", "restart", "countersign"))
        statuses = [machine.ask("/health/live")[0] for _ in range(10)]
        assert restart.wait(timeout=30) == 0
        assert statuses == [200] * 10
    machine.wait_for_new_boot(before)
    machine.sends_and_verifies()


@pytest.mark.parametrize("ending", ["kill -s KILL", "kill -s TERM", "stop"])
def test_the_enclave_comes_back(machine: HardenedMachine, ending: str) -> None:
    """The connection of the server starts the next one; no person has to."""
    before = machine.boot()
    machine.run(f"systemctl {ending} countersign-enclave.service")
    machine.wait_for_new_boot(before)
    machine.sends_and_verifies()


@pytest.mark.parametrize("unit", ["countersign", "countersign-enclave"])
def test_what_hangs_is_ended_and_started_anew(machine: HardenedMachine, unit: str) -> None:
    """The watchdog of the unit, set to seconds."""
    dropin = f"/run/systemd/system/{unit}.service.d"
    machine.run(f"mkdir -p {dropin}; printf '[Service]\\nWatchdogSec=2\\nTimeoutStopSec=1\\n' > {dropin}/soon.conf\n"
                "systemctl daemon-reload; systemctl restart countersign")
    try:
        machine.wait_for_new_boot(None)
        before = machine.boot()
        hanging = machine.process_of(unit)
        time.sleep(4)
        assert machine.process_of(unit) == hanging, "it lives, and says so"
        machine.run(f"kill -STOP {hanging}")
        deadline = time.monotonic() + 20
        while machine.process_of(unit) in (hanging, "0"):
            assert time.monotonic() < deadline, machine.journal()
            time.sleep(0.1)
        machine.wait_for_new_boot(before)
        machine.sends_and_verifies()
    finally:
        machine.run(f"rm -r {dropin}; systemctl daemon-reload; systemctl restart countersign")


def test_neither_journal_nor_unit_has_a_secret(machine: HardenedMachine) -> None:
    machine.sends_and_verifies()
    shown = machine.run("systemctl show countersign countersign-enclave; journalctl --no-pager -o export")
    assert PASSWORD not in shown and "BEGIN" not in shown
    assert known.faults(machine.journal()) == []


def test_commands_need_no_credential_of_the_service(machine: HardenedMachine) -> None:
    """The enclave is given the mail server's password, and who makes or wraps keys is not; without it none serves."""
    machine.run("runuser -u countersign-enclave -- countersign-enclave rewrap --data /var/lib/countersign-enclave")
    machine.run("install -m 600 /dev/stdin /etc/countersign/vault.pin", "4711\n")
    assert "in the clear" in machine.typed(machine.with_pin)
    folder = "/etc/systemd/system/countersign-enclave.service.d"
    machine.run(f"mv {folder}/credentials.conf /tmp; systemctl daemon-reload; systemctl stop countersign-enclave.service")
    try:
        deadline = time.monotonic() + 20
        while "LoadCredential=smtp.password:FILE" not in machine.journal():
            assert time.monotonic() < deadline, machine.journal()
            time.sleep(0.1)
    finally:
        machine.run(f"mv /tmp/credentials.conf {folder}; systemctl daemon-reload")
    machine.wait_for_new_boot(None)


def test_behind_a_proxy_only_this_machine_reaches_the_server() -> None:
    machine = HardenedMachine()
    try:
        machine.typed(machine.behind_proxy)
        assert machine.ask("/health/live", origin="http://127.0.0.1:3000")[0] == 200
        assert machine.ask("/health/live")[0] == 0
        assert machine.run("ss -Hltn").split()[3:4] == ["127.0.0.1:3000"]
    finally:
        machine.end()
