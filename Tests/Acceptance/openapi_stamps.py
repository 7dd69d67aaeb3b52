"""Loaded by schemathesis: stamps what it sends to the Turnkey dialect's activities, as a back end does.

What it makes up would never be of now, for this organization, and by a registered key: nothing behind the stamp would be
reached. What is of the right kind is replaced by what is right; what is of a wrong kind stays wrong.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import requests
import schemathesis

from clients import turnkey
from clients.p256 import PrivateKey

KEY = PrivateKey(int(os.environ["COUNTERSIGN_STAMP_SCALAR"], 16))
ORGANIZATION = os.environ["COUNTERSIGN_ORGANIZATION"]


class Stamp(requests.auth.AuthBase):
    """Over the body as it goes out."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        request.headers["X-Stamp"] = turnkey.stamp(KEY, body.encode() if isinstance(body, str) else body)
        return request


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    if "X-Stamp" in (case.headers or {}):
        kwargs["auth"] = Stamp()
    if isinstance(case.body, dict):
        case.body = case.body | dict(of_now(case.body))


def of_now(body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    now = int(time.time() * 1000)
    made_up = body.get("timestampMs")
    if type(made_up) is int and made_up >= 0:
        yield "timestampMs", now
    if isinstance(made_up, str) and made_up.isdecimal() and made_up.isascii():
        yield "timestampMs", str(now)
    name = body.get("organizationId")
    if isinstance(name, str) and 1 <= len(name) <= 64:
        yield "organizationId", ORGANIZATION
