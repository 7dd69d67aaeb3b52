"""The shipped examples of nginx and Caddy, in front of a real server: who the client is, and what gets through."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import contacts
from authorities import Authority
from envelope import data_of
from operators import Operator
from raw_http import RawConnection
from reverse_proxies import NAME, Caddy, Nginx, ReverseProxy
from secure import SecureClient, context
from server import new_server
from watching import WebSocket

CLAIMS = {"X-Forwarded-For": "198.51.100.9", "Forwarded": "for=198.51.100.9", "X-Real-IP": "198.51.100.9",
          "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
"""What a client may say of itself."""
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module", params=[Nginx, Caddy], ids=["nginx", "Caddy"])
def proxy(
    request: pytest.FixtureRequest, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReverseProxy]:
    folder = tmp_path_factory.mktemp("proxied")
    server = new_server(
        folder, configuration=f"issuer: https://{NAME}\n", arguments=["--behind-proxy", "127.0.0.1"])
    proxy = request.param(server, authority.issue("server"), folder / "proxy")
    try:
        yield proxy.start()
    finally:
        proxy.end()
        server.end()


@pytest.fixture
def client(proxy: ReverseProxy, authority: Authority) -> Iterator[SecureClient]:
    with through(proxy, authority, proxy.server.issued["keys"]["live"]) as client:
        yield client


def through(proxy: ReverseProxy, authority: Authority, key: str | None = None) -> SecureClient:
    return SecureClient(proxy.port, context(authority), key, timeout=40, host="localhost")


def logged_peer(proxy: ReverseProxy, answer) -> str:
    identifier = answer.headers["X-Request-Id"]
    proxy.server.wait_until_logged(identifier)
    line = next(line for line in proxy.server.logged().splitlines() if identifier in line and "peer=" in line)
    return line.split("peer=")[1].split()[0].rsplit(":", 1)[0]


def from_address(proxy: ReverseProxy, authority: Authority, address: str, headers: dict[str, str]):
    """Asks from another address of loopback, without a key."""
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=10, source_address=(address, 0))
    with context(authority).wrap_socket(connection, server_hostname="localhost") as secured:
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        secured.sendall(f"GET /v1/workspace HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode())
        response = http.client.HTTPResponse(secured)
        response.begin()
        assert response.status == 401
        return response


def test_the_clients_address_arrives_and_its_own_claims_do_not(proxy: ReverseProxy, authority: Authority) -> None:
    for headers in ({}, CLAIMS, {"X-Forwarded-For": "198.51.100.9, 127.0.0.1"}):
        assert logged_peer(proxy, from_address(proxy, authority, "127.0.0.2", headers)) == "127.0.0.2"


def test_a_code_is_sent_and_verified(proxy: ReverseProxy, client: SecureClient) -> None:
    person = contacts.phone()

    def post(path: str, fields: dict[str, str]) -> int:
        return client.request("POST", path, body=json.dumps(fields).encode(), headers=JSON).status

    assert post("/api/v1/send-otp", {"to": person, "app": "Shop"}) == 200
    code = proxy.server.inbox.code(person)
    assert post("/api/v1/verify-otp", {"phone_number": person, "code": contacts.wrong(code)}) == 400
    assert post("/api/v1/verify-otp", {"phone_number": person, "code": code}) == 200


def test_plain_http_is_sent_on_to_https(proxy: ReverseProxy) -> None:
    with RawConnection(proxy.plain_port) as connection:
        connection.write(
            f"POST /api/v1/send-otp HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        answer = connection.answer()
    assert answer is not None and answer.status in (301, 308)
    assert answer.headers["Location"].startswith(f"https://{NAME}") and answer.headers["Location"].endswith("/api/v1/send-otp")


def test_it_is_told_that_https_must_stay(client: SecureClient) -> None:
    """One HSTS field, not two."""
    fields = client.request("GET", "/.well-known/jwks.json").headers.get_all("Strict-Transport-Security")
    assert fields is not None and len(fields) == 1 and "max-age=63072000" in fields[0]


def test_a_large_body_is_refused(client: SecureClient) -> None:
    answer = client.request("POST", "/api/v1/send-otp", body=b"x" * (65 * 1024), headers=JSON)
    assert answer.status == 413


def test_a_large_header_is_refused(proxy: ReverseProxy, authority: Authority) -> None:
    with through(proxy, authority) as client:
        answer = client.request("GET", "/.well-known/jwks.json", headers={"X-Large": "x" * 40_000})
    assert answer.status in (400, 431)


def test_old_tls_is_refused(proxy: ReverseProxy, authority: Authority) -> None:
    old = context(authority)
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        SecureClient(proxy.port, old)


def test_a_long_poll_is_answered_when_somebody_decides(proxy: ReverseProxy, authority: Authority) -> None:
    operator = Operator(proxy.server)
    agent, person = operator.agent(), operator.by(operator.key)
    permission = agent.pending()
    deciding = threading.Timer(1, lambda: data_of(person.decide(permission, True)))
    deciding.start()
    began = time.monotonic()
    with through(proxy, authority, agent.key) as client:
        answer = client.request("GET", f"/api/v1/permissions/{permission}?wait=30")
    deciding.join()
    assert data_of(answer)["status"] == "approved" and 0.9 < time.monotonic() - began < 5
    operator.end()


def test_a_websocket_gets_through(proxy: ReverseProxy, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    operator = Operator(proxy.server)
    agent, person = operator.agent(), operator.by(operator.key)
    permission = data_of(agent.api.request("mail.send"), 202)
    path = permission["webhookUrl"].split("/", 3)[3]
    with WebSocket(f"wss://localhost:{proxy.port}/{path}") as watch:
        watch.ping()
        data_of(person.decide(permission["id"], True))
        assert watch.wait_for()[0]["payload"]["status"] == "approved"
    operator.end()
