"""ES256 JSON Web Signatures (RFC 7515), made and checked against one pinned key."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from clients.encodings import base64url, base64url_decoded, compact
from clients.p256 import PrivateKey, PublicKey


class TokenRefused(Exception):
    """It is not what it should be, or not by whom it should be."""


def header(token: str) -> dict[str, Any]:
    return json.loads(base64url_decoded(token.split(".")[0]))


def claims(token: str) -> dict[str, Any]:
    """What it says, believed or not."""
    return json.loads(base64url_decoded(token.split(".")[1]))


def sign(key: PrivateKey, head: dict[str, Any], body: dict[str, Any]) -> str:
    signing_input = base64url(compact(head)) + "." + base64url(compact(body))
    return signing_input + "." + base64url(key.sign_raw(signing_input.encode()))


def verified(token: str, pinned: PublicKey, kind: str) -> dict[str, Any]:
    """The claims of a token of that type by that key. Whoever calls checks its claims."""
    found = header(token)
    if (found.get("alg"), found.get("typ")) != ("ES256", kind):
        raise TokenRefused(f"a token of type {found.get('typ')} under {found.get('alg')}")
    signing_input, _, signature = token.rpartition(".")
    if not pinned.verifies_raw(base64url_decoded(signature), signing_input.encode()):
        raise TokenRefused("not signed by the pinned key")
    return claims(token)


def verified_with_double_hash(token: str, pinned: PublicKey) -> dict[str, Any]:
    """The claims of a token whose header says ES256 and whose signature is over SHA-256(SHA-256(header.payload))."""
    if header(token).get("alg") != "ES256":
        raise TokenRefused("not ES256")
    signing_input, _, signature = token.rpartition(".")
    digest = hashlib.sha256(hashlib.sha256(signing_input.encode()).digest()).digest()
    if not pinned.verifies_raw_digest(base64url_decoded(signature), digest):
        raise TokenRefused("not signed by the pinned key over the double hash")
    return claims(token)
