"""Clients of HTTPS."""

from __future__ import annotations

import http.client
import ssl
import subprocess

from authorities import Authority, Pair
from known_secrets import known
from wire import Answer


def context(authority: Authority, identity: Pair | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.file))
    if identity is not None:
        context.load_cert_chain(identity.certificate, identity.key)
    return context


class SecureClient:
    """One connection, kept alive."""

    def __init__(self, port: int, context: ssl.SSLContext, key: str | None = None, timeout: float = 10,
                 host: str = "127.0.0.1") -> None:
        self.key = key
        self.connection = http.client.HTTPSConnection(host, port, context=context, timeout=timeout)
        self.connection.connect()

    def __enter__(self) -> SecureClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @property
    def certificate(self) -> dict[str, object]:
        return self.connection.sock.getpeercert()

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        all_headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self.connection.request(method, path, body=body, headers=all_headers | (headers or {}))
        response = self.connection.getresponse()
        data = response.read()
        known.learn_body(data, accepted=response.status < 400)
        return Answer(response.status, response.headers, data)


def s_client(port: int, *options: str, says: bytes = b"", seconds: float = 10) -> str:
    """What `openssl s_client` prints."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options], input=says, capture_output=True,
        timeout=seconds)
    return (done.stdout + done.stderr).decode(errors="replace")


def curl(*options: str, seconds: float = 10) -> tuple[int, str]:
    """Exit status, and what `curl` prints."""
    done = subprocess.run(["curl", "-sS", *options], capture_output=True, timeout=seconds)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")
