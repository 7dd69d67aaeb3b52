"""A small client of the wire, and what its answers promise."""

from __future__ import annotations

import http.client
import json
import socket
import time
from dataclasses import dataclass
from typing import Any

from known_secrets import known

TIMEOUT = 15.0

COUNTDOWN = (4, 3, 2, 1, 0)
"""`attempts_remaining` of the five wrong attempts that a code has; the sixth attempt answers 429, right or wrong."""


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

    def said(self) -> str:
        """For a test's output, which must not show codes and tokens: the status, and the body of an error."""
        return f"{self.status} {self.body[:300].decode(errors='replace')}" if self.status >= 400 else f"{self.status}"

    def __repr__(self) -> str:
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
        self._learn(payload, all_headers)
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
        known.learn_body(data, accepted=response.status < 400)
        for cookie in response.headers.get_all("Set-Cookie", []):
            known.add(cookie.partition("=")[2].partition(";")[0])
        return Answer(response.status, response.headers, data, seconds)

    @staticmethod
    def _learn(body: bytes | None, headers: dict[str, str]) -> None:
        """What is presented is as secret as what is received; a guess that is wrong may be somebody else's code."""
        known.learn_body(body)
        for value in headers.values():
            known.learn_text(value)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=headers)

    def send(self, to: Any, app: Any = "Acceptance", headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        return self.request("POST", "/api/v1/send-otp", {"to": to, "app": app, **fields}, headers)

    def verify(self, to: Any, code: Any, headers: dict[str, str] | None = None) -> Answer:
        return self.request("POST", "/api/v1/verify-otp", {"phone_number": to, "code": code}, headers)

    def post_verify(self, fields: dict[str, Any]) -> Answer:
        """The same with fields of the test's own."""
        return self.request("POST", "/api/v1/verify-otp", fields)


def refused(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """Checks that `answer` is the documented error, in the dialect's shape or as problem details; returns its body."""
    assert answer.status == status, f"{answer.said()} is not {status} {code}"
    body = answer.json
    if answer.headers["Content-Type"].startswith("application/problem+json"):
        assert body["status"] == status and body["title"], "problem details (RFC 9457)"
        assert body.get("code", code) == code, f"{answer.said()} is not {status} {code}"
    else:
        assert body["code"] == code, f"{answer.said()} is not {status} {code}"
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
    assert answer.status == 200, answer.said()
    body = answer.json
    assert body["success"] is True and body["status"] == "dispatched"
    assert isinstance(body["req_id"], str) and body["req_id"].startswith("oe_") and len(body["req_id"]) == 15
    described(answer)
    return body


def verified(answer: Answer) -> str:
    """Checks that a code was right, and returns the identity token."""
    assert answer.status == 200, answer.said()
    assert set(answer.json) == {"status", "identity_token"}, "the answer carries no user data"
    assert answer.json["status"] == "verified"
    described(answer)
    return answer.json["identity_token"]
