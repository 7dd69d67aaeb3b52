"""Many clients at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

from server import Server
from wire import Answer, Client


def in_parallel(server: Server, kind: str, count: int, ask: Callable[[Client, int], Answer]) -> list[Answer]:
    """Asks with `count` connections at the same moment, each with the key of that kind, and returns the answers."""
    return at_once([server.client(kind) for _ in range(count)], ask)


def at_once(clients: list[Client], ask: Callable[[Client, int], Answer]) -> list[Answer]:
    """Asks with all these clients at the same moment, closes them, and returns the answers in their order."""
    count = len(clients)
    for client in clients:
        client.connect()
    gate = threading.Barrier(count)
    answers: list[Answer | None] = [None] * count
    problems: list[str] = []

    def work(number: int) -> None:
        try:
            gate.wait(timeout=20)
            answers[number] = ask(clients[number], number)
        except Exception as problem:  # noqa: BLE001 - reported below, in the test's own thread
            problems.append(repr(problem))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    for client in clients:
        client.close()
    assert not problems and all(answers), problems[:3]
    return [answer for answer in answers if answer is not None]
