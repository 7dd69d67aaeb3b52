"""Very many connections: 10,000 at once, and thousands that come and go."""

import os
import resource
import socket
import time

import pytest
import contacts
from hostility import resident_bytes
from wire import refused

pytestmark = pytest.mark.usefixtures("others_are_served_and_nothing_is_stored")


def test_others_are_served_beside_ten_thousand_connections(server):
    """Idle or half-open: a client that was there goes on, a new one is served, memory stays bounded."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 10_500:
        pytest.skip(f"THE LIMIT OF {hard} OPEN FILES FORBIDS 10,000 CONNECTIONS: raise it (ulimit -Hn) and run again")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before = resident_bytes(server.pid)
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
            assert resident_bytes(server.pid) - before < 400 << 20, "40 KB a connection"
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


def test_a_server_that_may_open_little_says_so_and_keeps_descriptors_for_its_work(folder):
    """With 600 descriptors it takes 298 connections, refuses the others with 503, and can still open an inbox file."""
    server = folder()
    server.init()
    server.start(descriptors=600)
    assert "fewer descriptors than connections" in server.log.read_text()
    with server.client("live") as earlier:
        assert earlier.verify(contacts.phone(), "123456").status == 400
        crowd = _crowd(server.port, 400)
        try:
            time.sleep(0.5)
            assert _descriptors(server.pid) < 500
            assert earlier.send(contacts.phone()).status == 200
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as refused_one:
                assert refused_one.recv(4096)[:12] in (b"HTTP/1.1 503", b"")
        finally:
            for connection in crowd:
                connection.close()


def _descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
