"""The sealed flows against a running server: its clients with their keys, and the steps up to a token and a session."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from clients import countersign, jwt, turnkey
from clients.p256 import PrivateKey, PublicKey
from inbox import BASE32, Message
from server import Server
from wire import Answer, Client

SEALED_ATTEMPTS = 3
"""Wrong attempts that a sealed code has; the fourth attempt is refused, right or wrong."""
IN_FLIGHT = 3
"""Codes that may be alive for one contact."""
SESSIONS = 10
"""Live sessions of one user."""
CODE_LENGTH = 9
"""Characters of a sealed code, Base32, unless somebody says otherwise."""


@dataclass
class Challenge:
    """A code on its way, with the target that a client checked."""

    id: str
    target: PublicKey
    contact: str
    bundle: str


@dataclass
class Proven:
    """What a right code is worth: a token, and the key that it is bound to."""

    token: str
    key: PrivateKey = field(repr=False)


def set_workspace(server: Server, **settings: Any) -> None:
    """By the operator's API, which knows every setting by its name."""
    with server.client("operator") as client:
        answer = client.request("PATCH", "/v1/workspace", settings)
    assert answer.status == 200, answer.said()


def stamp_key(server: Server, key: PrivateKey | None = None) -> PrivateKey:
    """A key that may stamp requests of the activities API."""
    key = key or PrivateKey()
    server.json("key", "create", "--kind", "stamp", "--public-key", key.public.compressed.hex())
    return key


def pinned(server: Server) -> str:
    return server.issued["enclave"]["signingKey"]


def code_for(server: Server, contact: str, length: int = CODE_LENGTH, characters: str = BASE32, count: int = 1) -> str:
    """From the newest of `count` messages to that contact; visitors are answered before it lands."""
    return newest(server.inbox.wait_for(contact, count), length, characters)


def newest(messages: list[Message], length: int = CODE_LENGTH, characters: str = BASE32) -> str:
    return messages[-1].code(length, characters)


class Dialect:
    """The Turnkey dialect on one connection: by activities with a key, or by the auth proxy."""

    def __init__(self, server: Server, api: turnkey.Activities | turnkey.AuthProxy) -> None:
        self.server, self.api = server, api

    @classmethod
    def activities(cls, server: Server, key: PrivateKey, http: Client | None = None) -> Dialect:
        http = http or server.client(None)
        return cls(server, turnkey.Activities(http, server.issued["organizationId"], key))

    @classmethod
    def proxy(cls, server: Server, origin: str | None = None, http: Client | None = None) -> Dialect:
        http = http or server.client(None)
        return cls(server, turnkey.AuthProxy(http, server.issued["authProxyConfig"], origin))

    def result(self, answer: Answer, name: str) -> dict[str, Any]:
        if isinstance(self.api, turnkey.Activities):
            return turnkey.result(answer, name)
        assert answer.status == 200, answer.said()
        return answer.json

    def start(self, contact: str, **parameters: Any) -> Challenge:
        return self.started(contact, self.api.init(contact, **parameters))

    def started(self, contact: str, answer: Answer) -> Challenge:
        found = self.result(answer, "initOtpResultV2")
        assert set(found) == {"otpId", "otpEncryptionTargetBundle"}
        bundle = found["otpEncryptionTargetBundle"]
        target = turnkey.checked_target(bundle, pinned(self.server))
        assert target.organization == self.server.issued["organizationId"]
        assert "userId" in target.content, "deployed clients want it, be it empty"
        return Challenge(found["otpId"], target.key, contact, bundle)

    def attempt(self, challenge: Challenge, code: str, key: PrivateKey | None = None) -> Answer:
        return self.api.verify(challenge.id, turnkey.sealed(challenge.target, code, (key or PrivateKey()).public))

    def verified(self, answer: Answer, key: PrivateKey) -> Proven:
        found = self.result(answer, "verifyOtpResult")
        assert set(found) == {"verificationToken"}
        return Proven(found["verificationToken"], key)

    def prove(self, contact: str) -> Proven:
        """Init and verify, as a person who has the message."""
        count = len(self.server.inbox.messages(contact)) + 1
        challenge, key = self.start(contact), PrivateKey()
        return self.verified(self.attempt(challenge, code_for(self.server, contact, count=count), key), key)

    def enrol(self, proven: Proven) -> Proven:
        """Signs up with the auth proxy, where that was not done before: a login of the dialect wants an account."""
        proxy = turnkey.AuthProxy(self.api.http, self.server.issued["authProxyConfig"])
        answer = proxy.sign_up(proven.token, proven.key)
        known = answer.status >= 400 and answer.json["turnkeyErrorCode"] in (
            "USER_ALREADY_EXISTS", "VERIFICATION_TOKEN_ALREADY_USED")
        assert answer.status == 200 or known, answer.said()
        return proven

    def log_in(self, proven: Proven, session_key: PrivateKey | None = None, **parameters: Any) -> dict[str, Any]:
        """The session's claims, checked with the notary's key; a newcomer signs up first."""
        session_key = session_key or PrivateKey()
        self.enrol(proven)
        answer = self.api.log_in(proven.token, proven.key, session_key.public, **parameters)
        return self.session(answer, "otpLoginResult", session_key)

    def session(self, answer: Answer, name: str, session_key: PrivateKey) -> dict[str, Any]:
        token = self.result(answer, name)["session"]
        claims = turnkey.session_claims(token, self.server.issued["enclave"]["notaryKey"])
        assert claims["public_key"] == session_key.public.compressed.hex()
        return claims

    def in_session(self, session_key: PrivateKey) -> turnkey.Activities:
        return turnkey.Activities(self.api.http, self.server.issued["organizationId"], session_key)


