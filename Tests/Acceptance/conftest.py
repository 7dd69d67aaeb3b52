"""Black-box acceptance: the real `countersign` as a child process, spoken to as any client would.

Each test is named for the promise that it checks. Traffic stays on loopback, data in temporary folders, and only
processes that a test started are ended. `COUNTERSIGN_BINARY` names another binary than `.build/release/countersign`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import contacts
from commands import BINARY
from known_secrets import known, logs
from operators import Operator
from script_server import make_certificates
from server import Server, new_server
from providers import SECRETS
from smtp import PASSWORD, MailServer
from vault import OFFICER_PIN, PIN
from wire import refused


def pytest_sessionstart(session: pytest.Session) -> None:
    if not session.config.option.collectonly and not BINARY.is_file():
        raise pytest.UsageError(f"{BINARY} is missing: build it first (swift build -c release)")
    known.add(*SECRETS, PASSWORD, PIN, OFFICER_PIN)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Each log was searched when its server ended; now for what came to be known later."""
    if faults := logs.all_faults():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\n".join(["", "SECRETS IN LOGS", *faults[:50]]))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for a file of tests, with limits that they do not reach and the usual cooldown."""
    server = new_server(tmp_path_factory.mktemp("server"))
    yield server
    server.end()


@pytest.fixture
def operator(server: Server) -> Iterator[Operator]:
    """The operator of the file's server; the policies that it makes last for the test."""
    operator = Operator(server)
    yield operator
    operator.end()


@pytest.fixture
def operators() -> Iterator[Callable[[Server], Operator]]:
    """For servers of a test's own, their operators."""
    made: list[Operator] = []

    def of(server: Server) -> Operator:
        made.append(Operator(server))
        return made[-1]

    yield of
    for operator in made:
        operator.end()


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers of this test's own, and ends them after it."""
    servers: list[Server] = []

    def start(**options: object) -> Server:
        server = new_server(tmp_path, name=f"data-{len(servers)}", **options)  # type: ignore[arg-type]
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.end()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Data folders that do not exist yet; what is started on them is ended after the test."""
    servers: list[Server] = []

    def make() -> Server:
        servers.append(Server(tmp_path / f"folder-{len(servers)}"))
        return servers[-1]

    yield make
    for server in servers:
        server.end()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def mail(certificates: Path, tmp_path: Path) -> Iterator[Callable[..., MailServer]]:
    """Starts mail servers, and ends them after the test."""
    servers: list[MailServer] = []

    def start(*options: str, **settings: object) -> MailServer:
        maildir = tmp_path / f"mail-{len(servers)}"
        servers.append(MailServer(certificates, maildir, *options, **settings))  # type: ignore[arg-type]
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def others_are_served_and_nothing_is_stored(server: Server) -> Iterator[None]:
    """Around every hostile test: no challenge more, and a stranger to the attack is answered within a second."""
    before = len(server.rows("challenge"))
    yield
    assert len(server.rows("challenge")) == before
    with server.client("test", timeout=5) as client:
        answer = client.verify(contacts.phone(), "123456")
    refused(answer, 400, "INVALID_CODE")
    assert answer.seconds < 1


@pytest.fixture
def leaves_no_trace(server: Server) -> Iterator[list[str]]:
    """Texts that a test puts into this list may not be in what is logged while it runs."""
    bad: list[str] = []
    before = len(server.logged())
    yield bad
    with server.client(None) as client:  # what is logged about earlier requests stands before what is about this one
        identifier = client.request("POST", "/v1/challenges").headers["X-Request-Id"]
    server.wait_until_logged(identifier)
    logged = server.logged()[before:]
    assert not [text for text in bad if len(text) >= 8 and text in logged], "the log has what was bad"
