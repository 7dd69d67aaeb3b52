"""A client of Countersign's own sealed API, written from its description: target tokens, sealed codes, DPoP."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from clients import hpke, jwt
from clients.encodings import base64url, compact
from clients.p256 import PrivateKey, PublicKey
from wire import Answer, Client

HPKE_INFO = b"turnkey_hpke"


class TargetRefused(Exception):
    """The target is not one of the pinned enclave's for this challenge."""


@dataclass(frozen=True)
class Target:
    key: PublicKey
    workspace: str
    expires_at: int


def checked_target(token: str, pinned: str, challenge: str, now: float | None = None) -> Target:
    """Checks a `target+jwt` against the pinned signer key and the challenge that was asked for."""
    signer = PublicKey(bytes.fromhex(pinned))
    claims = jwt.verified(token, signer, kind="target+jwt")
    if jwt.header(token).get("kid") != signer.thumbprint:
        raise TargetRefused("another signer than the pinned one")
    if claims["sub"] != challenge:
        raise TargetRefused("for another challenge")
    if claims["exp"] <= (time.time() if now is None else now):
        raise TargetRefused("expired")
    return Target(PublicKey.from_jwk(claims["jwk"]), claims["aud"], claims["exp"])


def sealed(target: PublicKey, code: str, client_key: PublicKey) -> dict[str, str]:
    """The body of an attempt."""
    return sealed_text(target, compact({"otp_code": code, "public_key": client_key.compressed.hex()}))


def sealed_text(target: PublicKey, plaintext: bytes) -> dict[str, str]:
    encapsulated, ciphertext = hpke.seal(target, plaintext, HPKE_INFO)
    return {"encapsulated_key": base64url(encapsulated), "ciphertext": base64url(ciphertext)}


def proof(key: PrivateKey, method: str, url: str, token: str | None = None, **changes: Any) -> str:
    """A DPoP proof (RFC 9449 §4.2); `changes` replace claims."""
    claims: dict[str, Any] = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(time.time())}
    if token is not None:
        claims["ath"] = base64url(hashlib.sha256(token.encode()).digest())
    return jwt.sign(key, {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.public.jwk}, claims | changes)


class SealedAPI:
    """For a back end with its secret key in `http`, or for a visitor with the workspace's public configuration."""

    def __init__(self, http: Client, configuration: str | None = None, origin: str | None = None,
                 base: str | None = None) -> None:
        self.http, self.configuration, self.origin = http, configuration, origin
        self.base = base or f"http://{http.host}:{http.port}"

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        own = {} if self.configuration is None else {"X-Countersign-Config": self.configuration}
        if self.origin is not None:
            own |= {"Origin": self.origin, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site"}
        return self.http.request(method, path, body, own | (headers or {}))

    def start(self, contact: str, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        return self.request("POST", "/v1/challenges", {"contact": contact, **fields}, headers)

    def attempt(self, challenge: str, body: Any) -> Answer:
        return self.request("POST", f"/v1/challenges/{challenge}/attempts", body)

    def open_session(self, token: str, key: PrivateKey, dpop: str | None = None, **fields: Any) -> Answer:
        return self.request("POST", "/v1/sessions", {"verification_token": token, **fields},
                            {"DPoP": dpop or proof(key, "POST", self.base + "/v1/sessions", token)})

    def show_session(self, token: str, key: PrivateKey, dpop: str | None = None) -> Answer:
        return self._in_session("GET", "/v1/sessions/me", token, key, dpop)

    def end_session(self, session: str, token: str, key: PrivateKey, dpop: str | None = None) -> Answer:
        return self._in_session("DELETE", f"/v1/sessions/{session}", token, key, dpop)

    def _in_session(self, method: str, path: str, token: str, key: PrivateKey, dpop: str | None) -> Answer:
        dpop = dpop or proof(key, method, self.base + path, token)
        return self.request(method, path, None, {"Authorization": f"DPoP {token}", "DPoP": dpop})