class Own:
    """Our own sealed API on one connection: a back end with a secret key, or a visitor."""

    def __init__(self, server: Server, api: countersign.SealedAPI) -> None:
        self.server, self.api = server, api

    @classmethod
    def back_end(cls, server: Server, kind: str = "live", http: Client | None = None) -> Own:
        return cls(server, countersign.SealedAPI(http or server.client(kind), base=server.url))

    def simulated(self, contact: str) -> tuple[Challenge, str]:
        """With a test key: a challenge, whose target nobody pins, and its code, which is in the answer."""
        answer = self.api.start(contact)
        assert answer.status == 201, answer.said()
        found = answer.json
        target = PublicKey.from_jwk(jwt.claims(found["target"])["jwk"])
        return Challenge(found["id"], target, contact, found["target"]), found["code"]

    @classmethod
    def visitor(cls, server: Server, origin: str | None = None, http: Client | None = None) -> Own:
        return cls(server, countersign.SealedAPI(
            http or server.client(None), server.issued["authProxyConfig"], origin, base=server.url))

    def start(self, contact: str, **fields: Any) -> Challenge:
        return self.started(contact, self.api.start(contact, **fields))

    def started(self, contact: str, answer: Answer) -> Challenge:
        assert answer.status == 201, answer.said()
        found = answer.json
        target = countersign.checked_target(found["target"], pinned(self.server), found["id"])
        assert target.workspace == self.server.issued["workspace"]
        return Challenge(found["id"], target.key, contact, found["target"])

    def attempt(self, challenge: Challenge, code: str, key: PrivateKey | None = None) -> Answer:
        return self.api.attempt(challenge.id, countersign.sealed(challenge.target, code, (key or PrivateKey()).public))

    def verified(self, answer: Answer, key: PrivateKey) -> Proven:
        assert answer.status == 200, answer.said()
        return Proven(answer.json["verification_token"], key)

    def prove(self, contact: str) -> Proven:
        count = len(self.server.inbox.messages(contact)) + 1
        challenge, key = self.start(contact), PrivateKey()
        return self.verified(self.attempt(challenge, code_for(self.server, contact, count=count), key), key)

    def log_in(self, proven: Proven, **fields: Any) -> dict[str, Any]:
        answer = self.api.open_session(proven.token, proven.key, **fields)
        assert answer.status == 201, answer.said()
        return answer.json


def activities(server: Server, http: Client | None = None) -> Dialect:
    return Dialect.activities(server, stamp_key(server), http)


FLOWS: dict[str, Callable[..., Dialect | Own]] = {
    "activities": activities, "auth proxy": Dialect.proxy, "own, back end": Own.back_end, "own, visitor": Own.visitor}
"""The four ways to the same thing; each takes the server and, with the name `http`, a connection of the caller's."""


def attempts_left(answer: Answer) -> int | None:
    """How many attempts a refusal says are left, in the words of its dialect."""
    body = answer.json
    if "attempts_remaining" in body:
        return body["attempts_remaining"]
    for detail in body.get("details", []):
        for name in ("attemptsRemaining", "attempts_remaining"):
            if name in detail:
                return int(detail[name])
    return None


def turnkey_refused(answer: Answer, status: int, code: int, message: str | None = None,
                    name: str | None = None) -> dict[str, Any]:
    """Checks that `answer` is the dialect's error, and returns its body."""
    assert answer.status == status, f"{answer.said()} is not {status}"
    body = json.loads(answer.body)
    assert body["code"] == code, f"{answer.said()}: not gRPC number {code}"
    if message is not None:
        assert body["message"] == message
    if name is not None:
        assert body["turnkeyErrorCode"] == name, answer.said()
    if body.get("turnkeyErrorCode"):
        detail = body["details"][0]
        assert detail["@type"] == "type.googleapis.com/errors.v1.TurnkeyErrorDetail"
        assert detail["turnkeyErrorCode"] == body["turnkeyErrorCode"]
    return body


def problem(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """Checks that `answer` is that problem of our own API, and returns its body."""
    assert (answer.status, answer.code) == (status, code), f"{answer.said()} is not {status} {code}"
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json["status"] == status and answer.json["title"] and answer.json["detail"]
    return answer.json


def clearly_refused(answer: Answer, *bad: str) -> None:
    """A 4xx that says what is wrong, and does not repeat it."""
    assert 400 <= answer.status < 500, answer.said()
    body = answer.json
    assert body.get("message") or body.get("detail"), "it says what is wrong"
    assert body.get("turnkeyErrorCode") not in ("INTERNAL", "UNAVAILABLE")
    for text in bad:
        assert len(text) < 8 or text.encode() not in answer.body, "the answer repeats what was bad"
