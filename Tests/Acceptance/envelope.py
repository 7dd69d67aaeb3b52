"""The envelope of the Agent OTP dialect, and what its answers promise."""

from __future__ import annotations

import datetime
import re
from typing import Any

from wire import Answer, described

TOKEN = re.compile(r"otp_[A-Za-z0-9]{32}")


def data_of(answer: Answer, *statuses: int) -> Any:
    """Checks that `answer` is a success with one of these statuses (200 where none is named); returns its data."""
    assert answer.status in (statuses or (200,)), f"{answer.said()} is not {statuses or (200,)}"
    body = answer.json
    assert set(body) <= {"success", "data", "meta"} and body["success"] is True, sorted(body)
    described(answer)
    return body["data"]


def page_of(answer: Answer) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """A list's entries, and where in the whole they stand."""
    entries, meta = data_of(answer), answer.json["meta"]
    assert set(meta) == {"page", "limit", "total", "totalPages"}, sorted(meta)
    assert len(entries) <= meta["limit"] and meta["totalPages"] == -(-meta["total"] // meta["limit"])
    return entries, meta


def error_of(answer: Answer, *statuses: int) -> dict[str, Any]:
    """Checks that `answer` is an error with one of these statuses, in the envelope; returns what it says."""
    assert answer.status in statuses, f"{answer.said()} is not {statuses}"
    body = answer.json
    assert set(body) == {"success", "error"} and body["success"] is False, sorted(body)
    error = body["error"]
    assert {"code", "message"} <= set(error) <= {"code", "message", "details"}, sorted(error)
    assert isinstance(error["code"], str) and error["code"] and isinstance(error["message"], str) and error["message"]
    described(answer)
    return error


def invalid(answer: Answer, *fields: str) -> dict[str, Any]:
    """Checks that `answer` is a failed validation whose details name these fields; returns the details."""
    details = error_of(answer, 422)["details"]
    assert isinstance(details, dict) and details, details
    for field in fields:
        assert any(name == field or name.startswith(field + ".") for name in details), f"{field} is not in {details}"
    return details


def time_of(text: str) -> float:
    """Unix seconds of a time in an answer: ISO 8601 in UTC."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", text), text
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
