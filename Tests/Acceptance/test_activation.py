"""What systemd passes to the programs, and what they tell it: sockets, readiness, the watchdog, credentials."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from authorities import Authority
from commands import BINARY, Finished, run
from secure import SecureClient, context
from server import Server, free_port
from services import HOST, Machine, activated, as_user
from wire import Client


class Notices:
    """The socket at which systemd hears its services."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))

    def next(self, seconds: float = 15) -> str:
        self.socket.settimeout(seconds)
        return self.socket.recv(4096).decode()


@pytest.fixture
def notices(tmp_path: Path) -> Iterator[Notices]:
    notices = Notices(tmp_path / "notify")
    yield notices
    notices.socket.close()


@pytest.fixture
def installation(tmp_path: Path) -> Server:
    server = Server(tmp_path / "data")
    server.init()
    return server


@pytest.fixture
def serve(installation: Server, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the host with a socket, as countersign.socket does."""
    started: list[subprocess.Popen[bytes]] = []

    def start(listener: socket.socket, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        started.append(activated(
            listener.fileno(), [str(BINARY), "serve", "--data", str(installation.data), *arguments], "https",
            environment, log=installation.log))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=15)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def port(listener: socket.socket) -> int:
    return listener.getsockname()[1]


def test_the_host_serves_at_the_socket_that_it_is_passed(serve, listener: socket.socket, notices: Notices) -> None:
    """Whoever connected before it started is answered; it says when it is ready, that it lives, and that it stops."""
    with Client(port(listener), None, timeout=20) as early:  # the kernel's queue takes it
        process = serve(listener, NOTIFY_SOCKET=str(notices.path), WATCHDOG_USEC="200000")
        assert notices.next() == "READY=1"
        assert early.get("/.well-known/jwks.json").status == 200
    assert [notices.next() for _ in range(3)] == ["WATCHDOG=1"] * 3
    process.send_signal(signal.SIGTERM)
    said = [notices.next()]
    while said[-1] == "WATCHDOG=1":
        said.append(notices.next())
    assert said[-1] == "STOPPING=1" and process.wait(timeout=10) == 0


def test_a_restart_refuses_nobody(serve, listener: socket.socket, notices: Notices, installation: Server) -> None:
    """The socket outlives the process: who comes in between waits, and is answered by the next one."""
    first = serve(listener, NOTIFY_SOCKET=str(notices.path))
    assert notices.next() == "READY=1"
    first.terminate()
    assert first.wait(timeout=10) == 0
    with Client(port(listener), installation.issued["keys"]["test"], timeout=20) as between:
        serve(listener, NOTIFY_SOCKET=str(notices.path))
        assert between.get("/v1/workspace").status in (200, 403)


def test_the_passed_socket_decides_whether_plain_http_is_allowed(serve, installation: Server) -> None:
    """Not `--listen`: a socket that is open to the network needs TLS or a proxy."""
    with socket.create_server(("0.0.0.0", 0)) as listener:
        process = serve(listener, "--listen", "127.0.0.1:3000")
        assert process.wait(timeout=10) != 0
    assert "is beyond this machine" in installation.logged()


def test_a_socket_of_the_wrong_kind_is_refused(serve, installation: Server, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wrong"))
        listener.listen()
        assert serve(listener).wait(timeout=10) != 0
    assert "one listening TCP socket" in installation.logged()


def test_sockets_of_another_process_are_none_of_ours(installation: Server) -> None:
    installation.start(environment={"LISTEN_PID": "1", "LISTEN_FDS": "1"})
    try:
        with installation.client(None) as client:
            assert client.get("/.well-known/jwks.json").status == 200
    finally:
        installation.end()


def test_an_enclave_that_waits_for_its_host_is_alive(notices: Notices, tmp_path: Path) -> None:
    program = BINARY.with_name("countersign-enclave")
    log = (tmp_path / "enclave.log").open("wb")
    process = subprocess.Popen(
        [program, "serve", "--data", tmp_path / "enclave", "--listen", tmp_path / "door", "--host-user", str(os.getuid())],
        env={"PATH": os.environ["PATH"], "NOTIFY_SOCKET": str(notices.path), "WATCHDOG_USEC": "400000"},
        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        for _ in range(4):
            assert notices.next(2) == "WATCHDOG=1", log
    finally:
        process.kill()
        process.wait()


def test_systemds_own_activation_starts_both() -> None:
    """systemd-socket-activate has the sockets; each program starts when somebody comes, under its own user."""
    machine = Machine()
    host = machine.host()
    number = free_port()
    processes: list[subprocess.Popen[bytes]] = []

    def activate(address: str, name: str, *command: str) -> None:
        log = machine.log.open("ab")
        processes.append(subprocess.Popen(
            ["systemd-socket-activate", "--fdname", name, "-l", address, "--", *command], stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, umask=0))

    try:
        for _ in range(2):  # for init, then for serve: without systemd nobody keeps the socket between
            if machine.socket.exists():
                processes[-1].wait(timeout=10)
                machine.socket.unlink()
            activate(str(machine.socket), "enclave", *machine.serving)
            deadline = time.monotonic() + 10
            while not machine.socket.exists():
                assert time.monotonic() < deadline
                time.sleep(0.01)
            machine.socket.chmod(0o666)
            if not host.issued:
                host.init()
        activate(f"127.0.0.1:{number}", "https", *as_user(
            HOST, str(machine.programs / "countersign"), "serve", "--data", str(host.data)))
        deadline = time.monotonic() + 20
        while True:
            try:
                with Client(number, None, timeout=20) as client:
                    answer = client.get("/api/v1/enclave")
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, machine.enclave_logged()
                time.sleep(0.01)
        assert answer.json["isolation"]["level"] == "user"
    finally:
        for process in reversed(processes):
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=15)
        machine.remove()


# Credentials


@pytest.fixture
def credentials(tmp_path: Path) -> tuple[Path, Authority]:
    """A folder as systemd makes it, with the certificate of a listener."""
    folder, made = tmp_path / "credentials", tmp_path / "authority"
    folder.mkdir(mode=0o500)
    made.mkdir()
    authority = Authority(made)
    pair = authority.issue("server")
    for source, name in ((pair.certificate, "tls.crt"), (pair.key, "tls.key")):
        (folder / name).write_bytes(source.read_bytes())
        (folder / name).chmod(0o440)
    return folder, authority


@pytest.mark.parametrize("where", ["options", "file"])
def test_the_certificate_and_its_key_are_credentials(
    installation: Server, credentials: tuple[Path, Authority], where: str
) -> None:
    folder, authority = credentials
    options = ["--tls-certificate", "credential:tls.crt", "--tls-key", "credential:tls.key"]
    if where == "file":
        (installation.data / "countersign.yaml").write_text(
            "tls:\n  certificate: credential:tls.crt\n  key: credential:tls.key\n")
        options = []
    installation.start(*options, environment={"CREDENTIALS_DIRECTORY": str(folder)})
    try:
        with SecureClient(installation.port, context(authority)) as client:
            assert client.request("GET", "/.well-known/jwks.json").status == 200
    finally:
        installation.end()


def said(installation: Server, *arguments: str, environment: dict[str, str] | None = None) -> Finished:
    done = run("serve", "--data", str(installation.data), "--listen", "127.0.0.1:0", *arguments, environment=environment)
    assert done.status != 0
    return done


def test_a_credential_that_was_not_passed_is_named(installation: Server, tmp_path: Path) -> None:
    options = ["--tls-certificate", "credential:tls.crt", "--tls-key", "credential:tls.key"]
    assert "LoadCredential=tls.crt:FILE" in said(installation, *options).errors
    elsewhere = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert f"{tmp_path}/tls.crt" in said(installation, *options, environment=elsewhere).errors
    options[1] = "credential:../data/countersign.yaml"
    assert "without a path" in said(installation, *options, environment=elsewhere).errors


def test_secrets_of_the_enclave_are_credentials(installation: Server, tmp_path: Path) -> None:
    """A missing one stops the start and is named; one that is there is read, by the enclave alone."""
    (installation.data / "enclave.yaml").write_text(
        "smtp:\n  host: 127.0.0.1\n  port: 465\n  from: codes@example.com\n  tls: implicit\n"
        "  username: countersign\n  password_file: credential:smtp.password\n")
    (installation.data / "enclave.yaml").chmod(0o600)
    assert "LoadCredential=smtp.password:FILE" in said(installation).errors
    (tmp_path / "smtp.password").write_text("correct horse\n")
    installation.start(environment={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    installation.end()
