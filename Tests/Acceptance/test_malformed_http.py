"""Malformed HTTP: ambiguous lengths, bad chunks, and requests that are none."""

import pytest
from raw_http import RawConnection, request_bytes
from wire import refused

pytestmark = pytest.mark.usefixtures("others_are_served_and_nothing_is_stored")

SEND = "/api/v1/send-otp"


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
        head = request_bytes("POST", SEND, headers=["Transfer-Encoding: chunked"])
        connection.write(head + BAD_CHUNKS[name] + SMUGGLED)
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
    "a NUL in the path": b"GET /api/v1/enclave%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a broken percent-encoding": b"GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused(server, name):
    with RawConnection(server.port) as connection:
        connection.write_what_is_taken(NONSENSE[name])
        answer = connection.answer(5)
        assert answer is None or answer.status in (400, 404, 405, 505), f"{answer!r}"


@pytest.mark.parametrize("path", [
    "/", "/api", "/api/", "/api/v1", "/api/v2/send-otp", "/api/v1/send-otp/", "//api/v1/send-otp",
    "/api/v1/../v1/send-otp",
    "/API/V1/SEND-OTP", "/api/api/v1/send-otp", "/.well-known/", "/.env", "/data/enclave.yaml",
    "/api/v1/%2e%2e/%2e%2e/etc/passwd",
])
def test_a_path_that_is_not_there_answers_404(server, path):
    with RawConnection(server.port) as connection:
        answer = connection.write(request_bytes("POST", path, b"{}", server.issued["keys"]["test"])).answer(5)
        refused(answer, 404, "NOT_FOUND")


@pytest.mark.parametrize("method, path", [
    ("GET", "/api/v1/send-otp"), ("PUT", "/api/v1/send-otp"), ("DELETE", "/v1/verify-otp"), ("POST", "/api/v1/enclave"),
    ("POST", "/.well-known/jwks.json"), ("PATCH", "/.well-known/oauth-authorization-server"),
    ("TRACE", "/api/v1/enclave"),
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
