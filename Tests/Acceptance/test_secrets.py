"""The host never sees a code before its owner presents it, and nothing that lasts has a code, a key or a token."""

import json
import os
import subprocess
import sys
import time

import pytest
import contacts
from host_memory import Traffic, expect_in_no_file, search_bytes, search_memory
from inbox import BASE32
from processes import is_alive
from secret_forms import forms
from smtp import PASSWORD, USER
from raw_http import RawConnection, request_bytes
from wire import Client, dispatched, verified

BASE32_CODES = ["--code-length", "9", "--code-alphabet", "base32", "--code-in-subject", "true",
                "--domain", "example.com", "--cooldown-seconds", "1"]
"""Nine characters of 32: by chance nowhere else in a process."""


@pytest.fixture
def watched(started, mail):
    """A server that delivers mail over TLS and everything else into its inbox."""
    provider = mail("--starttls", "--user", USER, "--password", PASSWORD)
    return started(enclave=provider.enclave_settings(), settings=BASE32_CODES), provider


def test_the_host_does_not_see_a_code_before_it_is_presented(watched, tmp_path):
    """Its memory and all its traffic are searched, from before the send until the caller presents the code.

    Both channels, with a resend. The control: as soon as the code is presented, the same search finds it.
    """
    server, provider = watched
    person, number = contacts.address(), contacts.phone()
    with Traffic(server.pid, tmp_path / "traffic") as traffic, server.client("live") as client:
        for to in (person, number):
            dispatched(client.send(to))
        time.sleep(1.1)
        dispatched(client.send(number))
        codes = [provider.only(person).code(9, BASE32), server.inbox.wait_for(number, 2)[0].code(9, BASE32)]

        found = search_memory(server.pid, *codes)
        assert found.bytes_read > 10 << 20, "the search read the host's memory"
        assert not found, f"before it was presented a code was found as {found.places}"
        seen = traffic.seen()
        assert number.encode() in seen, "the traffic has the caller's requests"
        assert not search_bytes(seen, codes, "the traffic")

        for to, code in zip((person, number), codes):
            _present_and_find(server, traffic, to, code)


def _present_and_find(server, traffic, to, code):
    """Presents the code without the body's last byte, so that the host must have it, then finishes the request."""
    body = json.dumps({"phone_number": to, "code": code}).encode()
    request = request_bytes("POST", "/api/v1/verify-otp", body, server.issued["keys"]["live"])
    with RawConnection(server.port) as connection:
        connection.write(request[:-1])
        deadline = time.monotonic() + 5
        while not search_memory(server.pid, code) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert search_memory(server.pid, code), "the control: a presented code is found in the memory"
        assert search_bytes(traffic.seen(), [code], "the traffic"), "and in the traffic"
        connection.write(request[-1:])
        verified(connection.answer())


def test_the_host_never_has_the_providers_password(watched):
    """Only the enclave reads `enclave.yaml`."""
    server, provider = watched
    with server.client("live") as client:
        dispatched(client.send(contacts.address()))
    assert not search_memory(server.pid, PASSWORD)
    assert search_memory(server.pid, server.issued["workspace"]), "the control: the search finds what the host has"


def test_nothing_that_lasts_has_a_code_a_key_or_a_token(watched):
    """After a run with every kind of request: the log, the database, every other file, and every error."""
    server, provider = watched
    secrets, errors = list(server.issued["keys"].values()), []
    with server.client("live") as live, server.client("test") as test:
        for to in (contacts.address(), contacts.phone()):
            dispatched(live.send(to))
            source = provider if "@" in to else server.inbox
            code = source.only(to).code(9, BASE32)
            errors.append(live.verify(to, contacts.wrong(code)))
            token = verified(live.verify(to, code))
            errors += [live.verify(to, code) for _ in range(6)]
            secrets += [code, contacts.wrong(code), token, token.split(".")[2]]
        to = contacts.phone()
        code = dispatched(test.send(to, headers={"Idempotency-Key": "secrets-1"}))["code"]
        dispatched(test.send(to, headers={"Idempotency-Key": "secrets-1"}))
        secrets += [code, verified(test.verify(to, code)), PASSWORD]
        errors += _errors_that_could_repeat_a_secret(server, test, code)
    created = server.json("key", "create", "--kind", "live")
    server.command("key", "revoke", created["id"])
    with Client(server.port, created["key"]) as client:
        errors.append(client.send(contacts.phone()))
    secrets.append(created["key"])
    server.json("key", "rotate")
    for when in ("while it runs", "after it ended", "after another start and end"):
        expect_in_no_file(server, secrets, when)
        if when == "while it runs":
            assert server.stop() == 0
        elif when == "after it ended":
            server.start()
            assert server.stop() == 0
    for answer in errors:
        assert answer.status >= 400
        whole = answer.body + str(answer.headers).encode()
        assert not search_bytes(whole, secrets, "an error"), f"{answer!r} repeats a secret"


