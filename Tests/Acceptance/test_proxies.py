"""Who the client is, behind proxies and without."""

from __future__ import annotations

from pathlib import Path

import pytest

import contacts
from commands import BINARY
from networks import Network
from server import Server

FORWARDED = {"X-Forwarded-For": "198.51.100.9, 192.0.2.7", "X-Forwarded-Proto": "https"}


def logged_peer(server: Server, headers: dict[str, str]) -> str:
    """Whom the log names for a request that is refused."""
    with server.client(None) as client:
        answer = client.request("GET", "/v1/workspace", headers=headers)
    assert answer.status == 401
    identifier = answer.headers["X-Request-Id"]
    server.wait_until_logged(identifier)
    line = next(line for line in server.logged().splitlines() if identifier in line and "peer=" in line)
    return line.split("peer=")[1].split()[0].rsplit(":", 1)[0]


def test_nobody_is_believed_by_default(server: Server) -> None:
    assert logged_peer(server, FORWARDED) == "127.0.0.1"


@pytest.mark.parametrize("proxy", ["127.0.0.1", "10.0.0.0/8,127.0.0.0/8"])
def test_a_named_proxy_is_believed(started, proxy: str) -> None:
    server = started(arguments=["--behind-proxy", proxy])
    assert logged_peer(server, FORWARDED) == "192.0.2.7"
    assert logged_peer(server, FORWARDED | {"X-Forwarded-For": "192.0.2.7, 127.0.0.1"}) == "192.0.2.7"
    assert logged_peer(server, {"Forwarded": "for=192.0.2.7"}) == "127.0.0.1"


def test_somebody_else_is_not(started) -> None:
    server = started(arguments=["--behind-proxy", "10.0.0.0/8"])
    assert logged_peer(server, FORWARDED) == "127.0.0.1"


def test_the_standards_field_is_believed_where_it_is_chosen(started) -> None:
    server = started(configuration="behind_proxy: [127.0.0.1]\nproxy_fields: forwarded\n")
    assert logged_peer(server, {"Forwarded": "for=198.51.100.9, for=192.0.2.7;proto=https"}) == "192.0.2.7"
    assert logged_peer(server, FORWARDED) == "127.0.0.1"


def test_limits_count_the_client_and_not_the_proxy(started) -> None:
    server = started(arguments=["--behind-proxy", "127.0.0.1"], settings=["--network-limit", "1"])
    with server.client("live") as client:
        def send(address: str) -> int:
            return client.send(contacts.phone(), headers={"X-Forwarded-For": address}).status
        assert [send("192.0.2.7"), send("192.0.2.8"), send("198.51.100.9")] == [200, 429, 200]


def test_plain_http_is_for_the_proxy_alone(tmp_path: Path) -> None:
    """Over the network, not over loopback: the proxy is answered, and any other machine learns nothing but that."""
    network = Network()
    server = Server(tmp_path / "data")
    server.data.mkdir(mode=0o700)
    server.host = "192.0.2.1"
    server.program = network.inside(network.here, str(BINARY))
    try:
        server.init()
        server.start("--behind-proxy", "192.0.2.9")

        def answered(address: str, path: str) -> list[str]:
            return network.run(network.there, "curl", "-sS", "--interface", address, "-o", str(tmp_path / "body"), "-w",
                               "%{http_code} %{size_download}", f"http://192.0.2.1:{server.port}{path}").split()

        assert answered("192.0.2.9", "/.well-known/jwks.json")[0] == "200"
        assert answered("198.51.100.9", "/.well-known/jwks.json")[0] == "403"
        assert answered("198.51.100.9", "/health")[0] == "403"
        assert answered("198.51.100.9", "/nothing") == answered("198.51.100.9", "/health")
        server.stop()
    finally:
        server.end()
        network.end()
