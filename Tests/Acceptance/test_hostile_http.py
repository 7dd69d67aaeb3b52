"""Hostile HTTP: what no honest client sends costs the sender its connection, and nobody else anything."""

import json
import os
import resource
import socket
import time

import pytest
import contacts
from wire import RawConnection, refused, request_bytes

SEND = "/api/v1/send-otp"


@pytest.fixture(autouse=True)
def others_are_served_and_nothing_is_stored(server):
    """Around every test of this file: no challenge more, and a stranger to the attack is answered within a second."""
    before = len(server.rows("challenge"))
    yield
    assert len(server.rows("challenge")) == before
    with server.client("test", timeout=5) as client:
        answer = client.verify(contacts.phone(), "123456")
    refused(answer, 400, "INVALID_CODE")
    assert answer.seconds < 1


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
    """It pipelines requests and never reads an answer: the server stops reading, then hangs up; memory stays bounded."""
    request = request_bytes("GET", "/.well-known/jwks.json")
    before = _resident(server.pid)
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
        assert _resident(server.pid) - before < 100 << 20


def _resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


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
    before = _resident(server.pid)
    with RawConnection(server.port) as connection:
        connection.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Endless: ")
        for _ in range(64):
            connection.write_what_is_taken(b"x" * (1 << 20))
        assert connection.is_closed_within(5)
    assert _resident(server.pid) - before < 50 << 20


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


# Smuggling: a request whose end could be read in two ways is refused, and nothing behind it is read as a request

SMUGGLED = request_bytes("GET", "/api/v1/enclave")
SHAPES = {
    "length and chunked": ["Content-Length: 6", "Transfer-Encoding: chunked"],
    "chunked and length": ["Transfer-Encoding: chunked", "Content-Length: 6"],
    "two lengths": ["Content-Length: 0", "Content-Length: 6"],
    "a list of lengths": ["Content-Length: 0, 6"],
    "a signed length": ["Content-Length: +6"],
    "a negative length": ["Content-Length: -1"],
    "a length in hex": ["Content-Length: 0x6"],
    "a length with a space": ["Content-Length: 1 0"],
    "a length beyond 64 bits": ["Content-Length: 18446744073709551622"],
    "an unknown coding": ["Transfer-Encoding: xchunked"],
    "chunked twice": ["Transfer-Encoding: chunked, chunked"],
    "chunked not last": ["Transfer-Encoding: chunked, identity"],
    "two codings": ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    "a space before the colon": ["Transfer-Encoding : chunked"],
    "a folded header": ["X-Folded: a\r\n Transfer-Encoding: chunked"],
    "a vertical tab": ["Transfer-Encoding: \x0bchunked"],
    "a bare carriage return": ["X: a\rTransfer-Encoding: chunked"],
    "a NUL": ["X: a\0b"],
}


@pytest.mark.parametrize("name", SHAPES)
def test_an_ambiguous_length_is_refused(server, name):
    with RawConnection(server.port) as connection:
        connection.write(request_bytes("POST", SEND, headers=SHAPES[name]) + b"0\r\n\r\n" + SMUGGLED)
        answer = connection.answer(5)
        assert answer is None or answer.status in (400, 413, 501), f"{answer!r}"
        assert connection.is_closed_within(5)
        assert b"HTTP/1.1 200" not in connection.received, "what stood behind it was read as a request"


