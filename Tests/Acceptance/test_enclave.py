"""The enclave from outside: what its sandbox refuses, and what it tells of itself."""

import os
import re
import subprocess

import pytest
from commands import ENCLAVE_BINARY, ROOT, run
from wire import described

ATTEMPTS = ["file", "socket", "process", "debugger"]
"""What the self-test tries: to open a file and a socket, to start a process, to attach a debugger."""


def test_the_self_test_is_refused_everything():
    """Inside the closed sandbox nothing opens. It prints what each got, and its exit status says that all is well."""
    done = run("--self-test", binary=ENCLAVE_BINARY)
    assert done.status == 0, done.text
    for attempt in ATTEMPTS:
        lines = [line for line in done.output.lower().splitlines() if attempt in line]
        assert lines, f"the self-test says nothing of a {attempt}"
        assert all("refused" in line for line in lines), lines


def test_the_self_test_really_tries(tmp_path):
    """`strace` sees each attempt come back with an error after the filter is in place."""
    trace = tmp_path / "trace"
    done = subprocess.run(
        ["strace", "-f", "-o", str(trace), str(ENCLAVE_BINARY), "--self-test"], capture_output=True, text=True,
        timeout=30, stdin=subprocess.DEVNULL)
    if "ptrace" in done.stderr and done.returncode != 0:
        pytest.skip(f"STRACE MAY NOT TRACE HERE: {done.stderr[:200]}")
    lines = trace.read_text().splitlines()
    closed = max(number for number, line in enumerate(lines) if "SECCOMP" in line or "seccomp(" in line)
    after = "\n".join(lines[closed + 1:])
    for pattern in (r"open(at2?)?\(", r"socket\(", r"(execve(at)?|v?fork|clone3?)\(", r"ptrace\(", r"pwrite64\("):
        calls = re.findall(rf"{pattern}.*= (-1 E\w+|\?)", after)
        attempts = [line for line in after.splitlines() if re.search(rf"\b{pattern}", line)]
        assert attempts, f"{pattern} was never tried"
        assert calls and not [line for line in attempts if re.search(r"= [0-9]+$", line)], attempts


def test_the_enclave_without_a_host_says_what_it_is():
    """Started by hand it does not hang: it explains itself, and `serve` without its descriptors ends with a message."""
    assert "usage" in run(binary=ENCLAVE_BINARY, seconds=10).text.lower()
    done = run("serve", binary=ENCLAVE_BINARY, seconds=10)
    assert done.status != 0 and done.errors.strip()


def test_the_isolation_is_told_without_a_key(server):
    """`GET /api/v1/enclave`: the documented fields, and true where this machine allows it."""
    with server.client(None) as client:
        answer = client.get("/api/v1/enclave")
    assert answer.status == 200
    described(answer)
    assert set(answer.json) == {"isolation", "boot", "started_at", "providers"}
    isolation = answer.json["isolation"]
    assert set(isolation) == {"level", "system_call_filter", "network_namespace", "no_new_privileges", "not_dumpable",
                              "memory_locked", "separate_user"}
    assert isolation["level"] == "process"
    assert isolation["system_call_filter"] is True
    assert isolation["no_new_privileges"] is True and isolation["not_dumpable"] is True
    assert answer.json["providers"] == []


def test_what_it_tells_is_what_the_kernel_says(server):
    """Compared with /proc: seccomp in filter mode for every thread, no new privileges, a network of its own."""
    with server.client(None) as client:
        isolation = client.get("/api/v1/enclave").json["isolation"]
    enclave = server.enclave_pid()
    for thread in os.listdir(f"/proc/{enclave}/task"):
        with open(f"/proc/{enclave}/task/{thread}/status") as file:
            status = dict(line.split(":", 1) for line in file.read().splitlines() if ":" in line)
        assert (status["Seccomp"].strip() == "2") == isolation["system_call_filter"]
        assert (status["NoNewPrivs"].strip() == "1") == isolation["no_new_privileges"]
        assert (int(status["VmLck"].split()[0]) > 0) == isolation["memory_locked"]
    if os.geteuid() == 0:
        own = os.readlink(f"/proc/{enclave}/ns/net") != os.readlink(f"/proc/{server.pid}/ns/net")
        assert own == isolation["network_namespace"]
        host, inner = (os.stat(f"/proc/{pid}").st_uid for pid in (server.pid, enclave))
        assert isolation["separate_user"] or host == inner or inner == 0, "not dumpable shows as root"


def test_the_enclave_has_no_descriptors_but_its_own(server):
    """It inherits neither the listener nor the database: sockets and pipes that the host does not hold, and no file but the
    audit logs' anchor, which the host does not hold either. Each connection for webhooks, of which there are 32, waits with a pair of sockets of its own."""
    def targets(pid):
        return [os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")]

    own = targets(server.enclave_pid())
    assert [target for target in own if str(server.data) in target] == [f"{server.data}/log.anchor"], own
    assert not set(own) & set(targets(server.pid)) - {"/dev/null"}, own
    assert len(own) < 2 * 32 + 20, own


def test_the_enclave_reads_no_file_of_the_host(server, tmp_path):
    """After a restart of the enclave nothing it needs comes from the database file: it holds none open or mapped."""
    with open(f"/proc/{server.enclave_pid()}/maps") as maps:
        mapped = maps.read()
    assert "sqlite" not in mapped.lower() and str(server.data) not in mapped


def test_the_source_says_the_same_as_the_answer():
    """`docs/security-model.md` names each wall that the report has."""
    text = (ROOT / "docs/security-model.md").read_text()
    for wall in ("seccomp", "network namespace", "dumpable", "no new privileges"):
        assert wall in text.lower()