def _errors_that_could_repeat_a_secret(server, client, code):
    key = server.issued["keys"]["live"]
    return [
        client.request("POST", "/api/v1/verify-otp", {"phone_number": code, "code": code}),
        client.request("POST", "/api/v1/verify-otp", {"phone_nunber": contacts.phone(), "code": code, "cod": code}),
        client.request("POST", "/api/v1/verify-otp", b'{"code":"' + code.encode() + b'",'),
        client.request("POST", "/api/v1/verify-otp", {"phone_number": contacts.phone(), "code": [code]}),
        client.request("GET", f"/api/v1/verify-otp?code={code}&key={key}"),
        client.request("GET", f"/nowhere/{key}/{code}"),
        client.request("POST", "/api/v1/send-otp", {"to": key, "app": "x"}),
        client.request("POST", "/api/v1/send-otp", {"to": contacts.phone(), "app": "x", "channel": key}),
        client.request("POST", "/api/v1/send-otp", {"to": contacts.phone(), "app": "x"},
                       {"Authorization": f"Bearer {key[:-1]}"}),
        client.request("POST", "/api/v1/send-otp", {"to": contacts.phone(), "app": "x"}, {"Origin": "https://x"}),
    ]


def test_no_file_has_a_contact_in_plain_but_the_inbox(started):
    """A stolen database is no list of people: contacts are found by keyed digests.

    The log may not have them either.
    """
    server = started()
    people = [contacts.phone(), contacts.address()]
    with server.client("live") as client:
        for to in people:
            dispatched(client.send(to))
            verified(client.verify(to, server.inbox.code(to)))
    assert server.stop() == 0
    expect_in_no_file(server, [person.removeprefix("+") for person in people], "afterwards")


def test_the_environment_and_the_command_line_of_the_enclave_are_empty_of_secrets(started):
    """It starts with a cleared environment: what the operator's shell has, it does not get."""
    server = started()
    enclave = server.enclave_pid()
    with open(f"/proc/{enclave}/environ", "rb") as environment:
        assert b"PATH=" not in environment.read() and os.environ.get("PATH")
    with open(f"/proc/{enclave}/cmdline", "rb") as command_line:
        assert not search_bytes(command_line.read(), list(server.issued["keys"].values()), "the command line")


def test_a_core_dump_of_the_enclave_is_not_possible(started):
    """Not dumpable: its limits forbid a core, and its memory files belong to root, not to its user."""
    server = started()
    enclave = server.enclave_pid()
    limits = open(f"/proc/{enclave}/limits").read()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]
    assert is_alive(enclave)


def test_the_search_itself_finds_every_form(tmp_path):
    """The control of the controls: a process that holds a secret in each form is found out, and a clean one is not."""
    secret = "7KQ2M9XWT"
    program = ("import sys, time; held = [bytes.fromhex(sys.stdin.readline())]; print('ready', flush=True); "
               "time.sleep(60)")
    for form, value in forms(secret).items():
        child = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            child.stdin.write((b"..." + value + b"...").hex().encode() + b"\n")
            child.stdin.flush()
            assert child.stdout.readline() == b"ready\n"
            places = search_memory(child.pid, secret).places
            assert any(place.startswith(form + " in") for place in places), form
            assert not search_memory(child.pid, "3ZH8R6YBN")
        finally:
            child.kill()
            child.wait()
