"""The first promise, and what of a sealed flow is nowhere to be found: not in the host, on a wire, in a file."""

import pytest
import contacts
from clients.p256 import PrivateKey
from holding import HoldingClient
from host_memory import Traffic, expect_in_no_file, search_bytes, search_memory
from inbox import BASE32
from relay import RecordingRelay
from sealed import FLOWS, SEALED_ATTEMPTS, Dialect, Own, code_for, stamp_key
from smtp import PASSWORD, USER


class Watched:
    """A server between two recording relays, under `strace`: nothing gets into the host or out of it unseen."""

    def __init__(self, server, provider, mail_wire, http_wire, traffic):
        self.server, self.provider, self.traffic = server, provider, traffic
        self.mail_wire, self.http_wire = mail_wire, http_wire
        self.secrets = []
        self.searches = 0

    def look(self, body):
        """Searches the host's memory for all secrets so far, in the middle of a request."""
        if not self.secrets:
            return
        found = search_memory(self.server.pid, *self.secrets)
        assert found.bytes_read > 10 << 20, "the search read the host's memory"
        assert not found, f"a code is in the host's memory: {found.places}"
        if len(body) > 200:
            marker = body[-60:-20].decode()
            assert search_memory(self.server.pid, marker), "the control: the host holds this part of the request"
        self.searches += 1


@pytest.fixture
def watched(started, mail, tmp_path):
    provider = mail("--starttls", "--user", USER, "--password", PASSWORD)
    with RecordingRelay(provider.port) as mail_wire:
        server = started(enclave=provider.enclave_settings(port=mail_wire.port))
        with RecordingRelay(server.port) as http_wire, Traffic(server.pid, tmp_path / "traffic") as traffic:
            yield Watched(server, provider, mail_wire, http_wire, traffic)


@pytest.mark.parametrize("name", FLOWS)
def test_promise_1_the_host_never_sees_a_code(watched, name):
    """Code attempts are never sent unencrypted; codes are generated, sent and verified inside the enclave; the host
    (coordinator) never sees a plaintext code.

    Two wrong attempts, the right one and the login. The host's memory is searched in the middle of every request and
    after it, and in the end all that went through its sockets and files: for the code, and for what was typed instead.
    """
    server, person, key = watched.server, contacts.address(), PrivateKey()
    secret = server.issued["keys"]["live"] if name == "own, back end" else None
    flow = FLOWS[name](server, http=HoldingClient(watched.http_wire.port, secret, watched.look))
    challenge = flow.start(person)
    code = watched.provider.newest(person).code(9, BASE32)
    typed = [contacts.wrong(code), contacts.wrong(code[::-1])[::-1]]
    watched.secrets += [code, *typed]
    watched.look(b"")
    for guess in typed:
        assert flow.attempt(challenge, guess).status == 400
        watched.look(b"")
    flow.log_in(flow.verified(flow.attempt(challenge, code, key), key))
    watched.look(b"")

    assert watched.searches >= 8
    seen = watched.traffic.seen()
    assert challenge.id.encode() in seen, "the control: the traffic has what the host was asked"
    assert not search_bytes(seen, watched.secrets, "what the host read and wrote")
    assert challenge.id.encode() in watched.http_wire.recorded
    assert not search_bytes(watched.http_wire.recorded, watched.secrets, "the wire to the host")
    assert b"STARTTLS" in watched.mail_wire.recorded.upper()
    assert not search_bytes(watched.mail_wire.recorded, [*watched.secrets, person], "the wire to the mail server")


def test_nothing_that_lasts_has_a_code_a_token_or_a_session(started):
    """After every flow: the log, the database, every other file, and every error."""
    server = started()
    secrets, errors = [], []
    for make in FLOWS.values():
        flow, contact, key = make(server), contacts.address(), PrivateKey()
        challenge = flow.start(contact)
        code = code_for(server, contact)
        errors.append(flow.attempt(challenge, contacts.wrong(code)))
        proven = flow.verified(flow.attempt(challenge, code, key), key)
        errors += [flow.attempt(challenge, code) for _ in range(SEALED_ATTEMPTS)]
        secrets += [code, contacts.wrong(code), proven.token, proven.token.split(".")[2]]
        secrets += _log_in_twice(flow, proven, errors)
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


def _log_in_twice(flow, proven, errors):
    """The session's token, in a list; the second login is refused."""
    session_key = PrivateKey()
    if isinstance(flow, Own):
        token = flow.log_in(proven)["session_token"]
        errors.append(flow.api.open_session(proven.token, proven.key))
    else:
        answer = flow.api.log_in(flow.enrol(proven).token, proven.key, session_key.public)
        token = flow.result(answer, "otpLoginResult")["session"]
        errors.append(flow.api.log_in(proven.token, proven.key, session_key.public))
    return [token, token.split(".")[2]]


def test_a_stolen_database_is_no_list_of_people(started):
    """No file has a contact in plain but the inbox."""
    server = started()
    people = [contacts.address(), contacts.address()]
    Own.back_end(server).log_in(Own.back_end(server).prove(people[0]))
    dialect = Dialect.activities(server, stamp_key(server))
    dialect.log_in(dialect.prove(people[1]))
    assert server.stop() == 0
    expect_in_no_file(server, people, "afterwards")
