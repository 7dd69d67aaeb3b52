"""Raw sockets, for what no client would send."""

from __future__ import annotations

import http.client
import socket
import time

from wire import TIMEOUT, Answer


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

    def read_until(self, text: bytes, seconds: float = TIMEOUT) -> RawConnection:
        """Everything up to `text` and what came with it. Raises TimeoutError or AssertionError where it does not come."""
        deadline = time.monotonic() + seconds
        while text not in self.received:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            chunk = self.socket.recv(65536)
            assert chunk, f"the server closed after {self.received!r}"
            self.received += chunk
        return self

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
