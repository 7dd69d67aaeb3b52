"""Identity tokens as other libraries see them: PyJWT here, `jose` for Node.js in a process of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import select
import subprocess
from pathlib import Path
from typing import Any

import jwt

VERIFIER = Path(__file__).with_name("verify_tokens.cjs")


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def header(token: str) -> dict[str, Any]:
    return jwt.get_unverified_header(token)


def unverified(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def thumbprint(key: dict[str, Any]) -> str:
    """RFC 7638 §3: the required members only, in lexicographic order, without spaces."""
    required = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}[key["kty"]]
    canonical = json.dumps({name: key[name] for name in sorted(required)}, separators=(",", ":"))
    return base64url(hashlib.sha256(canonical.encode()).digest())


def check(token: str, url: str, issuer: str, audience: str, algorithm: str = "RS256") -> dict[str, Any]:
    """Verifies as a careful back end would, with the key set at `url`, and returns the claims."""
    key = jwt.PyJWKClient(url).get_signing_key_from_jwt(token)
    return jwt.decode(
        token, key.key, algorithms=[algorithm], audience=audience, issuer=issuer,
        options={"require": ["iss", "aud", "sub", "iat", "nbf", "exp", "jti"]})


class JoseProcess:
    """`jose` with one remote key set, which it fetches once and caches, as a long-running back end does."""

    def __init__(self, url: str, issuer: str, audience: str, refetch: bool) -> None:
        self.process = subprocess.Popen(
            ["node", str(VERIFIER), url, issuer, audience, "refetch" if refetch else "once"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "NODE_PATH": "/usr/share/nodejs"})

    def verify(self, token: str) -> dict[str, Any]:
        """`{"claims", "header"}`, or `{"error"}` with jose's own error code."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(token + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 15)
        assert ready, "jose gave no answer within 15 s"
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=5)