BAD_CHUNKS = {
    "no number": b"zz\r\nabc\r\n0\r\n\r\n",
    "a negative number": b"-1\r\nabc\r\n0\r\n\r\n",
    "a number beyond 64 bits": b"10000000000000003\r\nabc\r\n0\r\n\r\n",
    "more than it says": b"1\r\nabc\r\n0\r\n\r\n",
    "a prefix": b"0x3\r\nabc\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("name", BAD_CHUNKS)
def test_a_bad_chunk_is_refused(server, name):
    with RawConnection(server.port) as connection:
        connection.write(request_bytes("POST", SEND, headers=["Transfer-Encoding: chunked"]) + BAD_CHUNKS[name] + SMUGGLED)
        answer = connection.answer(5)
        assert answer is None or answer.status in (400, 401, 413)
        connection.is_closed_within(5)
        assert b"HTTP/1.1 200" not in connection.received


# Requests that are none

NONSENSE = {
    "binary": bytes(range(256)) * 4,
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
    "SMTP": b"EHLO example.com\r\nMAIL FROM:<a@example.com>\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9": b"GET /api/v1/enclave HTTP/9.9\r\nHost: x\r\n\r\n",
    "no version": b"GET /api/v1/enclave\r\n\r\n",
    "no host": b"GET /api/v1/enclave HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /api/v1/enclave HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a target with spaces": b"GET /api/v1/enclave x HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header without a name": b"GET /api/v1/enclave HTTP/1.1\r\nHost: x\r\n: value\r\n\r\n",
    "a header without a colon": b"GET /api/v1/enclave HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n",
    "a broken percent-encoding": b"GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused(server, name):
    with RawConnection(server.port) as connection:
        connection.write_what_is_taken(NONSENSE[name])
        answer = connection.answer(5)
        assert answer is None or answer.status in (400, 404, 405, 505), f"{answer!r}"


@pytest.mark.parametrize("path", [
    "/", "/api", "/api/", "/api/v1", "/api/v2/send-otp", "/api/v1/send-otp/", "//api/v1/send-otp", "/api/v1/../v1/send-otp",
    "/api/v1/send%2dotp%00", "/API/V1/SEND-OTP", "/api/api/v1/send-otp", "/.well-known/", "/.env", "/data/enclave.yaml",
    "/api/v1/%2e%2e/%2e%2e/etc/passwd",
])
def test_a_path_that_is_not_there_answers_404(server, path):
    with RawConnection(server.port) as connection:
        answer = connection.write(request_bytes("POST", path, b"{}", server.issued["keys"]["test"])).answer(5)
        refused(answer, 404, "NOT_FOUND")


@pytest.mark.parametrize("method, path", [
    ("GET", "/api/v1/send-otp"), ("PUT", "/api/v1/send-otp"), ("DELETE", "/v1/verify-otp"), ("POST", "/api/v1/enclave"),
    ("POST", "/.well-known/jwks.json"), ("PATCH", "/.well-known/oauth-authorization-server"), ("TRACE", "/api/v1/enclave"),
])
def test_a_method_that_a_path_does_not_have_answers_405(server, method, path):
    """With the methods that it has (RFC 9110 §15.5.6)."""
    with server.client() as client:
        answer = client.request(method, path)
    refused(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"]


def test_a_head_request_has_no_body(server):
    """RFC 9110 §9.3.2: the next answer on the connection is in step."""
    with RawConnection(server.port) as connection:
        connection.write(request_bytes("HEAD", "/.well-known/jwks.json") + request_bytes("GET", "/nowhere"))
        connection.finish()
        received = connection.read_to_end(5)
    first, _, rest = received.partition(b"\r\n\r\n")
    assert first.startswith((b"HTTP/1.1 200", b"HTTP/1.1 405"))
    assert rest.startswith(b"HTTP/1.1 404") or first.startswith(b"HTTP/1.1 405")


def test_expect_100_continue_is_answered_or_the_request_is(server):
    body = b'{"to":"nonsense","app":"x"}'
    request = request_bytes("POST", SEND, body, server.issued["keys"]["test"], ["Expect: 100-continue"])
    with RawConnection(server.port) as connection:
        connection.write(request[:-len(body)])
        first = connection.answer(5)
        assert first.status in (100, 400, 417)
        if first.status == 100:
            refused(connection.write(body).answer(5), 400, "INVALID_PHONE_NUMBER")


def test_http_1_0_is_answered_and_closed(server):
    with RawConnection(server.port) as connection:
        connection.write(b"GET /api/v1/enclave HTTP/1.0\r\nHost: x\r\n\r\n")
        assert connection.answer(5).status == 200
        assert connection.is_closed_within(3)


# Very many

def test_others_are_served_beside_ten_thousand_connections(server):
    """10,000 idle or half-open connections: a client that was there goes on, a new one is served, memory stays bounded."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 10_500:
        pytest.skip(f"THE LIMIT OF {hard} OPEN FILES FORBIDS 10,000 CONNECTIONS: raise it (ulimit -Hn) and run again")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before = _resident(server.pid)
    with server.client("test") as earlier:
        assert earlier.verify(contacts.phone(), "123456").status == 400
        crowd = _crowd(server.port, 10_000)
        try:
            assert len(crowd) > 9_000, f"only {len(crowd)} connections could be begun"
            for _ in range(20):
                answer = earlier.verify(contacts.phone(), "123456")
                refused(answer, 400, "INVALID_CODE")
                assert answer.seconds < 1
            _expect_a_new_client_is_served(server, 15)
            assert _resident(server.pid) - before < 400 << 20, "40 KB a connection"
        finally:
            for connection in crowd:
                connection.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    _expect_a_new_client_is_served(server, 5)


def _crowd(port, count):
    """Connections of which every second one has begun a request."""
    crowd = []
    for number in range(count):
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=5)
            if number % 2:
                connection.send(b"POST /api/v1/send-otp HTTP/1.1\r\nHost: x\r\n")
            connection.setblocking(False)
            crowd.append(connection)
        except OSError:
            continue
    return crowd


def _expect_a_new_client_is_served(server, seconds):
    deadline = time.monotonic() + seconds
    while True:
        try:
            with server.client("test", timeout=5) as client:
                answer = client.verify(contacts.phone(), "123456")
            if answer.status == 400:
                return
            refused(answer, 503, "UNAVAILABLE")
        except OSError:
            pass
        assert time.monotonic() < deadline, f"a new client was not served within {seconds} s"
        time.sleep(0.2)


def test_connections_that_come_and_go_leave_nothing(server):
    """2,000 connections closed in every state do not use up descriptors."""
    before = _descriptors(server.pid)
    for number in range(2000):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        connection.send([b"", b"GET", b"GET / HTTP/1.1\r\n", b"\0"][number % 4] or b"\r\n")
        connection.close()
    deadline = time.monotonic() + 12
    while _descriptors(server.pid) > before + 20 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _descriptors(server.pid) <= before + 20


def _descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
