"""A client that stops in the middle of every request, so that a test can look at the host while it holds one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from raw_http import RawConnection, request_bytes
from wire import Answer, Client


class HoldingClient(Client):
    """Sends all of a request but its last byte, calls `while_held` with the body, and finishes it."""

    def __init__(self, port: int, key: str | None, while_held: Callable[[bytes], None]) -> None:
        super().__init__(port, key)
        self.while_held = while_held

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        payload = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        own = [f"{name}: {value}" for name, value in (headers or {}).items()]
        data = request_bytes(method, path, payload, self.key, own)
        with RawConnection(self.port) as connection:
            connection.write(data[:-1])
            self.while_held(payload)
            answer = connection.write(data[-1:]).answer()
        assert answer is not None, "the server closed the connection"
        return answer
