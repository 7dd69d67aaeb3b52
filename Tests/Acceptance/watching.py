"""Those who wait for a permission to change: over a WebSocket, and by server-sent events. Each waits in a thread."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from typing import Any

import websockets

from known_secrets import known


class Watch:
    """Collects what it is told until the server ends it; `messages` so far, each as parsed JSON."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.raw: list[str] = []
        self.problem: Exception | None = None
        self._opened, self._ended = threading.Event(), threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def __enter__(self) -> Watch:
        assert self._opened.wait(10), f"it did not open: {self.problem!r}"
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        try:
            self._collect()
        except Exception as problem:  # noqa: BLE001 - told by whoever asks
            self.problem = problem
        finally:
            self._ended.set()

    def _collect(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def _told(self, text: str) -> None:
        self.raw.append(text)
        known.learn_body(text)
        self.messages.append(json.loads(text))

    def wait_for(self, count: int = 1, seconds: float = 10) -> list[Any]:
        deadline = time.monotonic() + seconds
        while len(self.messages) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} messages, {self.problem!r}"
            time.sleep(0.01)
        return list(self.messages)

    def is_ended_within(self, seconds: float) -> bool:
        return self._ended.wait(seconds)


class WebSocket(Watch):
    """At a `webhookUrl`."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self.url, self.headers = url, headers or {}
        self.refused: int | None = None
        """The status with which the server refused to speak WebSocket."""
        self._loop = asyncio.new_event_loop()
        self._socket: Any = None
        super().__init__()

    def _collect(self) -> None:
        self._loop.run_until_complete(self._listen())

    async def _listen(self) -> None:
        try:
            async with websockets.connect(self.url, extra_headers=self.headers, open_timeout=10) as socket:
                self._socket = socket
                self._opened.set()
                async for message in socket:
                    self._told(message if isinstance(message, str) else message.decode())
        except websockets.InvalidStatusCode as refusal:
            self.refused = refusal.status_code

    def send(self, message: str | bytes) -> None:
        asyncio.run_coroutine_threadsafe(self._socket.send(message), self._loop).result(10)

    def ping(self) -> None:
        """Asks for a pong, and waits for it."""
        async def ping() -> None:
            await asyncio.wait_for(await self._socket.ping(), 5)
        asyncio.run_coroutine_threadsafe(ping(), self._loop).result(10)

    def close(self) -> None:
        if self._socket is not None and not self._ended.is_set():
            asyncio.run_coroutine_threadsafe(self._socket.close(), self._loop).result(10)


class EventStream(Watch):
    """Server-sent events (WHATWG HTML, section 9.2), each as `{"type", "payload"}`; comments are dropped."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        self.path = path
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Accept": "text/event-stream", **headers}
        self.status, self.content_type = 0, ""
        super().__init__()

    def _collect(self) -> None:
        self._connection.request("GET", self.path, headers=self._headers)
        response = self._connection.getresponse()
        self.status, self.content_type = response.status, response.headers.get("Content-Type", "")
        self._opened.set()
        if response.status != 200:
            return
        event, data = "message", []
        while line := response.readline().decode():
            name, _, value = line.rstrip("\r\n").partition(":")
            if name == "event":
                event = value.removeprefix(" ")
            elif name == "data":
                data.append(value.removeprefix(" "))
            elif not name and not value and data:
                self._told(json.dumps({"type": event, "payload": json.loads("\n".join(data))}))
                event, data = "message", []

    def close(self) -> None:
        if self._connection.sock is not None:
            try:
                self._connection.sock.shutdown(2)
            except OSError:
                pass
