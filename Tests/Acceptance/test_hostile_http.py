"""Hostile HTTP: what no honest client sends costs the sender its connection, and nobody else anything."""

import json
import time

import pytest
import contacts
from hostility import resident_bytes
from raw_http import RawConnection, request_bytes
from wire import refused

pytestmark = pytest.mark.usefixtures("others_are_served_and_nothing_is_stored")

SEND = "/api/v1/send-otp"


# Half requests

HALVES = {
    "nothing": b"",
    "half a method": b"PO",
    "half a request line": b"POST /api/v1/send-otp HT",
    "half a header": b"POST /api/v1/send-otp HTTP/1.1\r\nHost: x\r\nAuthoriz",
    "no body": b"POST /api/v1/send-otp HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n",
    "half a body": b'POST /api/v1/send-otp HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n{"to":"+9198',
    "half a chunk": b"POST /api/v1/send-otp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n28\r\n{\"to\":",
}


@pytest.mark.parametrize("name", HALVES)
def test_a_half_request_that_ends_is_closed(server, name):
    """The client shuts its side: the server closes too, at once, with an error or without a word."""
    with RawConnection(server.port) as connection:
        connection.write(HALVES[name]).finish()
        assert connection.is_closed_within(3)
        assert not connection.received or connection.received.startswith(b"HTTP/1.1 4")


def test_slow_clients_are_cut_after_ten_seconds(server):
    """All halves at once, left hanging, and one that drips a byte a second: 408 or a close after 10 s, not before 8."""
    key = server.issued["keys"]["test"]
    whole = request_bytes("POST", SEND, b'{"to":"+919876543210","app":"x"}', key)
    connections = {name: RawConnection(server.port) for name in HALVES if HALVES[name]}
    dripping = {"a dripping header": (RawConnection(server.port), whole),
                "a dripping body": (RawConnection(server.port), whole)}
    begun = time.monotonic()
    for name, connection in connections.items():
        connection.write(HALVES[name])
    dripping["a dripping body"][0].write(whole[:-25])
    positions = {"a dripping header": 0, "a dripping body": len(whole) - 25}
    connections.update({name: connection for name, (connection, _) in dripping.items()})
    ended: dict[str, float] = {}
    while len(ended) < len(connections) and time.monotonic() - begun < 14:
        for name, position in positions.items():
            if name not in ended:
                connections[name].write_what_is_taken(whole[position:position + 1])
                positions[name] = min(position + 1, len(whole) - 2)
        for name, connection in connections.items():
            if name not in ended and _has_closed(connection):
                ended[name] = time.monotonic() - begun
        time.sleep(0.5)
    for connection in connections.values():
        connection.socket.close()
    assert set(ended) == set(connections), f"still open after 14 s: {sorted(set(connections) - set(ended))}"
    for name, seconds in ended.items():
        assert 8 < seconds < 13, f"{name} was cut after {seconds:.1f} s"
    for name, connection in connections.items():
        if connection.received:
            assert connection.received.startswith(b"HTTP/1.1 408"), f"{name}: {connection.received[:60]!r}"


def _has_closed(connection):
    connection.socket.settimeout(0.01)
    try:
        chunk = connection.socket.recv(65536)
    except TimeoutError:
        return False
    except OSError:
        return True
    connection.received += chunk
    return not chunk


def test_a_client_that_does_not_read_is_cut(server):
    """It pipelines requests and reads no answer: the server stops reading, then hangs up; memory stays bounded."""
    request = request_bytes("GET", "/.well-known/jwks.json")
    before = resident_bytes(server.pid)
    with RawConnection(server.port) as connection:
        connection.socket.settimeout(0.5)
        written, deadline = 0, time.monotonic() + 8
        while time.monotonic() < deadline and written < 64 << 20:
            try:
                written += connection.socket.send(request * 500)
            except TimeoutError:
                break
            except OSError:
                break
        assert written < 64 << 20, "the server read 64 MB of requests from a client that takes no answers"
        assert resident_bytes(server.pid) - before < 100 << 20


# Floods

@pytest.mark.parametrize("name, headers", [
    ("one long value", ["X-Flood: " + "x" * 20_000]),
    ("one long name", ["X" * 20_000 + ": 1"]),
    ("many fields", [f"X-{number}: {number}" for number in range(2000)]),
    ("many empty fields", ["a:"] * 5000),
    ("a long cookie", ["Cookie: " + "a=b; " * 5000]),
])
def test_a_header_flood_answers_431_and_closes(server, name, headers):
    with RawConnection(server.port) as connection:
        connection.write_what_is_taken(request_bytes("GET", "/api/v1/enclave", headers=headers))
        answer = connection.answer(5)
        assert answer is not None, "the close overtook the answer"
        refused(answer, 431, "HEADERS_TOO_LARGE")
        assert connection.is_closed_within(5)


def test_an_endless_header_is_cut_before_it_is_stored(server):
    """A client that never stops writing one header is cut after the limit, not after its memory is ours."""
    before = resident_bytes(server.pid)
    with RawConnection(server.port) as connection:
        connection.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Endless: ")
        for _ in range(64):
            connection.write_what_is_taken(b"x" * (1 << 20))
        assert connection.is_closed_within(5)
    assert resident_bytes(server.pid) - before < 50 << 20


def test_a_header_of_the_limit_is_read(server):
    """15 KiB of header are not too many."""
    with RawConnection(server.port) as connection:
        connection.write(request_bytes("GET", "/api/v1/enclave", headers=["X-Long: " + "x" * 15_000]))
        assert connection.answer(5).status == 200


def test_a_long_target_is_refused(server):
    with RawConnection(server.port) as connection:
        answer = connection.write_what_is_taken(request_bytes("GET", "/" + "x" * 30_000)).answer(5)
        assert answer is not None and answer.status in (414, 431)


# Pipelining

def test_pipelined_requests_are_answered_in_order(server):
    paths = ["/api/v1/enclave", "/nowhere", "/.well-known/jwks.json"] * 10
    with RawConnection(server.port) as connection:
        connection.write(b"".join(request_bytes("GET", path) for path in paths))
        statuses = [connection.answer().status for _ in paths]
    assert statuses == [200, 404, 200] * 10


def test_a_request_split_at_every_byte_is_the_same_request(server):
    body = json.dumps({"phone_number": contacts.phone(), "code": "123456"}).encode()
    request = request_bytes("POST", "/api/v1/verify-otp", body, server.issued["keys"]["test"])
    with RawConnection(server.port) as connection:
        for position in range(len(request)):
            connection.write(request[position:position + 1])
        refused(connection.answer(), 400, "INVALID_CODE")


def test_after_an_error_the_connection_is_still_in_step(server):
    """A refused request does not shift the next one on the same connection."""
    key = server.issued["keys"]["test"]
    with RawConnection(server.port) as connection:
        connection.write(request_bytes("POST", SEND, b"not json", key) + request_bytes("GET", "/api/v1/enclave"))
        refused(connection.answer(), 400, "INVALID_JSON")
        assert connection.answer().status == 200
