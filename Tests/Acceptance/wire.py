"""A small client of the wire, and raw sockets for what no client would send."""

from __future__ import annotations

import http.client
import json
import socket
import time
from dataclasses import dataclass
from typing import Any

TIMEOUT = 15.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float = 0.0

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The error's code, None where the answer is no error."""
        try:
            return self.json.get("code") if self.status >= 400 else None
        except (ValueError, AttributeError):
            return None

    def __repr__(self) -> str:
        """Status and error only: a test's output must not show codes and tokens."""
        return f"<{self.status} {self.code or ''}>"


class Client:
    """One connection, kept alive. Not shared between threads."""

    def __init__(self, port: int, key: str | None, host: str = "127.0.0.1", timeout: float = TIMEOUT) -> None:
        self.port, self.host, self.key, self.timeout = port, host, key, timeout
        self._connection: http.client.HTTPConnection | None = None

    def connect(self) -> Client:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """`body` is sent as it is where it is bytes, as JSON otherwise."""
        all_headers: dict[str, str] = {}
        if self.key is not None:
            all_headers["Authorization"] = f"Bearer {self.key}"
        payload: bytes | None = None
        if body is not None:
            payload = body if isinstance(body, bytes) else json.dumps(body).encode()
            all_headers["Content-Type"] = "application/json"
        all_headers.update(headers or {})
        self.connect()
        assert self._connection is not None
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body=payload, headers=all_headers)
            response = self._connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        seconds = time.perf_counter() - started
        if response.will_close:
            self.close()
        return Answer(response.status, response.headers, data, seconds)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=headers)

    def send(self, to: Any, app: Any = "Acceptance", headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        return self.request("POST", "/api/v1/send-otp", {"to": to, "app": app, **fields}, headers)

    def verify(self, to: Any, code: Any, headers: dict[str, str] | None = None) -> Answer:
        return self.request("POST", "/api/v1/verify-otp", {"phone_number": to, "code": code}, headers)


def refused(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """Checks that `answer` is the documented error in the documented shape, and returns its body."""
    assert (answer.status, answer.code) == (status, code), f"{answer!r} is not {status} {code}: {answer.body[:300]!r}"
    body = answer.json
    if answer.headers["Content-Type"].startswith("application/problem+json"):
        assert body["status"] == status and body["title"], "problem details (RFC 9457)"
    else:
        assert set(body) <= {"error", "code", "details", "attempts_remaining"}, f"fields {sorted(body)}"
        assert isinstance(body["error"], str) and body["error"], "an error says what is wrong"
        assert isinstance(body.get("details", ""), str)
    assert ("attempts_remaining" in body) == (code == "INVALID_CODE")
    described(answer)
    return body


def described(answer: Answer) -> None:
    """What every answer carries."""
    assert answer.headers.get("X-Request-Id"), "every answer has its request id"
    assert (answer.headers.get("Content-Type") or "").split(";")[0] in ("application/json", "application/problem+json")
    if answer.status in (429, 503):
        wait = answer.headers.get("Retry-After")
        assert wait is not None and wait.isdigit() and int(wait) >= 1, f"Retry-After is {wait!r}"


def dispatched(answer: Answer) -> dict[str, Any]:
    """Checks that a message was sent, and returns the answer's body."""
    assert answer.status == 200, f"{answer!r}: {answer.body[:300]!r}"
    body = answer.json
    assert body["success"] is True and body["status"] == "dispatched"
    assert isinstance(body["req_id"], str) and body["req_id"].startswith("oe_") and len(body["req_id"]) == 15
    described(answer)
    return body


def verified(answer: Answer) -> str:
    """Checks that a code was right, and returns the identity token."""
    assert answer.status == 200, f"{answer!r}: {answer.body[:300]!r}"
    assert set(answer.json) == {"status", "identity_token"}, "the answer carries no user data"
    assert answer.json["status"] == "verified"
    described(answer)
    return answer.json["identity_token"]


class RawConnection:
    """Bytes out, bytes in."""

    def __init__(self, port: int, host: str = "127.0.0.1", timeout: float = TIMEOUT) -> None:
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def __enter__(self) -> RawConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def write(self, data: bytes) -> RawConnection:
        self.socket.sendall(data)
        return self

    def write_what_is_taken(self, data: bytes) -> RawConnection:
        """Writes until the server takes no more: it may answer and close before it has read everything."""
        try:
            self.socket.sendall(data)
        except OSError:
            pass
        return self

    def finish(self) -> RawConnection:
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        return self

    def read_to_end(self, seconds: float = TIMEOUT) -> bytes:
        """Everything until the server closes. Raises TimeoutError where it does not."""
        deadline = time.monotonic() + seconds
        while True:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                chunk = self.socket.recv(65536)
            except ConnectionResetError:
                return self.received
            if not chunk:
                return self.received
            self.received += chunk
            if time.monotonic() > deadline:
                raise TimeoutError("the server did not close")

    def answer(self, seconds: float = TIMEOUT) -> Answer | None:
        """The next answer, None where the server closed instead."""
        deadline = time.monotonic() + seconds
        while True:
            found = _first_answer(self.received)
            if found is not None:
                answer, self.received = found
                return answer
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                chunk = self.socket.recv(65536)
            except ConnectionResetError:
                return None
            if not chunk:
                return None
            self.received += chunk

    def is_closed_within(self, seconds: float) -> bool:
        try:
            self.read_to_end(seconds)
            return True
        except TimeoutError:
            return False


def _first_answer(data: bytes) -> tuple[Answer, bytes] | None:
    head, separator, rest = data.partition(b"\r\n\r\n")
    if not separator:
        return None
    lines = head.decode("latin-1").split("\r\n")
    headers = http.client.HTTPMessage()
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip()] = value.strip()
    length = int(headers.get("Content-Length") or 0)
    if len(rest) < length:
        return None
    return Answer(int(lines[0].split(" ")[1]), headers, rest[:length]), rest[length:]


def request_bytes(
    method: str, path: str, body: bytes = b"", key: str | None = None, headers: list[str] | None = None,
    length: int | None = None,
) -> bytes:
    """A request as a careful client would write it, where `length` does not say otherwise."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    if body or length is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body) if length is None else length}"]
    return ("\r\n".join(lines + (headers or [])) + "\r\n\r\n").encode() + body
