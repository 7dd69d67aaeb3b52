"""SIGTERM drains: what is under way finishes, new work is refused, exit status 0 within 10 seconds."""

import http.client
import json
import signal
import socket
import threading
import time

import pytest
import contacts
from processes import is_alive
from raw_http import RawConnection, request_bytes
from wire import dispatched, verified


def test_a_request_under_way_finishes(started):
    """A verify whose body was half sent when SIGTERM came is answered in full, and its code is spent."""
    server = started()
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
    body = json.dumps({"phone_number": to, "code": code}).encode()
    request = request_bytes("POST", "/api/v1/verify-otp", body, server.issued["keys"]["test"])
    with RawConnection(server.port) as connection:
        connection.write(request[:-10])
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.write(request[-10:])
        answer = connection.answer(5)
        assert answer is not None, "the server hung up on a request that was under way"
        verified(answer)
    assert server.wait() == 0


def test_new_connections_are_refused_while_it_drains(started):
    server = started()
    with RawConnection(server.port) as held:
        held.write(b"POST /api/v1/send-otp HTTP/1.1\r\nHost: x\r\n")
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", server.port), timeout=2).close()
    assert server.wait() == 0


def test_idle_connections_do_not_hold_it_up(started):
    """Kept-alive connections without a request are closed at once."""
    server = started()
    clients = [server.client() for _ in range(20)]
    for client in clients:
        assert client.get("/api/v1/enclave").status == 200
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 5
    for client in clients:
        client.close()


def test_a_client_that_never_finishes_does_not_hold_it_up(started):
    """A half request cannot keep the server from its exit within 10 seconds."""
    server = started()
    with RawConnection(server.port) as connection:
        connection.write(b"POST /api/v1/send-otp HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.2)
        assert server.stop() == 0


def test_under_load_every_request_is_answered_or_not_begun(started):
    """A client sees whole answers or a closed connection, never a cut answer; acknowledged sends are kept."""
    server = started()
    problems, acknowledged, lock = [], [], threading.Lock()

    def work():
        with server.client() as client:
            for _ in range(2000):
                to = contacts.phone()
                try:
                    answer = client.send(to)
                except OSError:
                    return
                except http.client.HTTPException as problem:  # an answer that was cut
                    with lock:
                        problems.append(repr(problem))
                    return
                if answer.status == 200:
                    with lock:
                        acknowledged.append(to)
                elif answer.status != 503:
                    with lock:
                        problems.append(repr(answer))
                    return

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    time.sleep(0.7)
    assert server.stop() == 0
    for worker in workers:
        worker.join(timeout=10)
    assert not problems
    assert acknowledged
    assert len(server.rows("challenge")) >= len(acknowledged)


def test_the_enclave_ends_with_the_host(started):
    server = started()
    enclave = server.enclave_pid()
    assert server.stop() == 0
    deadline = time.monotonic() + 5
    while is_alive(enclave) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(enclave)


def test_an_interrupt_from_the_terminal_drains_too(started):
    server = started()
    server.process.send_signal(signal.SIGINT)
    assert server.wait() == 0
