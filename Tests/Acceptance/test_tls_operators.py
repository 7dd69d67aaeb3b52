"""Mutual TLS: operators' keys over HTTPS count only with a client certificate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import contacts
from authorities import Authority, Pair
from secure import SecureClient, context
from server import Server, new_server

ROUTES = ["/v1/workspace", "/v1/log/state", "/api/v1/policies", "/metrics"]


class Edge:
    """A server that asks operators for certificates, and the two authorities that there are."""

    def __init__(self, folder) -> None:
        self.authority = Authority(folder)
        self.stranger = Authority(folder, "stranger")
        options = [*self.authority.issue("server").options, "--operator-client-ca", str(self.authority.file)]
        self.server: Server = new_server(folder, arguments=options)

    def client(self, kind: str, identity: Pair | None = None) -> SecureClient:
        return SecureClient(
            self.server.port, context(self.authority, identity), self.server.issued["keys"][kind])


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    edge = Edge(tmp_path_factory.mktemp("edge"))
    yield edge
    edge.server.end()


@pytest.mark.parametrize("path", ROUTES)
def test_an_operators_key_with_a_certificate_is_let_in(edge: Edge, path: str) -> None:
    with edge.client("operator", edge.authority.issue("ada", client=True)) as client:
        answer = client.request("GET", path)
    assert answer.status == 200, answer.said()


@pytest.mark.parametrize("path", ROUTES)
def test_without_a_certificate_it_is_refused_with_the_reason_and_audited(edge: Edge, path: str) -> None:
    before = len(edge.server.audit())
    with edge.client("operator") as client:
        answer = client.request("GET", path)
    assert answer.status == 403 and b"client certificate" in answer.body, answer.said()
    assert len(edge.server.audit()) > before


@pytest.mark.parametrize("days, client, stranger", [(90, True, True), (-3, True, False), (90, False, False)])
def test_a_certificate_that_does_not_hold_is_refused_with_the_reason(
        edge: Edge, days: int, client: bool, stranger: bool) -> None:
    authority = edge.stranger if stranger else edge.authority
    identity = authority.issue("mallory", days=days, client=client)
    with edge.client("operator", identity) as connection:
        answer = connection.request("GET", "/v1/workspace")
    assert answer.status == 403 and b"does not hold" in answer.body, answer.said()


def test_other_keys_need_none(edge: Edge) -> None:
    with edge.client("test") as client:
        body = f'{{"to": "{contacts.phone()}", "app": "Test"}}'.encode()
        answer = client.request("POST", "/api/v1/send-otp", body, {"Content-Type": "application/json"})
    assert answer.status == 200, answer.said()


def test_the_unix_socket_stays_as_it_is(edge: Edge) -> None:
    assert edge.server.command("workspace", "show").status == 0
